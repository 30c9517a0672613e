import type { Texts } from "../languages";
import { renderPage } from "./page";
import { translated } from "./template";

interface Home {
  readonly user: string | undefined;
  readonly visits: number | undefined;
  readonly token: string;
}

const homePage = translated<Home>(
  ({ home, login }) => `<% if (page.user === undefined) { %>
<h1>${home.notLoggedIn}</h1>
<p>${home.why}</p>
<p><a class="button" href="/login">${login.heading}</a></p>
<% } else { %>
<h1>${home.loggedInAs("<%= page.user %>")}</h1>
<p class="count">${home.visits("<strong><%= page.visits %></strong>")}</p>
<p>${home.reload}</p>
<form method="post" action="/logout">
<input type="hidden" name="token" value="<%= page.token %>">
<button>${home.logOut}</button>
</form>
<% } %>`,
);

/** `/` */
export function renderHome(texts: Texts, page: Home): string {
  const title = page.user === undefined ? texts.home.welcome : texts.home.yourVisits;
  return renderPage(texts, { title, main: homePage(texts, page), path: "/", user: page.user });
}
