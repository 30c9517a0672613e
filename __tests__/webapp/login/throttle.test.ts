import { Redis } from "ioredis";
import pino from "pino";
import { accessString, readEnvironment } from "../../../environment";
import { LoginThrottle } from "../../../webapp/login/throttle";
import { connectTo } from "../../../webapp/redis/connect";
import { until } from "../../harness/poll";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";

let serial = 0;
const freshAddress = () => `198.51.100.${++serial}`;

function throttleOn(name: string, redis: () => Redis | undefined): void {
  describe(`LoginThrottle in ${name}`, () => {
    const make = (perMinute: number, refusedPerMinute: number) =>
      new LoginThrottle(redis(), "session:", { perMinute, refusedPerMinute });

    it("admits as many logins a minute as the limit says, and says when to come back", async () => {
      const throttle = make(5, 300);
      const address = freshAddress();
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => throttle.admit(address, undefined)));
      expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
      const error = await throttle.admit(address, undefined).catch((refusal: unknown) => refusal);
      expect(error).toMatchObject({ status: 429, expose: true });
      expect(Number((error as { headers: Record<string, string> }).headers["retry-after"])).toBeGreaterThan(50);
      await expect(throttle.admit(freshAddress(), undefined)).resolves.toBeDefined();
    });

    it("is strict on refused logins of an address, with one name or many", async () => {
      const throttle = make(300, 3);
      const address = freshAddress();
      for (let i = 0; i < 3; i++) await throttle.admit(address, undefined);
      await expect(throttle.admit(address, undefined)).rejects.toMatchObject({ status: 429 });
      const other = freshAddress();
      for (const user of ["a", "b", "c"]) await throttle.admit(other, user);
      await expect(throttle.admit(other, "d")).rejects.toMatchObject({ status: 429 });
    });

    it("counts no login that was released, and no new session", async () => {
      const throttle = make(300, 3);
      const address = freshAddress();
      for (let i = 0; i < 10; i++) await (await throttle.admit(address, "ann")).release();
      for (let i = 0; i < 10; i++) await throttle.admitSession(address);
      await expect(throttle.admit(address, "ann")).resolves.toBeDefined();
    });

    it("admits no more guesses at the same moment than the limits say, and counts those beyond as none", async () => {
      const throttle = make(300, 3);
      const address = freshAddress();
      const user = `bob${address}`;
      const settle = async (addresses: readonly string[]) => {
        const tries = await Promise.allSettled(addresses.map((one) => throttle.admit(one, user)));
        return tries.filter((one) => one.status === "fulfilled").map(({ value }) => value);
      };
      const atOne = await settle(Array(30).fill(address));
      expect(atOne).toHaveLength(3);
      const atMany = await settle(Array.from({ length: 40 }, freshAddress));
      expect(atMany).toHaveLength(15 - 3);
      await atOne[0]?.release();
      await expect(throttle.admit(address, user)).resolves.toBeDefined();
      await expect(throttle.admit(freshAddress(), user)).rejects.toMatchObject({ status: 429 });
    });

    it("lets one address lock no user out of another: that takes five", async () => {
      const throttle = make(300, 3);
      const user = `ann${freshAddress()}`;
      const attack = async (address: string) => {
        for (let i = 0; i < 4; i++) await throttle.admit(address, user).catch(() => {});
      };
      for (let attackers = 1; attackers < 5; attackers++) {
        const attacker = freshAddress();
        await attack(attacker);
        await expect(throttle.admit(attacker, user)).rejects.toMatchObject({ status: 429 });
        await (await throttle.admit(freshAddress(), user)).release();
      }
      await attack(freshAddress());
      await expect(throttle.admit(freshAddress(), user)).rejects.toMatchObject({ status: 429 });
      await expect(throttle.admit(freshAddress(), `${user}2`)).resolves.toBeDefined();
    });

    it("takes a whole /64 of IPv6 for one address, and IPv4 in IPv6 for IPv4", async () => {
      const throttle = make(2, 2);
      await throttle.admit("2001:db8:1:2::1", undefined);
      await throttle.admit("2001:db8:1:2:ffff::9", undefined);
      await expect(throttle.admit("2001:db8:1:2::5", undefined)).rejects.toMatchObject({ status: 429 });
      await expect(throttle.admit("2001:db8:1:3::5", undefined)).resolves.toBeDefined();
      const address = freshAddress();
      await throttle.admit(address, undefined);
      await throttle.admit(`::ffff:${address}`, undefined);
      await expect(throttle.admit(address, undefined)).rejects.toMatchObject({ status: 429 });
    });
  });
}

throttleOn("memory", () => undefined);

/** Admits as many as it can of ten. */
async function countAdmitted(throttle: LoginThrottle, address: string): Promise<number> {
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => throttle.admit(address, "ann")));
  return tries.filter(({ status }) => status === "fulfilled").length;
}

it("admits no more guesses in a window because attempts of the one before are released in it, in memory", async () => {
  jest.useFakeTimers();
  try {
    const throttle = new LoginThrottle(undefined, "session:", { perMinute: 300, refusedPerMinute: 3 });
    const address = freshAddress();
    const attempts = [await throttle.admit(address, "ann"), await throttle.admit(address, "ann")];
    await jest.advanceTimersByTimeAsync(61_000);
    for (const attempt of attempts) await attempt.release();
    expect(await countAdmitted(throttle, address)).toBe(3);
  } finally {
    jest.useRealTimers();
  }
});

describeWith(["redis-server"], "with a real redis-server, as the user the modules create", () => {
  let server: RedisServer;
  let redis: Redis;
  let admin: Redis;
  beforeAll(async () => {
    const app = `user app ${accessString("session:").replace("on ", "on >a-password ")}`;
    server = await startRedis({ acl: [app, "user admin on nopass ~* +@all", "user default off"] });
    const { redis: connection } = readEnvironment({ REDIS_URL: `redis://app:a-password@localhost:${server.port}` });
    if (connection === undefined) throw new Error("no connection");
    redis = connectTo(connection, pino({ level: "silent" })) as Redis;
    admin = new Redis({ port: server.port, username: "admin", password: "any" });
  });
  // A machine that stood still for a moment has closed the link meanwhile: it comes back by itself.
  beforeEach(() => until(() => redis.ping(), "a connection"));
  afterAll(async () => {
    redis.disconnect();
    admin.disconnect();
    await server.stop();
  });
  throttleOn("Redis", () => redis);

  it("admits no more guesses in a window because attempts of the one before are released in it", async () => {
    const throttle = new LoginThrottle(redis, "session:window:", { perMinute: 300, refusedPerMinute: 3 });
    const address = freshAddress();
    const attempts = [await throttle.admit(address, "ann"), await throttle.admit(address, "ann")];
    await admin.del(await admin.keys("session:window:t:*"));
    for (const attempt of attempts) await attempt.release();
    expect(await countAdmitted(throttle, address)).toBe(3);
  });

  it("leaves no count without expiry, and no address or name in a key", async () => {
    const throttle = new LoginThrottle(redis, "session:names:", { perMinute: 5, refusedPerMinute: 5 });
    for (const address of ["203.0.113.1", "2001:db8:9:9::1"]) {
      await throttle.admit(address, "ann.visitor");
    }
    const keys = await admin.keys("session:names:t:*");
    expect(keys).toHaveLength(5);
    expect(keys.join()).not.toMatch(/203\.0\.113|ann\.visitor|2001:db8/);
    for (const key of keys) expect(await admin.ttl(key)).toBeGreaterThan(0);
  });
});
