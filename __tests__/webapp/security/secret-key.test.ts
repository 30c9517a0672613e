import { KeyRing } from "../../../webapp/secrets/key-ring";
import { at, isLoggedIn, KEY, keyRing, serve } from "./served";

describe("rotation of SECRET_KEY in one go", () => {
  it("logs nobody out and breaks no open form", async () => {
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

  it("is noticed by a process that meets the new key's signature, once in a while", async () => {
    jest.useFakeTimers({ now: Date.now(), doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
    try {
      let keys: [string, ...string[]] = [KEY];
      const load = jest.fn(async () => keys);
      const ring = await KeyRing.open({ kind: "random" }, load);
      const newer = await keyRing("n".repeat(32), KEY);
      keys = ["n".repeat(32), KEY];
      expect(await ring.verify("x", newer.sign("x"))).toBe(false);
      jest.setSystemTime(Date.now() + 61_000);
      expect(await ring.verify("x", newer.sign("x"))).toBe(true);
      expect(await ring.verify("x", "made up")).toBe(false);
      expect(load).toHaveBeenCalledTimes(2);
      expect(ring.sign("x")).toBe(newer.sign("x"));
    } finally {
      jest.useRealTimers();
    }
  });
});
