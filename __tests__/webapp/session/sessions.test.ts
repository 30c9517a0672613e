import { setTimeout as wait } from "node:timers/promises";
import { until } from "../../harness/poll";
import { asUser, data, LONG, onEachStore, type Route, serve, setRed, who } from "./session-app";

onEachStore((name, store) => {
  describe(`Sessions in ${name}`, () => {
    it("gives a visitor who stores nothing no session and no cookie", async () => {
      const { visitor, events } = await serve({ "/": who }, store(LONG));
      expect((await visitor().get("/")).setCookies).toEqual([]);
      expect(events).toEqual([]);
    });

    it("keeps what a handler assigns, and sends the cookie once", async () => {
      const { visitor } = await serve({ "/set": setRed, "/": data }, store(LONG));
      const ann = visitor();
      expect((await ann.get("/set")).setCookies).toHaveLength(1);
      const second = await ann.get("/");
      expect(JSON.parse(second.body)).toEqual({ colour: "red" });
      expect(second.setCookies).toEqual([]);
      expect((await ann.get("/set")).setCookies).toEqual([]);
    });

    it("gives a new id at login, keeps an anonymous visitor's data, and the old id is dead at once", async () => {
      const { visitor, events } = await serve(
        { "/set": setRed, "/login": asUser, "/who": who, "/": data },
        store(LONG),
      );
      const ann = visitor();
      await ann.get("/set");
      const [before] = ann.cookies.values();
      const login = await ann.get("/login?user=ann");
      expect(login.setCookies).toHaveLength(1);
      expect([...ann.cookies.values()]).not.toEqual([before]);
      expect(JSON.parse((await ann.get("/")).body)).toEqual({ colour: "red", user: "ann" });
      const thief = visitor();
      thief.cookies.set("id", before as string);
      expect((await thief.get("/who")).body).toBe("nobody");
      expect(events.map(({ event }) => event)).toEqual(["created", "login", "unknown"]);
    });

    it("does not hand one user's data to the next who logs in on the same browser", async () => {
      const { visitor } = await serve({ "/set": setRed, "/login": asUser, "/": data }, store(LONG));
      const shared = visitor();
      await shared.get("/login?user=ann");
      await shared.get("/set");
      await shared.get("/login?user=bob");
      expect(JSON.parse((await shared.get("/")).body)).toEqual({ user: "bob" });
    });

    it("renews on demand: data and absolute limit stay, the old id is dead", async () => {
      const renew: Route = async (ctx, sessions) => {
        const session = sessions.of(ctx);
        session.data.colour = "blue";
        await session.renew();
        return ctx.session.externalKey;
      };
      const { visitor, sessions } = await serve(
        { "/login": asUser, "/renew": renew, "/who": who, "/": data },
        store(LONG),
      );
      const ann = visitor();
      await ann.get("/login?user=ann");
      const [createdAt] = (await sessions.users.list("ann")).map((session) => session.createdAt);
      const old = ann.cookies.get("id") as string;
      const shown = (await ann.get("/renew")).body;
      expect(shown).toBe(ann.cookies.get("id"));
      expect(JSON.parse((await ann.get("/")).body)).toEqual({ user: "ann", colour: "blue" });
      expect((await sessions.users.list("ann")).map((session) => session.createdAt)).toEqual([createdAt]);
      ann.cookies.set("id", old);
      expect((await ann.get("/who")).body).toBe("nobody");
    });

    it("stays logged in by reads alone for three idle limits, then ends without visits", async () => {
      const { visitor } = await serve({ "/login": asUser, "/": who }, store({ idleSeconds: 0.3, maxAgeSeconds: 600 }));
      const ann = visitor();
      let readAt = Number.NEGATIVE_INFINITY;
      let end = Number.POSITIVE_INFINITY;
      while (Date.now() < end) {
        const now = Date.now();
        if ((await ann.get("/")).body !== "ann") {
          // A tenth of the limit may pass between a read and its mark. Held up for longer than the rest, we start again.
          expect(Date.now() - readAt).toBeGreaterThanOrEqual(0.9 * 300);
          await ann.get("/login?user=ann");
          end = Date.now() + 900;
        }
        readAt = now;
        await wait(20);
      }
      const lastSeen = Date.now();
      await until(() => Date.now() > lastSeen + 310, "the idle limit");
      expect((await ann.get("/")).body).toBe("nobody");
    });

    it("adopts no id it did not make, and lets nothing but an id reach the store", async () => {
      const asked: string[] = [];
      const inner = store(LONG);
      const load = inner.load.bind(inner);
      inner.load = (key) => {
        asked.push(key);
        return load(key);
      };
      const { visitor } = await serve({ "/set": setRed }, inner);
      for (const made of ["short", "../../etc/passwd", "a".repeat(44), "*".repeat(43), `${"a".repeat(42)}%`, "a b"]) {
        const mallory = visitor();
        mallory.cookies.set("id", made);
        await mallory.get("/set");
        expect(mallory.cookies.get("id")).toMatch(/^[\w-]{43}$/);
      }
      expect(asked).toEqual([]);
      const mallory = visitor();
      mallory.cookies.set("id", "a".repeat(43));
      await mallory.get("/set");
      expect(mallory.cookies.get("id")).not.toBe("a".repeat(43));
      expect(asked).toHaveLength(1);
    });
  });
});
