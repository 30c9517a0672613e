import { ENGLISH } from "../../../webapp/languages";
import { renderSession } from "../../../webapp/views/session";

const DAY = 86_400;
const NOW = Date.UTC(2026, 10, 21, 12);

/** The page of a session that is a day old, as fields and as words. */
function show(terms: { maxAgeSeconds: number; persistent?: boolean }) {
  const times = { createdAt: NOW - DAY * 1000, lastSeenAt: NOW, now: NOW, ttlMs: 1800_000, idleSeconds: 1800 };
  const held = { name: "session:s:x", attributes: new Map(), ...times, ...terms };
  const html = renderSession(ENGLISH, { user: "ann", held, maxAgeSeconds: 2 * DAY, others: [], token: "t" });
  const fields = [...html.matchAll(/<dt><code>(\w+)<\/code><\/dt><dd><code>(.*?)<\/code>/g)].map(
    ([, name, value]) => `${name} ${value}`,
  );
  return { fields: fields.slice(3), end: /ends in any case in ([^.]*)\./.exec(html)?.[1] };
}

describe("the session page", () => {
  it("draws a session that its login gave limits of its own by these, and shows the fields", () => {
    expect(show({ maxAgeSeconds: 30 * DAY, persistent: true })).toEqual({
      fields: [`maxAgeSeconds ${30 * DAY}`, "persistent true"],
      end: ENGLISH.duration(29 * DAY * 1000),
    });
  });

  it("draws any other by the app's absolute limit", () => {
    expect(show({ maxAgeSeconds: 2 * DAY })).toEqual({ fields: [], end: ENGLISH.duration(DAY * 1000) });
  });
});
