import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { accessString } from "../../environment";
import { type AppProcess, BUNDLE } from "../programs/app-process";
import { makeCertificate } from "../programs/certificate";
import { describeWith } from "../programs/require";
import { type CountedFleet, startCountedFleet } from "./counted-fleet";
import { expectHonest, moreVisits, type Ride, ride } from "./ride";

/** Enough for every instance to get forms that the others made. */
const MANY = 60;

describeWith(["redis-server", "openssl"], "what is rotated under load", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "rotations-"));
  let fleet: CountedFleet;

  beforeEach(async () => {
    fleet = await startCountedFleet();
  }, 30_000);
  afterEach(() => fleet?.stop());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function expectUnnoticed(app: AppProcess, result: Ride): void {
    expect(result.failed).toEqual([]);
    expect([result.lost, result.loggedOut]).toEqual([0, 0]);
    expectHonest(app, result);
  }

  it("SECRET_KEY: instances with the old key and with both take each other's forms", async () => {
    const [leaving, staying] = fleet.apps as [AppProcess, AppProcess];
    const result = await ride({
      fault: "SECRET_KEY, then instances replaced",
      afterwards: "forms of both keys are taken",
      counted: fleet.counted("rotation"),
      app: fleet.front,
      async strike(load) {
        fleet.secrets.put("2".repeat(64));
        // Knows both keys and signs with the new one; the others have to find out.
        await fleet.join();
        await moreVisits(load, MANY);
        expect(await fleet.leave(leaving)).toBe(0);
        await moreVisits(load, MANY);
      },
    });
    expectUnnoticed(staying, result);
  }, 60_000);

  it("the Redis user's access string: replaced in one go, links stay", async () => {
    const admin = fleet.redis.admin();
    const words = accessString("session:").split(" ");
    const result = await ride({
      fault: "access string of the Redis user",
      afterwards: "the same links, other rights",
      counted: fleet.counted("rotation"),
      app: fleet.front,
      async strike(load) {
        await admin.acl("SETUSER", "app", "reset", `>${fleet.redis.password}`, ...words, "+dbsize");
        await moreVisits(load, MANY);
        await admin.acl("SETUSER", "app", "reset", `>${fleet.redis.password}`, ...words);
        await moreVisits(load, MANY);
      },
    });
    expect(String(await admin.acl("LIST"))).toContain("user app on");
    expectUnnoticed(fleet.apps[1] as AppProcess, result);
  }, 60_000);

  it("the CA: both known first, then the certificate, then the old one forgotten", async () => {
    const old = readFileSync(fleet.redis.ca, "utf8");
    const next = makeCertificate(folder);
    const both = path.join(folder, "both.pem");
    writeFileSync(both, old + readFileSync(next.ca, "utf8"));
    const replaceAll = async (ca: string) => {
      const before = fleet.apps.filter(({ process }) => process.exitCode === null);
      for (const app of before) {
        await fleet.join({ REDIS_CA_FILE: ca });
        expect(await fleet.leave(app)).toBe(0);
      }
    };
    const result = await ride({
      fault: "CA of Redis' certificate, in three steps",
      afterwards: "links of either certificate",
      counted: fleet.counted("rotation"),
      app: fleet.front,
      async strike(load) {
        await replaceAll(both);
        const admin = fleet.redis.admin();
        await admin.call("CONFIG", "SET", "tls-cert-file", next.cert, "tls-key-file", next.key);
        // As one that scaling starts in between: it makes its first link now.
        await fleet.join({ REDIS_CA_FILE: both });
        await moreVisits(load, MANY);
        await replaceAll(next.ca);
        await moreVisits(load, MANY);
      },
    });
    expectUnnoticed(fleet.apps.at(-1) as AppProcess, result);
  }, 60_000);

  it("the app's bundle: new instances first, old ones leave when those serve", async () => {
    const next = path.join(folder, "next.js");
    writeFileSync(next, `${readFileSync(BUNDLE, "utf8")}\n// The next version.\n`);
    const result = await ride({
      fault: "the app's bundle, by rolling replacement",
      afterwards: "the same sessions, another version",
      counted: fleet.counted("rotation"),
      app: fleet.front,
      async strike(load) {
        for (const app of [...fleet.apps]) {
          await fleet.join({}, next);
          await moreVisits(load, MANY);
          expect(await fleet.leave(app)).toBe(0);
        }
      },
    });
    expectUnnoticed(fleet.apps.at(-1) as AppProcess, result);
  }, 60_000);
});
