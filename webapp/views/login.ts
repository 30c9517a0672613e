import { renderPage, template } from "./page";

interface Login {
  /** What the visitor had typed. */
  readonly username: string;
  /** Why it was not taken. */
  readonly problem: string | undefined;
  readonly hasPassword: boolean;
  readonly token: string;
}

const login = template<Login>(`<h1>Log in</h1>
<% if (!page.hasPassword) { %>
<p class="note"><strong>This is a demo login.</strong> Any name will do and no password is asked: whoever types a name is that user.</p>
<% } %>
<form method="post" action="/login">
<input type="hidden" name="token" value="<%= page.token %>">
<label for="username">Name</label>
<input id="username" name="username" type="text" value="<%= page.username %>" required maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false"<% if (page.problem !== undefined) { %> aria-invalid="true" aria-describedby="problem" autofocus<% } %>>
<% if (page.hasPassword) { %>
<label for="password">Password</label>
<input id="password" name="password" type="password" required maxlength="1024" autocomplete="current-password">
<% } %>
<% if (page.problem !== undefined) { %><p class="problem" id="problem" role="alert"><%= page.problem %></p><% } %>
<button>Log in</button>
</form>`);

/** `/login` */
export function renderLogin(page: Login): string {
  const title = page.problem === undefined ? "Log in" : "Log in: please check";
  return renderPage({ title, main: login(page), path: "/login" });
}
