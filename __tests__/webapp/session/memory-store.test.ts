import { MemoryStore } from "../../../webapp/session";
import { storeContract } from "./store-contract";

describe("MemoryStore", () => {
  storeContract((lifetimes) => new MemoryStore(lifetimes));

  it("does not keep sessions that have expired", async () => {
    let now = 0;
    const store = new MemoryStore({ idleSeconds: 1, maxAgeSeconds: 10, now: () => now });
    for (let i = 0; i < 5000; i++) {
      now += 10;
      await store.create(`key-${i}`, new Map());
      await store.enlist(`user-${i}`, `key-${i}`);
    }
    expect(store.size).toBeLessThan(2200);
  });
});
