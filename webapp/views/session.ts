import type { Texts } from "../languages";
import type { SessionRecord, UserSession } from "../session";
import { renderLife } from "./life";
import { renderPage } from "./page";
import { translated } from "./template";
import { renderTime } from "./time";

interface SessionPage {
  readonly user: string | undefined;
  /** The session as the store holds it; undefined for a visitor without one. */
  readonly held: (SessionRecord & { readonly name: string; readonly ttlMs: number; readonly now: number }) | undefined;
  /** The absolute limit of sessions that have none of their own. */
  readonly maxAgeSeconds: number;
  readonly others: readonly UserSession[];
  readonly token: string;
}

interface Field {
  readonly name: string;
  readonly value: string | number | boolean;
  /** HTML. */
  readonly means: string | undefined;
}

interface Shown {
  readonly user: string | undefined;
  readonly name: string;
  readonly fields: readonly Field[];
  readonly life: string;
  readonly others: readonly { readonly reference: string; readonly since: string; readonly text: string }[];
  readonly token: string;
}

const empty = translated<object>(
  ({ session, login }) => `<h1>${session.none}</h1>
<p>${session.noneWhy}</p>
<p><a class="button" href="/login">${login.heading}</a></p>`,
);

const sessionPage = translated<Shown>(
  ({ session }) => `<h1>${session.heading}</h1>
<h2>${session.held}</h2>
<figure class="held">
<div class="box"><p class="place">${session.browser}</p><p>${session.cookie}</p></div>
<p class="arrow">${session.hashed}</p>
<div class="box">
<p class="place">${session.store}</p>
<p><code><%= page.name %></code></p>
<p class="muted">${session.hash("<%= page.fields.length %>")}</p>
<dl class="fields">
<% for (const { name, value, means } of page.fields) { %>
<dt><code><%= name %></code></dt><dd><code><%= value %></code><% if (means) { %><br><span class="muted"><%~ means %></span><% } %></dd>
<% } %>
</dl>
</div>
</figure>
<h2>${session.life}</h2>
<%~ page.life %>
<h2>${session.elsewhere}</h2>
<% if (page.others.length === 0) { %>
<p><% if (page.user === undefined) { %>${session.notLoggedIn}<% } else { %>${session.hereOnly}<% } %></p>
<% } else { %>
<ul class="sessions">
<% for (const { reference, since, text } of page.others) { %>
<li><span><%~ text %></span>
<form method="post" action="/session/end">
<input type="hidden" name="token" value="<%= page.token %>">
<input type="hidden" name="reference" value="<%= reference %>">
<button class="quiet" aria-label="${session.endThat("<%= since %>")}">${session.end}</button>
</form></li>
<% } %>
</ul>
<form method="post" action="/session/end-others">
<input type="hidden" name="token" value="<%= page.token %>">
<button>${session.endOthers}</button>
</form>
<% } %>`,
);

/** `/session` */
export function renderSession(texts: Texts, { user, held, maxAgeSeconds: usual, others, token }: SessionPage): string {
  const { session, duration, time } = texts;
  const page = { title: session.heading, path: "/session" };
  if (held === undefined) return renderPage(texts, { ...page, main: empty(texts, {}) });
  const { name, createdAt, lastSeenAt, idleSeconds, maxAgeSeconds, persistent, attributes, ttlMs, now } = held;
  const endsAnywayAt = createdAt + maxAgeSeconds * 1000;
  const shown: Shown = {
    user,
    name,
    fields: [
      { name: "createdAt", value: createdAt, means: session.createdAt(renderTime(texts, createdAt)) },
      { name: "lastSeenAt", value: lastSeenAt, means: session.lastSeenAt(renderTime(texts, lastSeenAt)) },
      { name: "idleSeconds", value: idleSeconds, means: session.idleSeconds(duration(idleSeconds * 1000)) },
      ...(maxAgeSeconds === usual
        ? []
        : [
            {
              name: "maxAgeSeconds",
              value: maxAgeSeconds,
              means: session.maxAgeSeconds(duration(maxAgeSeconds * 1000)),
            },
          ]),
      ...(persistent === undefined ? [] : [{ name: "persistent", value: persistent, means: session.persistent }]),
      ...[...attributes].map(([attribute, value]) => ({ name: attribute, value, means: undefined })),
    ],
    life: renderLife(texts, { createdAt, lastSeenAt, now, endsAt: now + ttlMs, endsAnywayAt }),
    others: others.map((other) => ({
      reference: other.reference,
      since: time(other.createdAt),
      text: session.other(renderTime(texts, other.createdAt), duration(now - other.lastSeenAt)),
    })),
    token,
  };
  return renderPage(texts, { ...page, main: sessionPage(texts, shown), user });
}
