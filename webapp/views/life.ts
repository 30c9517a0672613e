import type { Texts } from "../languages";
import { translated } from "./template";
import { renderTime } from "./time";

/** The times of a session's life, by the store's clock; milliseconds since 1970. */
export interface Life {
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly now: number;
  /** When the store ends it if it is not used: now and its TTL. */
  readonly endsAt: number;
  /** When the absolute limit ends it. */
  readonly endsAnywayAt: number;
}

/** The position of a time between two others, in percent of the way. */
function place(at: number, from: number, to: number): number {
  const share = to > from ? (at - from) / (to - from) : 0;
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100;
}

interface Picture {
  readonly seen: number;
  readonly now: number;
  readonly ends: number;
  readonly window: number;
  readonly past: number;
  readonly anchor: "start" | "end";
  readonly left: string;
  readonly alternative: string;
  readonly rows: readonly { readonly what: string; readonly when: string }[];
}

/**
 * Two bars: the whole life, and the part of it between last use and end drawn large. Its numbers are attributes and in
 * percent: it is as wide as the page leaves it, its letters keep their size, and the CSP allows no style in a page.
 */
const picture = translated<Picture>(
  ({ session }) => `<figure class="life">
<svg role="img" aria-label="<%= page.alternative %>" width="100%" height="9.5em" focusable="false">
<text y="1em">${session.created}</text>
<text y="1em" x="100%" text-anchor="end">${session.endsAnyway}</text>
<rect class="rest" y="1.5em" width="100%" height="1em"/>
<rect class="past" y="1.5em" width="<%= page.now %>%" height="1em"/>
<rect class="left" y="1.5em" x="<%= page.seen %>%" width="<%= page.window %>%" height="1em"/>
<line class="zoom" x1="<%= page.seen %>%" y1="2.5em" x2="0" y2="4.5em"/>
<line class="zoom" x1="<%= page.ends %>%" y1="2.5em" x2="100%" y2="4.5em"/>
<rect class="left" y="4.5em" width="100%" height="1.5em"/>
<rect class="past" y="4.5em" width="<%= page.past %>%" height="1.5em"/>
<line class="now" x1="<%= page.past %>%" y1="4.25em" x2="<%= page.past %>%" y2="7.5em"/>
<text class="now" y="7.4em" x="<%= page.past %>%" dx="<%= page.anchor === "start" ? "0.4em" : "-0.4em" %>" text-anchor="<%= page.anchor %>">${session.now} · ${session.left("<%= page.left %>")}</text>
<text y="9em">${session.lastSeen}</text>
<text y="9em" x="100%" text-anchor="end">${session.endsUnused}</text>
</svg>
<figcaption>${session.moves}</figcaption>
</figure>
<dl class="facts">
<% for (const { what, when } of page.rows) { %><dt><%= what %></dt><dd><%~ when %></dd>
<% } %></dl>`,
);

/** How a session's life runs out, as a picture and in words: HTML for `<%~ %>`. */
export function renderLife(texts: Texts, life: Life): string {
  const { createdAt, lastSeenAt, now, endsAt, endsAnywayAt } = life;
  const { session, duration } = texts;
  const whole = (at: number) => place(at, createdAt, endsAnywayAt);
  const past = place(now, lastSeenAt, endsAt);
  const left = duration(endsAt - now);
  const [created, seen, anyway] = [now - createdAt, now - lastSeenAt, endsAnywayAt - now].map(duration) as [
    string,
    string,
    string,
  ];
  return picture(texts, {
    seen: whole(lastSeenAt),
    now: whole(now),
    ends: whole(endsAt),
    window: Math.round((whole(endsAt) - whole(lastSeenAt)) * 100) / 100,
    past,
    anchor: past < 50 ? "start" : "end",
    left,
    alternative: session.picture({ created, seen, left, anyway }),
    rows: [
      { what: session.created, when: session.ago(created, renderTime(texts, createdAt)) },
      { what: session.lastSeen, when: session.ago(seen, renderTime(texts, lastSeenAt)) },
      { what: session.endsUnused, when: session.inFrom(left, renderTime(texts, endsAt)) },
      { what: session.endsAnyway, when: session.inFrom(anyway, renderTime(texts, endsAnywayAt)) },
    ],
  });
}
