import { STYLE_URL } from "../views/style";
import { template } from "../views/template";

const layout = template<{ readonly title: string; readonly main: string }>(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= page.title %></title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="${STYLE_URL}">
</head>
<body>
<main>
<%~ page.main %>
</main>
</body>
</html>
`);

interface Home {
  readonly username: string;
  /** Not in example 1, which counts nothing. */
  readonly visits?: number;
}

const welcome = template<object>(`<h1>You are not logged in</h1>
<p><a class="button" href="/login">Log in</a></p>`);

const home = template<Home>(`<h1>Logged in as <%= page.username %></h1>
<% if (page.visits !== undefined) { %><p>Visits: <%= page.visits %></p><% } %>
<form method="post" action="/logout"><button>Log out</button></form>`);

/** `/` for a visitor who is logged in, and for one who is not. */
export function renderHome(visitor?: Home): string {
  return layout({ title: "Example", main: visitor === undefined ? welcome({}) : home(visitor) });
}

const login = template<{ readonly problem: string | undefined }>(`<h1>Log in</h1>
<form method="post" action="/login">
<label for="username">Name</label>
<input id="username" name="username" type="text" maxlength="64" required<% if (page.problem) { %> aria-invalid="true" aria-describedby="problem"<% } %>>
<% if (page.problem) { %><p class="problem" id="problem" role="alert"><%= page.problem %></p><% } %>
<button>Log in</button>
</form>`);

/** `/login`, with the reason when a name was not taken. */
export function renderLogin(problem?: string): string {
  return layout({ title: "Log in", main: login({ problem }) });
}

const failure = template<{ readonly text: string }>(`<h1><%= page.text %></h1>
<p><a class="button" href="/">Try again</a></p>`);

/** Any answer of 400 or more. */
export function renderFailure(text: string): string {
  return layout({ title: text, main: failure({ text }) });
}
