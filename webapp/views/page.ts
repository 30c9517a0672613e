import { Eta } from "eta";
import { STYLE_URL } from "../routes/assets";

const eta = new Eta({ autoEscape: true, varName: "page" });

/** Compiles a template once; what it prints with `<%= page.x %>` is escaped. */
export function template<T extends object>(source: string): (page: T) => string {
  const compiled = eta.compile(source);
  return (page) => eta.render(compiled, page);
}

interface Layout {
  readonly title: string;
  /** HTML of the page's own template. */
  readonly main: string;
  /** Path of the page, to mark its link; undefined for errors. */
  readonly path?: string;
}

const LINKS = [
  { path: "/", text: "Home" },
  { path: "/index.html", text: "Shared session" },
  { path: "/session", text: "Your session" },
  { path: "/login", text: "Log in" },
];

const layout = template<Layout & { readonly links: typeof LINKS; readonly styleUrl: string }>(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><%= page.title %> · Session store</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="<%= page.styleUrl %>">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="/">Session store</a>
<nav aria-label="Pages">
<% for (const link of page.links) { %><a href="<%= link.path %>"<% if (link.path === page.path) { %> aria-current="page"<% } %>><%= link.text %></a>
<% } %></nav>
</header>
<main id="main">
<%~ page.main %>
</main>
</body>
</html>
`);

/** A whole page around what a template made. */
export function renderPage(page: Layout): string {
  return layout({ ...page, links: LINKS, styleUrl: STYLE_URL });
}
