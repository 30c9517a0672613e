import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { UserError } from "../../environment";
import { readSettings } from "../../settings";
import { parseObject } from "../../settings/context";
import { damaged, FUZZ, FUZZ_MS, hostileText } from "../harness/fuzz";

const { context } = JSON.parse(readFileSync(path.join(__dirname, "..", "..", "cdktf.json"), "utf8"));
const WHOLE = {
  ...context,
  redis: {
    engine: "valkey-8.0",
    replicas: 2,
    nodeType: "cache.m7g.large",
    parameters: { "maxmemory-policy": "noeviction" },
  },
  ec2: { instanceType: "t4g.small", fleet: { instances: 2 } },
  ecs: { desiredCount: 2 },
  lambda: { memoryMib: 512, photoCache: null },
  tags: { Team: "shop" },
};

describe("settings", () => {
  it(
    "are taken, or refused by name",
    () => {
      fc.assert(
        fc.property(damaged(WHOLE), (settings) => {
          try {
            readSettings(parseObject("settings", JSON.stringify(settings)));
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
            expect((error as Error).message).toMatch(/got|holds/);
          }
        }),
        FUZZ,
      );
    },
    FUZZ_MS,
  );

  it("are refused as text that holds no JSON object", () => {
    fc.assert(
      // Once in many runs, the text is `{}`.
      fc.property(hostileText, (text) => {
        fc.pre(!/^\s*\{\s*\}\s*$/.test(text));
        expect(() => parseObject("settings", text)).toThrow(UserError);
      }),
      FUZZ,
    );
  });
});
