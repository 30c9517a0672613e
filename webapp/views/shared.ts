import type { SharedUpdate } from "../visitor";
import { renderPage, template } from "./page";
import { utc } from "./times";

interface SharedPage {
  /** Whose page it is; undefined for the index page. */
  readonly container: number | undefined;
  /** The host that made this page. */
  readonly host: string;
  readonly user: string | undefined;
  readonly hasSession: boolean;
  readonly lastUpdate: SharedUpdate | undefined;
  readonly updateBefore: SharedUpdate | undefined;
  /** Why the form was not taken. */
  readonly problem: string | undefined;
  readonly token: string;
}

interface Shown extends SharedPage {
  readonly updates: readonly { readonly what: string; readonly by: SharedUpdate; readonly when: string }[];
}

const shared = template<Shown>(`<h1>Shared session</h1>
<p><% if (page.container === undefined) { %>This page<% } else { %>Container <%= page.container %>: this page<% } %> comes from host <code class="host"><%= page.host %></code>.</p>
<% if (page.updates.length > 0) { %>
<dl class="facts">
<% for (const { what, by, when } of page.updates) { %>
<dt><%= what %></dt><dd><time datetime="<%= new Date(by.at).toISOString() %>"><%= when %></time>, by container <%= by.container %> on host <code><%= by.host %></code></dd>
<% } %>
</dl>
<% } else if (page.hasSession) { %>
<p>No container has updated your session yet.</p>
<% } else { %>
<p>You have no session yet. The first update gives you one, without a login.</p>
<% } %>
<form method="post" action="/index.html">
<input type="hidden" name="token" value="<%= page.token %>">
<fieldset<% if (page.problem !== undefined) { %> aria-describedby="problem"<% } %>>
<legend>Container number</legend>
<% for (const number of [1, 2]) { %><label><input type="radio" name="container" value="<%= number %>" required<% if ((page.container ?? 1) === number) { %> checked<% } %>> <%= number %></label>
<% } %></fieldset>
<% if (page.problem !== undefined) { %><p class="problem" id="problem" role="alert"><%= page.problem %></p><% } %>
<button>Shared Session</button>
</form>
<p class="after">The container you choose writes its host and the time into your session. The other one reads them there.</p>
<% if (page.hasSession) { %>
<form method="post" action="/invalidate">
<input type="hidden" name="token" value="<%= page.token %>">
<button class="quiet" aria-describedby="invalidate">Invalidate Session</button>
</form>
<p class="muted after" id="invalidate">Ends it in both containers at once<% if (page.user !== undefined) { %>, and logs <%= page.user %> out<% } %>.</p>
<% } %>`);

/** `/index.html`, `/1`, `/2` */
export function renderShared(page: SharedPage): string {
  const { container, lastUpdate, updateBefore, problem } = page;
  const updates = [
    { what: "Last update", by: lastUpdate },
    { what: "The one before", by: updateBefore },
  ].flatMap(({ what, by }) => (by === undefined ? [] : [{ what, by, when: utc(by.at) }]));
  const where = container === undefined ? "Shared session" : `Container ${container}`;
  const title = problem === undefined ? where : `${where}: please check`;
  return renderPage({ title, main: shared({ ...page, updates }), path: "/index.html" });
}
