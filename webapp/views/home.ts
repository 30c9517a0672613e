import { renderPage, template } from "./page";

interface Home {
  readonly user: string | undefined;
  readonly visits: number | undefined;
  readonly token: string;
}

const home = template<Home>(`<% if (page.user === undefined) { %>
<h1>You are not logged in</h1>
<p>Log in, and this page counts your visits. The count lives in your session, and the session in the store.</p>
<p><a class="button" href="/login">Log in</a></p>
<% } else { %>
<h1>Logged in as <%= page.user %></h1>
<p class="count">Visits: <strong><%= page.visits %></strong></p>
<p>Reload the page to count on. Another browser starts at its own 1.</p>
<form method="post" action="/logout">
<input type="hidden" name="token" value="<%= page.token %>">
<button>Log out</button>
</form>
<% } %>`);

/** `/` */
export function renderHome(page: Home): string {
  return renderPage({ title: page.user === undefined ? "Welcome" : "Your visits", main: home(page), path: "/" });
}
