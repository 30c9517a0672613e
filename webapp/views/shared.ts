import type { Texts } from "../languages";
import type { SharedUpdate } from "../visitor";
import { renderPage } from "./page";
import { translated } from "./template";
import { renderTime } from "./time";

interface SharedPage {
  /** Whose page it is; undefined for the index page. */
  readonly container: number | undefined;
  /** Whether containers answer. Elsewhere, each is a page alone. */
  readonly inContainer: boolean;
  /** The host that made this page. */
  readonly host: string;
  readonly user: string | undefined;
  readonly hasSession: boolean;
  readonly lastUpdate: SharedUpdate | undefined;
  readonly updateBefore: SharedUpdate | undefined;
  /** The form named no container. */
  readonly isUnclear: boolean;
  readonly token: string;
}

interface Shown extends SharedPage {
  readonly updates: readonly { readonly what: string; readonly by: SharedUpdate; readonly time: string }[];
}

const HOST = '<code class="host"><%= page.host %></code>';

const write = (shared: Texts["shared"]) => `<h1>${shared.heading}</h1>
<p><% if (page.container === undefined) { %>${shared.from(HOST)}<% } else { %>${shared.containerFrom("<%= page.container %>", HOST)}<% } %></p>
<% if (page.updates.length > 0) { %>
<dl class="facts">
<% for (const { what, by, time } of page.updates) { %>
<dt><%= what %></dt><dd>${shared.by("<%~ time %>", "<%= by.container %>", "<code><%= by.host %></code>")}</dd>
<% } %>
</dl>
<% } else if (page.hasSession) { %>
<p>${shared.notUpdated}</p>
<% } else { %>
<p>${shared.noSession}</p>
<% } %>
<form method="post" action="/index.html">
<input type="hidden" name="token" value="<%= page.token %>">
<fieldset<% if (page.isUnclear) { %> aria-describedby="problem"<% } %>>
<legend>${shared.number}</legend>
<% for (const number of [1, 2]) { %><label><input type="radio" name="container" value="<%= number %>" required<% if ((page.container ?? 1) === number) { %> checked<% } %>> <%= number %></label>
<% } %></fieldset>
<% if (page.isUnclear) { %><p class="problem" id="problem" role="alert">${shared.chooseOne}</p><% } %>
<button>${shared.share}</button>
</form>
<p class="after">${shared.what}</p>
<% if (page.hasSession) { %>
<form method="post" action="/invalidate">
<input type="hidden" name="token" value="<%= page.token %>">
<button class="quiet" aria-describedby="invalidate">${shared.invalidate}</button>
</form>
<p class="muted after" id="invalidate"><% if (page.user === undefined) { %>${shared.ends}<% } else { %>${shared.endsAndLogsOut("<%= page.user %>")}<% } %></p>
<% } %>`;

/** The words of a page, which names containers only where there are some. */
const chooseTexts = ({ shared, sharedPages }: Texts, inContainer: boolean) =>
  inContainer ? shared : { ...shared, ...sharedPages };

const containerPage = translated<Shown>((texts) => write(chooseTexts(texts, true)));
const plainPage = translated<Shown>((texts) => write(chooseTexts(texts, false)));

/** `/index.html`, `/1`, `/2` */
export function renderShared(texts: Texts, page: SharedPage): string {
  const { container, inContainer, lastUpdate, updateBefore, isUnclear } = page;
  const shared = chooseTexts(texts, inContainer);
  const updates = [
    { what: shared.lastUpdate, by: lastUpdate },
    { what: shared.updateBefore, by: updateBefore },
  ].flatMap(({ what, by }) => (by === undefined ? [] : [{ what, by, time: renderTime(texts, by.at) }]));
  const where = container === undefined ? shared.heading : shared.container(container);
  const title = isUnclear ? texts.page.pleaseCheck(where) : where;
  const main = (inContainer ? containerPage : plainPage)(texts, { ...page, updates });
  return renderPage(texts, { title, main, path: "/index.html", user: page.user });
}
