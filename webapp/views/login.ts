import type { Texts } from "../languages";
import { renderPage } from "./page";
import { translated } from "./template";

/** Why a login was not taken. */
export type LoginProblem = keyof Texts["login"]["problems"];

interface Login {
  /** The name that the visitor typed. */
  readonly username: string;
  readonly problem: LoginProblem | undefined;
  readonly hasPassword: boolean;
  readonly token: string;
}

const loginPage = translated<Omit<Login, "problem"> & { readonly problem: string | undefined }>(
  ({ login }) => `<h1>${login.heading}</h1>
<% if (!page.hasPassword) { %>
<p class="note">${login.demo}</p>
<% } %>
<form method="post" action="/login">
<input type="hidden" name="token" value="<%= page.token %>">
<label for="username">${login.name}</label>
<input id="username" name="username" type="text" value="<%= page.username %>" required maxlength="64" autocomplete="username" autocapitalize="none" spellcheck="false"<% if (page.problem !== undefined) { %> aria-invalid="true" aria-describedby="problem" autofocus<% } %>>
<% if (page.hasPassword) { %>
<label for="password">${login.password}</label>
<input id="password" name="password" type="password" required maxlength="1024" autocomplete="current-password">
<% } %>
<% if (page.problem !== undefined) { %><p class="problem" id="problem" role="alert"><%= page.problem %></p><% } %>
<button>${login.send}</button>
</form>`,
);

/** `/login` */
export function renderLogin(texts: Texts, { problem, ...page }: Login): string {
  const { heading, problems } = texts.login;
  const title = problem === undefined ? heading : texts.page.pleaseCheck(heading);
  const main = loginPage(texts, { ...page, problem: problem && problems[problem] });
  return renderPage(texts, { title, main, path: "/login" });
}
