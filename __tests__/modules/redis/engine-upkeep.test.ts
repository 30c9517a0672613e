import { Network } from "../../../modules/network";
import { type EngineName, RedisCluster, RedisEngine } from "../../../modules/redis";
import { synthesize } from "../../synthesized";

/** A cache of an engine as in `valkey-8.0`. */
function synthesizeCache(name: string, autoMinorVersionUpgrade?: boolean) {
  const [engine, version] = name.split("-") as [EngineName, string];
  const props = {
    engine: RedisEngine.of({ engine, version }),
    ...(autoMinorVersionUpgrade !== undefined && { autoMinorVersionUpgrade }),
  };
  const stack = synthesize(
    (scope) => new RedisCluster(scope, "redis", { network: new Network(scope, "network"), ...props }),
  );
  const { auto_minor_version_upgrade, lifecycle } = stack.the("aws_elasticache_replication_group");
  return {
    moves: auto_minor_version_upgrade,
    ignoresVersion: lifecycle.ignore_changes.includes("engine_version"),
    postcondition: lifecycle.postcondition,
  };
}

describe("AWS moves a cache to newer minor versions", () => {
  it.each(["redis-7.1", "valkey-7.2"])("where there is none to come: %s", (engine) => {
    expect(synthesizeCache(engine)).toEqual({ moves: "true", ignoresVersion: false, postcondition: undefined });
    expect(synthesizeCache(engine, true)).toEqual({ moves: "true", ignoresVersion: false, postcondition: undefined });
  });

  it.each(["redis-7.0", "valkey-8.0", "valkey-8.2", "valkey-9.1"])(
    "nowhere else, or the next plan would replace it: %s",
    (engine) => {
      expect(synthesizeCache(engine)).toEqual({ moves: "false", ignoresVersion: false, postcondition: undefined });
    },
  );

  it("where it is asked to, and Terraform then ignores the version, and refuses a newer one than what runs", () => {
    expect(synthesizeCache("valkey-8.1", true)).toEqual({
      moves: "true",
      ignoresVersion: true,
      postcondition: [
        {
          condition: `\${tonumber(split(".", self.engine_version)[0]) * 1000 + tonumber(split(".", self.engine_version)[1]) >= 8001}`,
          error_message: expect.stringMatching(/got 8\.1, .* Fix: deploy with autoMinorVersionUpgrade false/),
        },
      ],
    });
  });

  it("nowhere, when that is wanted", () => {
    expect(synthesizeCache("redis-7.1", false)).toMatchObject({ moves: "false", ignoresVersion: false });
  });
});
