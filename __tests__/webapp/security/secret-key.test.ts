import { KeyRing } from "../../../webapp/secrets/key-ring";
import { at, isLoggedIn, KEY, keyRing, serve } from "./served";

describe("rotation of SECRET_KEY in one go", () => {
  it("ends no login and breaks no open form", async () => {
    const served = await serve({ keys: await keyRing("old".repeat(12)) });
    const ann = at(served);
    await ann.login("ann");
    const open = /name="token" value="([^"]*)"/.exec((await ann.get("/")).body)?.[1] as string;
    const after = await keyRing("new".repeat(12), "old".repeat(12));
    expect(await after.verify("x", (await keyRing("old".repeat(12))).sign("x"))).toBe(true);
    const same = at(await serve({ keys: after, store: served.store }));
    for (const [name, value] of ann.cookies) same.cookies.set(name, value);
    expect(await isLoggedIn(same)).toBe(true);
    expect((await same.post("/logout", { token: open })).status).toBe(303);
  });

  it("is noticed by a process that meets the new key's signature, at once and by all who wait", async () => {
    let keys: [string, ...string[]] = [KEY];
    const load = jest.fn(async () => keys);
    const ring = await KeyRing.open({ kind: "random" }, { load });
    const newer = await keyRing("n".repeat(32), KEY);
    expect(ring.sign("x")).not.toBe(newer.sign("x"));
    keys = ["n".repeat(32), KEY];
    const all = await Promise.all(Array.from({ length: 20 }, () => ring.verify("x", newer.sign("x"))));
    expect(all).toEqual(Array(20).fill(true));
    expect(load).toHaveBeenCalledTimes(2);
    expect(ring.sign("x")).toBe(newer.sign("x"));
  });

  it("is noticed behind a flood of made-up signatures, which ask for the keys once a second at most", async () => {
    let keys: [string, ...string[]] = [KEY];
    const load = jest.fn(async () => keys);
    const ring = await KeyRing.open({ kind: "random" }, { load });
    expect(await ring.verify("x", "made up")).toBe(false);
    keys = ["n".repeat(32), KEY];
    const flood = Array.from({ length: 100 }, () => ring.verify("x", "made up"));
    expect(await ring.verify("x", (await keyRing("n".repeat(32))).sign("x"))).toBe(true);
    expect((await Promise.all(flood)).some(Boolean)).toBe(false);
    expect(load.mock.calls.length).toBeLessThanOrEqual(3);
  });

  it("that can't be read leaves the keys at hand, and a forged form is refused as ever", async () => {
    const failures: unknown[] = [];
    let isAway = false;
    const load = async (): Promise<[string, ...string[]]> => {
      if (isAway) throw new Error("away");
      return [KEY];
    };
    const ring = await KeyRing.open({ kind: "random" }, { load, onReloadFailed: (error) => failures.push(error) });
    isAway = true;
    expect(await ring.verify("x", "forged")).toBe(false);
    expect(await ring.verify("x", ring.sign("x"))).toBe(true);
    expect(failures).toHaveLength(1);
  });
});
