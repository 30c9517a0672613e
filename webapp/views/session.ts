import type { SessionRecord, UserSession } from "../session";
import { renderPage, template } from "./page";
import { duration, utc } from "./times";

interface SessionPage {
  readonly user: string | undefined;
  /** The session as the store holds it; undefined for a visitor without one. */
  readonly held: (SessionRecord & { readonly name: string; readonly ttlMs: number }) | undefined;
  readonly maxAgeSeconds: number;
  readonly others: readonly UserSession[];
  readonly token: string;
}

interface Shown {
  readonly user: string | undefined;
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly value: string; readonly means: string }[];
  readonly idleLeft: string;
  readonly absoluteLeft: string;
  readonly others: readonly { readonly reference: string; readonly since: string; readonly seen: string }[];
  readonly token: string;
}

const empty = template<object>(`<h1>You have no session</h1>
<p>A visitor who stores nothing gets no session and no cookie. Log in or <a href="/index.html">share a session</a>, and this page shows what the store holds of you.</p>
<p><a class="button" href="/login">Log in</a></p>`);

const session = template<Shown>(`<h1>Your session</h1>
<p>This is all the store holds, under the hash of your cookie: nobody can make a cookie out of it.</p>
<dl class="facts">
<dt>Key</dt><dd><code><%= page.name %></code></dd>
<dt>Type</dt><dd>hash, <%= page.fields.length %> fields</dd>
<dt>Ends if unused</dt><dd>in <%= page.idleLeft %></dd>
<dt>Ends in any case</dt><dd>in <%= page.absoluteLeft %></dd>
</dl>
<table>
<caption>Fields</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Value</th></tr></thead>
<tbody>
<% for (const field of page.fields) { %>
<tr><th scope="row"><code><%= field.name %></code></th><td><code><%= field.value %></code><% if (field.means) { %> <span class="muted"><%= field.means %></span><% } %></td></tr>
<% } %>
</tbody>
</table>
<h2>Elsewhere</h2>
<% if (page.others.length === 0) { %>
<p><% if (page.user === undefined) { %>You are not logged in.<% } else { %>You are logged in here only.<% } %></p>
<% } else { %>
<ul class="sessions">
<% for (const other of page.others) { %>
<li><span>Logged in <%= other.since %>, last seen <%= other.seen %></span>
<form method="post" action="/session/end">
<input type="hidden" name="token" value="<%= page.token %>">
<input type="hidden" name="reference" value="<%= other.reference %>">
<button class="quiet" aria-label="End the session of <%= other.since %>">End</button>
</form></li>
<% } %>
</ul>
<form method="post" action="/session/end-others">
<input type="hidden" name="token" value="<%= page.token %>">
<button>End all others</button>
</form>
<% } %>`);

/** `/session` */
export function renderSession({ user, held, maxAgeSeconds, others, token }: SessionPage): string {
  const title = "Your session";
  if (held === undefined) return renderPage({ title, main: empty({}), path: "/session" });
  const { name, createdAt, lastSeenAt, idleSeconds, attributes, ttlMs } = held;
  const now = Date.now();
  const fields = [
    { name: "createdAt", value: String(createdAt), means: utc(createdAt) },
    { name: "lastSeenAt", value: String(lastSeenAt), means: utc(lastSeenAt) },
    { name: "idleSeconds", value: String(idleSeconds), means: "" },
    ...[...attributes].map(([attribute, value]) => ({ name: attribute, value, means: "" })),
  ];
  const shown: Shown = {
    user,
    name,
    fields,
    idleLeft: duration(ttlMs),
    absoluteLeft: duration(createdAt + maxAgeSeconds * 1000 - now),
    others: others.map((other) => ({
      reference: other.reference,
      since: utc(other.createdAt),
      seen: `${duration(now - other.lastSeenAt)} ago`,
    })),
    token,
  };
  return renderPage({ title, main: session(shown), path: "/session" });
}
