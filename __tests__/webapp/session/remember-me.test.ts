import type { SessionTerms } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { asUser, LONG, onEachStore, type Route, serve, who } from "./session-app";

const DAY = 24 * 3600;
const BOUNDS = { ...LONG, longest: { idleSeconds: 14 * DAY, maxAgeSeconds: 30 * DAY } };
const REMEMBERED = { idleSeconds: 14 * DAY, maxAgeSeconds: 30 * DAY, persistent: true };

const remember: Route = (ctx, sessions) => sessions.of(ctx).login("ann", REMEMBERED);
const renew: Route = (ctx, sessions) => sessions.of(ctx).renew();
const count: Route = (ctx, sessions) => sessions.of(ctx).increment("visits");
const list: Route = (ctx, sessions) => sessions.of(ctx).list();

/** When the browser forgets the one cookie of an answer; undefined where it ends with the browser. */
function expiry(setCookies: readonly string[]): number | undefined {
  expect(setCookies).toHaveLength(1);
  const [, date] = /; expires=([^;]+)/.exec(setCookies[0] as string) ?? [];
  return date === undefined ? undefined : new Date(date).getTime();
}

onEachStore((name, store) => {
  describe(`Remember me, in ${name}`, () => {
    const routes = {
      "/login": asUser,
      "/remember": remember,
      "/renew": renew,
      "/count": count,
      "/list": list,
      "/": who,
    };

    it("gives a session longer limits and a cookie that outlives the browser, through counters and new ids", async () => {
      const { visitor, sessions } = await serve(routes, store(BOUNDS));
      const ann = visitor();
      const before = Date.now();
      const end = expiry((await ann.get("/remember")).setCookies) as number;
      const [session] = await sessions.users.list("ann");
      // A Set-Cookie has whole seconds.
      expect(end).toBe(Math.floor(((session?.createdAt as number) + 30 * DAY * 1000) / 1000) * 1000);
      expect(session?.ttlMs).toBeGreaterThan(13.9 * DAY * 1000);
      await ann.get("/count");
      await until(() => Date.now() > before + 5, "another moment");
      expect(expiry((await ann.get("/renew")).setCookies)).toBe(end);
      const [renewed] = await sessions.users.list("ann");
      expect(renewed?.createdAt).toBe(session?.createdAt);
      expect(renewed?.ttlMs).toBeGreaterThan(13.9 * DAY * 1000);
    });

    it("is for that login alone: the next one has the store's limits and a cookie that ends with the browser", async () => {
      const { visitor, sessions } = await serve(routes, store(BOUNDS));
      const ann = visitor();
      await ann.get("/remember");
      expect(expiry((await ann.get("/login?user=ann")).setCookies)).toBeUndefined();
      const [session] = await sessions.users.list("ann");
      expect(session?.ttlMs).toBeLessThanOrEqual(LONG.idleSeconds * 1000);
    });

    it("ends the oldest login beyond the limit, and not the one whose limit comes first", async () => {
      const { visitor } = await serve(routes, store(BOUNDS), { limit: 2 });
      const [remembered, first, second] = [visitor(), visitor(), visitor()];
      await remembered.get("/remember");
      await until(() => Date.now() % 5 === 0, "another moment");
      await first.get("/login?user=ann");
      await second.get("/login?user=ann");
      const seen = [await remembered.get("/"), await first.get("/"), await second.get("/")].map(({ body }) => body);
      expect(seen).toEqual(["nobody", "ann", "ann"]);
    });

    it.each<[string, SessionTerms, string]>([
      [
        "a longer idle limit",
        { idleSeconds: 15 * DAY },
        "idleSeconds: got 1296000, allowed: seconds, 0.001 to 1209600",
      ],
      [
        "a longer absolute limit",
        { maxAgeSeconds: 31 * DAY },
        "maxAgeSeconds: got 2678400, allowed: seconds, 0.001 to 2592000",
      ],
      [
        "no limit",
        { idleSeconds: Number.POSITIVE_INFINITY },
        "idleSeconds: got Infinity, allowed: seconds, 0.001 to 1209600",
      ],
      ["a word", { persistent: "yes" as never }, "persistent: got yes, allowed: true or false"],
    ])("refuses %s than the store allows, and starts no session", async (_, terms, message) => {
      const login: Route = (ctx, sessions) => sessions.of(ctx).login("ann", terms);
      const { visitor, errors, sessions } = await serve({ ...routes, "/login": login }, store(BOUNDS));
      expect((await visitor().get("/login")).status).toBe(500);
      expect(errors.map(({ message }) => message)).toEqual([`session: login: ${message}`]);
      expect(await sessions.users.list("ann")).toEqual([]);
    });
  });

  describe(`A cookie that is persistent for all, in ${name}`, () => {
    it("outlives the browser until the absolute limit, but where a login says otherwise", async () => {
      const brief: Route = (ctx, sessions) => sessions.of(ctx).login("ann", { persistent: false });
      const { visitor } = await serve({ "/login": asUser, "/brief": brief, "/renew": renew }, store(LONG), {
        cookie: { secure: false, persistent: true },
      });
      const ann = visitor();
      const before = Date.now();
      const end = expiry((await ann.get("/login?user=ann")).setCookies) as number;
      expect(end).toBeGreaterThanOrEqual(before + LONG.maxAgeSeconds * 1000 - 2000);
      expect(expiry((await ann.get("/brief")).setCookies)).toBeUndefined();
      expect(expiry((await ann.get("/renew")).setCookies)).toBeUndefined();
    });
  });
});
