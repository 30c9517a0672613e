import { ENGLISH } from "../../../webapp/languages";
import { renderLife } from "../../../webapp/views/life";
import { at, readId, serve } from "../security/served";

const NOW = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;
/** A session of 12 hours, 3 of them gone, used 10 minutes ago, with an idle limit of 30. */
const LIFE = {
  createdAt: NOW - 180 * MINUTE,
  lastSeenAt: NOW - 10 * MINUTE,
  now: NOW,
  endsAt: NOW + 20 * MINUTE,
  endsAnywayAt: NOW + 540 * MINUTE,
};

/** The bars as drawn: the whole life's parts, then those between last use and end. */
const findBars = (html: string) =>
  [...html.matchAll(/<rect class="(\w+)" [^>]*?(?:x="([\d.]+)%" )?width="([\d.]+)%"/g)].map(
    ([, part, x = "0", width]) => `${part} ${x} + ${width}`,
  );

describe("the picture of a session's life", () => {
  it("draws the whole life, and large the part between last use and end", () => {
    expect(findBars(renderLife(ENGLISH, LIFE))).toEqual([
      "rest 0 + 100",
      "past 0 + 25",
      "left 23.61 + 4.17",
      "left 0 + 100",
      "past 0 + 33.33",
    ]);
  });

  it("says the same in words, for who does not see it", () => {
    const html = renderLife(ENGLISH, LIFE);
    expect(/aria-label="([^"]*)"/.exec(html)?.[1]).toBe(
      "Two time bars. The session was created 3 h ago and ends in any case in 9 h. It was last seen 10 min ago and ends in 20 min if unused.",
    );
    const rows = [...html.matchAll(/<dt>(.*)<\/dt><dd>(.*)<\/dd>/g)].map(([, what, when]) => `${what} ${when}`);
    expect(rows).toEqual([
      'Created 3 h ago: <time datetime="2026-11-21T09:00:00.000Z">21 Nov 2026, 09:00:00 UTC</time>',
      'Last seen 10 min ago: <time datetime="2026-11-21T11:50:00.000Z">21 Nov 2026, 11:50:00 UTC</time>',
      'Ends if unused in 20 min: <time datetime="2026-11-21T12:20:00.000Z">21 Nov 2026, 12:20:00 UTC</time>',
      'Ends in any case in 9 h: <time datetime="2026-11-21T21:00:00.000Z">21 Nov 2026, 21:00:00 UTC</time>',
    ]);
  });

  it.each([
    { what: "a clock that is behind", change: { lastSeenAt: NOW + 50, createdAt: NOW + 50 } },
    { what: "a session that ends this moment", change: { endsAt: NOW - 1, endsAnywayAt: NOW - 1 } },
    { what: "an absolute limit below the idle one", change: { endsAnywayAt: NOW + 5 * MINUTE } },
    { what: "no life at all", change: { createdAt: NOW, lastSeenAt: NOW, endsAt: NOW, endsAnywayAt: NOW } },
  ])("stays within its frame for $what", ({ change }) => {
    const html = renderLife(ENGLISH, { ...LIFE, ...change });
    const percents = [...html.matchAll(/="([^"]*)%"/g)].map(([, number]) => Number(number));
    expect(percents.length).toBeGreaterThan(10);
    for (const percent of percents) expect(percent >= 0 && percent <= 100).toBe(true);
  });

  it("is the store's own at the moment of the request: TTL and limits", async () => {
    const { clock, ...served } = await serve();
    clock.now = NOW;
    const ann = at({ clock, ...served });
    await ann.login("ann");
    clock.now += 2 * MINUTE;
    const { body } = await ann.get("/session");
    expect(body).toContain("TTL 28 min");
    expect(body).toContain('in 28 min: <time datetime="2026-11-21T12:30:00.000Z">');
    expect(body).toContain('in 11 h 58 min: <time datetime="2026-11-22T00:00:00.000Z">');
    expect(body).toContain("hash, 5 fields");
    expect(body).not.toContain(readId(ann));
    // Past a tenth of the idle limit this very request counts as use.
    clock.now += 2 * MINUTE;
    expect((await ann.get("/session")).body).toContain("TTL 30 min");
  });
});
