import { fastClient } from "../../programs/fast-client";
import { asUser, data, LONG, logout, onEachStore, type Route, serve, setRed, who } from "./session-app";

/** A gate a slow handler waits at. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

onEachStore((name, store) => {
  describe(`Requests of one session at once, in ${name}`, () => {
    it("keeps both fields of two requests that run at once, 200 of 200 times", async () => {
      const both = gate();
      let waiting = 0;
      const set =
        (name: "colour" | "cart", value: never): Route =>
        async (ctx, sessions) => {
          waiting++;
          if (waiting === 2) both.open();
          await both.passed;
          sessions.of(ctx).data[name] = value;
        };
      const routes = { "/login": asUser, "/a": set("colour", "red" as never), "/b": set("cart", ["tea"] as never) };
      const { url } = await serve({ ...routes, "/": data }, store(LONG), { limit: 1000 });
      const request = fastClient(url);
      const kept = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const { cookie } = await request("/login?user=ann");
          await Promise.all([request("/a", cookie), request("/b", cookie)]);
          return JSON.parse((await request("/", cookie)).body);
        }),
      );
      expect(kept.filter(({ colour, cart }) => colour === "red" && cart[0] === "tea")).toHaveLength(200);
    });

    it("counts 200 parallel visits as 200", async () => {
      const count: Route = async (ctx, sessions) => `${await sessions.of(ctx).increment("visits")}`;
      const { url } = await serve({ "/login": asUser, "/count": count, "/": data }, store(LONG));
      const request = fastClient(url);
      const { cookie } = await request("/login?user=ann");
      const counted = await Promise.all(Array.from({ length: 200 }, () => request("/count", cookie)));
      expect(new Set(counted.map(({ body }) => Number(body))).size).toBe(200);
      expect(JSON.parse((await request("/", cookie)).body).visits).toBe(200);
    });

    describe("a slow request never brings back a session that was", () => {
      const ways: { what: string; end: Route }[] = [
        { what: "logged out", end: logout },
        { what: "renewed", end: (ctx, sessions) => sessions.of(ctx).renew() },
        { what: "taken over by another login", end: (ctx, sessions) => sessions.of(ctx).login("bob") },
        { what: "ended by an administrator", end: (_, sessions) => sessions.users.endAll("ann", { detail: "test" }) },
      ];
      const writes: { write: string; act: Route }[] = [
        { write: "an attribute", act: setRed },
        { write: "a count", act: (ctx, sessions) => sessions.of(ctx).increment("visits") },
      ];
      const both = ways.flatMap((way) => writes.map((write) => ({ ...way, ...write })));
      it.each(both)("$what, by $write", async ({ end, act }) => {
        const [started, finish] = [gate(), gate()];
        const slow: Route = async (ctx, sessions) => {
          started.open();
          await finish.passed;
          await act(ctx, sessions);
        };
        const { visitor, events } = await serve(
          { "/login": asUser, "/slow": slow, "/end": end, "/": who },
          store(LONG),
        );
        const ann = visitor();
        await ann.get("/login?user=ann");
        const old = new Map(ann.cookies);
        const late = visitor();
        for (const [name, value] of old) late.cookies.set(name, value);
        const slowAnswer = late.get("/slow");
        await started.passed;
        await ann.get("/end");
        finish.open();
        // No cookie either way: the browser may have a newer one from another tab.
        expect((await slowAnswer).setCookies).toEqual([]);
        expect(events.map(({ event }) => event)).toContain("lost");
        for (const [name, value] of old) late.cookies.set(name, value);
        expect((await late.get("/")).body).toBe("nobody");
      });
    });

    describe("a slow request of a session that was logged out meanwhile", () => {
      /** Runs `act` in a request that began before the logout. */
      async function afterLogout(act: Route, lifetimes = LONG) {
        const [started, finish] = [gate(), gate()];
        const slow: Route = async (ctx, sessions) => {
          started.open();
          await finish.passed;
          return act(ctx, sessions);
        };
        const count: Route = (ctx, sessions) => sessions.of(ctx).increment("visits");
        const routes = { "/login": asUser, "/count": count, "/slow": slow, "/logout": logout, "/who": who, "/": data };
        const { visitor } = await serve(routes, store(lifetimes));
        const [ann, other] = [visitor(), visitor()];
        await other.get("/login?user=ann");
        await ann.get("/login?user=ann");
        await ann.get("/count");
        const late = visitor();
        late.cookies.set("id", ann.cookies.get("id") as string);
        const answer = late.get("/slow");
        await started.passed;
        await ann.get("/logout");
        finish.open();
        await answer;
        return { late, other };
      }

      it("starts an empty session at a login", async () => {
        const { late } = await afterLogout((ctx, sessions) => sessions.of(ctx).login("ann"));
        expect(JSON.parse((await late.get("/")).body)).toEqual({ user: "ann" });
      });

      it("ends no other session", async () => {
        const { other } = await afterLogout((ctx, sessions) => sessions.of(ctx).endOthers());
        expect((await other.get("/who")).body).toBe("ann");
      });
    });

    it("carries into a new id what another request wrote while it was made, and shows it", async () => {
      const [started, finish] = [gate(), gate()];
      const renew: Route = async (ctx, sessions) => {
        const session = sessions.of(ctx);
        started.open();
        await finish.passed;
        session.data.cart = ["tea"];
        await session.renew();
        return session.data;
      };
      const { visitor } = await serve({ "/login": asUser, "/renew": renew, "/set": setRed, "/": data }, store(LONG));
      const ann = visitor();
      await ann.get("/login?user=ann");
      const renewed = ann.get("/renew");
      await started.passed;
      const second = visitor();
      second.cookies.set("id", ann.cookies.get("id") as string);
      await second.get("/set");
      finish.open();
      const all = { user: "ann", colour: "red", cart: ["tea"] };
      expect(JSON.parse((await renewed).body)).toEqual(all);
      expect(JSON.parse((await ann.get("/")).body)).toEqual(all);
    });
  });
});
