import { asUser, data, LONG, logout, onEachStore, type Route, serve, setRed, who } from "./session-app";

onEachStore((name, store) => {
  describe(`A login that comes twice, in ${name}`, () => {
    const routes = { "/set": setRed, "/login": asUser, "/logout": logout, "/who": who, "/": data };

    /** Two requests' browsers with the cookies of one. */
    async function twice(options = {}) {
      const served = await serve(routes, store(LONG), options);
      const [ann, second] = [served.visitor(), served.visitor()];
      await ann.get("/set");
      for (const [cookie, value] of ann.cookies) second.cookies.set(cookie, value);
      return { ...served, ann, second };
    }
    const read = async (visitor: { get(path: string): Promise<{ body: string }> }) =>
      JSON.parse((await visitor.get("/")).body);

    it("at once, keeps what the visitor had, 50 of 50 times", async () => {
      const kept: unknown[] = [];
      for (let i = 0; i < 50; i++) {
        const { ann, second } = await twice();
        await Promise.all([ann.get("/login?user=ann"), second.get("/login?user=ann")]);
        kept.push(await read(ann), await read(second));
      }
      expect(kept).toEqual(Array(100).fill({ user: "ann", colour: "red" }));
    });

    it("after the first is done, with the old cookie, keeps what the visitor had", async () => {
      const { ann, second } = await twice();
      await ann.get("/login?user=ann");
      await second.get("/login?user=ann");
      expect([await read(ann), await read(second)]).toEqual(Array(2).fill({ user: "ann", colour: "red" }));
      expect(second.cookies.get("id")).not.toBe(ann.cookies.get("id"));
    });

    it("hands nothing to another user who logs in with the old cookie", async () => {
      const { ann, second } = await twice();
      await ann.get("/login?user=ann");
      await second.get("/login?user=mallory");
      expect(await read(second)).toEqual({ user: "mallory" });
    });

    it("hands nothing of what the first login's session was given since", async () => {
      const { ann, second } = await twice();
      await ann.get("/login?user=ann");
      await ann.get("/logout");
      expect((await second.get("/who")).body).toBe("nobody");
      await second.get("/set");
      expect(await read(second)).toEqual({ colour: "red" });
    });
  });

  describe(`40 logins at once at a limit of 10, in ${name}`, () => {
    it("emit each end once", async () => {
      const { visitor, events, sessions } = await serve({ "/login": asUser }, store(LONG));
      await Promise.all(Array.from({ length: 40 }, () => visitor().get("/login?user=ann")));
      await visitor().get("/login?user=ann");
      const ended = events.filter(({ event }) => event === "ended").map(({ session }) => session);
      expect(ended.length).toBe(new Set(ended).size);
      expect(ended).toHaveLength(31);
      expect(await sessions.users.list("ann")).toHaveLength(10);
    });
  });

  describe(`After logout() in the same request, in ${name}`, () => {
    it("there is no user, nothing is counted and the session ends", async () => {
      const leave: Route = async (ctx, sessions) => {
        const session = sessions.of(ctx);
        session.logout();
        session.logout();
        await session.renew();
        const { user, key, reference } = session;
        return { user, key, reference, counted: await session.increment("visits"), list: await session.list() };
      };
      const { visitor, errors, events } = await serve({ "/login": asUser, "/leave": leave, "/who": who }, store(LONG));
      const ann = visitor();
      await ann.get("/login?user=ann");
      expect(JSON.parse((await ann.get("/leave")).body)).toEqual({ list: [] });
      expect(errors).toEqual([]);
      expect(events.map(({ event }) => event)).toEqual(["login", "logout"]);
      expect((await ann.get("/who")).body).toBe("nobody");
    });
  });
});
