import type { Texts } from "../languages";
import { STYLE_URL } from "./style";
import { translated } from "./template";

interface Layout {
  readonly title: string;
  /** HTML of the page's own template. */
  readonly main: string;
  /** Path of the page, to mark its link; undefined for errors. */
  readonly path?: string;
  /** The user who is logged in. The page then has no link to the login. */
  readonly user?: string | undefined;
}

/** In letters of ASCII as far as the language goes: Node encodes those in no time. */
const layout = translated<Layout>(({ tag, page }) => {
  const link = (path: string, text: string) =>
    `<a href="${path}"<% if (page.path === "${path}") { %> aria-current="page"<% } %>>${text}</a>`;
  return `<!doctype html>
<html lang="${tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><%= page.title %> &middot; ${page.brand}</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="stylesheet" href="${STYLE_URL}">
</head>
<body>
<a class="skip" href="#main">${page.skip}</a>
<header>
<a class="brand" href="/">${page.brand}</a>
<nav aria-label="${page.links}">
${link("/", page.home)}
${link("/index.html", page.shared)}
${link("/session", page.session)}
<% if (page.user === undefined) { %>
${link("/login", page.login)}
<% } %>
</nav>
</header>
<main id="main" tabindex="-1">
<%~ page.main %>
</main>
</body>
</html>
`;
});

/** A whole page around what a template made. */
export function renderPage(texts: Texts, page: Layout): string {
  return layout(texts, page);
}
