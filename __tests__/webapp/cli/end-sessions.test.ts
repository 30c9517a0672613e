import { describeWith } from "../../programs/require";
import { type InspectedApp, startInspectedApp } from "./inspected-app";

describeWith(["redis-server"], "inspect end", () => {
  let at: InspectedApp;
  beforeAll(async () => {
    at = await startInspectedApp();
  });
  afterAll(() => at.stop());
  beforeEach(() => at.restricted.admin.flushall());

  it("ends one session by its key, and takes it out of its user's list", async () => {
    const [ann, bob] = await Promise.all([at.logIn("ann"), at.logIn("bob")]);
    const rows = await at.find();
    const { key } = rows.find(({ user }: { user: string }) => user === "ann");
    const refused = await at.inspect("end", "--key", key);
    expect(refused).toMatchObject({
      code: 2,
      stderr: `end: got no --yes; with it, the command ends ${key} of user "ann"\n`,
    });
    expect((await at.inspect("end", "--key", key, "--yes")).stdout).toBe(`Ended ${key} of user "ann"\n`);
    expect([await at.isLoggedIn(ann), await at.isLoggedIn(bob)]).toEqual([false, true]);
    expect(await at.restricted.admin.exists(at.store.userKey("ann"))).toBe(0);
  });

  it("ends all sessions of one user and no other's, so that the user is logged out everywhere (ASVS 7.4.5)", async () => {
    const [here, there, bob] = await Promise.all([at.logIn("ann"), at.logIn("ann"), at.logIn("bob")]);
    const refused = await at.inspect("end", "ann");
    expect(refused).toMatchObject({
      code: 2,
      stderr: 'end: got no --yes; with it, the command ends 2 sessions of user "ann"\n',
    });
    expect(await at.isLoggedIn(here)).toBe(true);
    expect((await at.inspect("end", "ann", "--yes")).stdout).toBe('Ended 2 sessions of user "ann"\n');
    expect([await at.isLoggedIn(here), await at.isLoggedIn(there), await at.isLoggedIn(bob)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await at.restricted.admin.exists(at.store.userKey("ann"))).toBe(0);
    expect(await at.find("end", "ann", "--yes")).toEqual({ ended: 0 });
  });

  it("ends a session its user's index does not know", async () => {
    const ann = await at.logIn("ann");
    await at.restricted.admin.del(at.store.userKey("ann"));
    expect(await at.find("end", "ann", "--yes")).toEqual({ ended: 1 });
    expect(await at.isLoggedIn(ann)).toBe(false);
  });

  it("ends every session, anonymous ones included, and leaves no index behind (ASVS 7.4.5)", async () => {
    const visitors = await Promise.all(["ann", "ann", "bob"].map(at.logIn));
    await at.store.create("anonymous", new Map());
    expect(await at.inspect("end", "--all")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/ 4 sessions of everybody$/m),
    });
    expect(await at.find("end", "--all", "--yes")).toEqual({ ended: 4 });
    expect(await Promise.all(visitors.map(at.isLoggedIn))).toEqual([false, false, false]);
    expect(await at.restricted.admin.keys("session:[su]:*")).toEqual([]);
  });

  it.each(["createdAt", "lastSeenAt", "idleSeconds"])(
    "lists and ends a session whose %s is damaged, beside the others",
    async (field) => {
      for (const value of ["soon", "-1", "1e300", "NaN", "99999999999999999999", ""]) {
        const ann = await at.logIn("ann");
        await at.store.create("damaged", new Map([["user", '"ann"']]));
        await at.restricted.admin.hset("session:s:damaged", field, value);
        expect(await at.find()).toHaveLength(2);
        expect((await at.inspect()).stdout).toContain("2 sessions under session:\n");
        expect((await at.inspect("session:s:damaged")).code).toBe(0);
        expect(await at.find("user", "ann")).toHaveLength(1);
        expect(await at.find("end", "--all", "--yes")).toEqual({ ended: 2 });
        expect(await at.isLoggedIn(ann)).toBe(false);
        expect(await at.restricted.admin.keys("session:s:*")).toEqual([]);
      }
    },
  );

  it("ends a session whose creation is yet to come, by a clock that went back", async () => {
    await at.store.create("ahead", new Map(), Date.now() + 3_600_000);
    expect(await at.find("end", "--all", "--yes")).toEqual({ ended: 1 });
    expect(await at.restricted.admin.keys("session:s:*")).toEqual([]);
  });
});
