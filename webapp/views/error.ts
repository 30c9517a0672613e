import { renderPage, template } from "./page";

const TEXTS: Readonly<Record<number, { readonly title: string; readonly text: string }>> = {
  400: { title: "That request made no sense", text: "The address or the form could not be read." },
  403: { title: "Not allowed", text: "Please go back, reload the page and try again." },
  404: { title: "There is no such page", text: "The address may have a typing error." },
  405: { title: "That does not work here", text: "The page exists, but not for this kind of request." },
  409: { title: "That did not work", text: "Please go back and try again." },
  413: { title: "That is too long", text: "Please send less." },
  429: { title: "Too many tries", text: "Please wait a little and try again." },
  500: { title: "Something went wrong", text: "It is our fault, not yours. It has been noted." },
  503: {
    title: "One moment, please",
    text: "Sessions can't be reached right now. Nothing is lost: try again in a few seconds.",
  },
};

const error = template<{ readonly title: string; readonly text: string }>(`<h1><%= page.title %></h1>
<p><%= page.text %></p>
<p><a class="button" href="/">Go to the home page</a></p>`);

/** The page for a status of 400 or more; `detail` is for visitors and replaces the general text. */
export function renderError(status: number, detail: string | undefined): string {
  const { title, text } = TEXTS[status] ?? (status < 500 ? TEXTS[400] : TEXTS[500]) ?? { title: "Error", text: "" };
  return renderPage({ title, main: error({ title, text: detail ?? text }) });
}
