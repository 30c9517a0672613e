import { EcsTopology } from "../../../modules/ecs";
import { Nat, Network } from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { toSnapshot } from "../../../modules/snapshot";
import { SessionApp } from "../../../modules/web-app";
import { synthesize } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";

/** A stack whose app is this text. */
function synthesizeWith(app: string, replicas = 1): string {
  return synthesize((stack) => {
    const network = new Network(stack, "network", { nat: Nat.SINGLE });
    const redis = new RedisCluster(stack, "redis", { network, replicas });
    const sessions = new SessionApp(stack, "app", { redis, bundle: smallBundle(app) });
    new EcsTopology(stack, "web", { network, app: sessions, http: true, allowedCidrs: ["203.0.113.0/24"] });
  }).text;
}

describe("a snapshot of a stack", () => {
  const [one, other] = [synthesizeWith("// one"), synthesizeWith("// another")];

  it("is the same with another bundle of this package", () => {
    expect(other).not.toBe(one);
    expect(toSnapshot(other)).toEqual(toSnapshot(one));
  });

  it("changes with the program", () => {
    expect(toSnapshot(synthesizeWith("// one", 2))).not.toEqual(toSnapshot(one));
  });

  it("is the same with other versions of cdktf and of the public images", () => {
    const later = one
      .replaceAll(/"version": "0\.21\.\d+"/g, '"version": "0.21.99"')
      .replaceAll(/node:24\.[\d.]+/g, "node:24.99.0");
    expect(later).not.toBe(one);
    expect(toSnapshot(later)).toEqual(toSnapshot(one));
  });

  it("holds texts of JSON as objects, and no hash, script or metadata", () => {
    const text = JSON.stringify(toSnapshot(one));
    expect(text).toContain('"image":"public.ecr.aws/docker/library/node:<version>"');
    expect(text).not.toMatch(/[0-9a-f]{64}|\\n|"\/\/"/);
    expect(toSnapshot('{"a": "{\\"Version\\": 1}", "//": {}, "b": "{no json", "c": ["text", 1, null, true]}')).toEqual({
      a: { Version: 1 },
      b: "{no json",
      c: ["text", 1, null, true],
    });
  });
});
