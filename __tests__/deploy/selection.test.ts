import { DRILLS } from "./running/drills";
import { selectVariants } from "./selection";
import { VARIANTS } from "./variants";

type Request = Parameters<typeof selectVariants>[0];
const selected = (request: Request = {}) =>
  selectVariants(request).variants.map(({ stack, name }) => `${stack} ${name}`);
const STACKS = VARIANTS.map(({ stack }) => stack);
const ALL = VARIANTS.map(({ stack, name }) => `${stack} ${name}`);

describe("npm run verify goes through", () => {
  it("the core without a name", () => {
    expect(selected()).toEqual(VARIANTS.filter(({ core }) => core).map(({ stack, name }) => `${stack} ${name}`));
    expect(selected().length).toBeLessThan(ALL.length);
    expect(selectVariants({}).narrowed).toBe(false);
  });

  it("every variant with --all, and those of a stack or variant that is named", () => {
    expect(selected({ all: true })).toEqual(ALL);
    expect(selectVariants({ all: true }).narrowed).toBe(false);
    expect(selected({ stacks: ["session-lambda"] })).toEqual(ALL.filter((name) => name.startsWith("session-lambda ")));
    expect(selected({ stacks: ["session-ec2"], names: ["existing"] })).toEqual(["session-ec2 existing"]);
  });

  it("nothing that does not exist", () => {
    expect(() => selected({ stacks: ["session-ec9"] })).toThrow(/^stack: got session-ec9, takes session-ec2, /);
    expect(() => selected({ names: ["big"] })).toThrow(/^variant: got big, takes default, /);
  });
});

describe("the core", () => {
  const core = VARIANTS.filter((variant) => variant.core);
  const others = VARIANTS.filter((variant) => !variant.core);

  it("has a variant of each topology: instance, fleet, cluster mode, tasks on Fargate and instances, functions, memcached", () => {
    expect(selected().sort()).toEqual(
      [
        "session-ec2 cluster-mode",
        "session-ec2 default",
        "session-ec2 fleet-https",
        "session-ecs fargate-http",
        "session-ecs instances-https",
        "session-lambda default",
        "session-lambda memcached-without-nat",
      ].sort(),
    );
  });

  it("has all rotations and all drills, and each stack is used as deployed", () => {
    expect(others.filter(({ rotations, drills }) => rotations || drills)).toEqual([]);
    expect(new Set(core.flatMap(({ used, stack }) => (used ? [stack] : [])))).toEqual(new Set(STACKS));
    expect(core.flatMap(({ drills = [] }) => drills).sort()).toEqual(Object.keys(DRILLS).sort());
  });

  it("begins each stack, so that its second deploy is part of it", () => {
    const first = new Map([...VARIANTS].reverse().map((variant) => [variant.stack, variant]));
    expect([...first.values()].every((variant) => variant.core)).toBe(true);
  });
});
