import type { Texts } from "../languages";
import { renderPage } from "./page";
import { translated } from "./template";

const error = translated<{ readonly title: string; readonly text: string }>(
  ({ errors }) => `<h1><%= page.title %></h1>
<p><%= page.text %></p>
<p><a class="button" href="/">${errors.goHome}</a></p>`,
);

/** The page for a status of 400 or more; `detail` is for visitors and replaces the general text. */
export function renderError(texts: Texts, status: number, detail: string | undefined): string {
  const known: Readonly<Record<number, { readonly title: string; readonly text: string }>> = texts.errors;
  const { title, text } = known[status] ?? texts.errors[status < 500 ? 400 : 500];
  return renderPage(texts, { title, main: error(texts, { title, text: detail ?? text }) });
}
