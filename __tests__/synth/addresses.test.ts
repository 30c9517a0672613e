import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Synthesized } from "../synthesized";
import { synthesizeProgram } from "../synthesized/program";

/** The resources of the last version: by stack, each resource's address and its name at AWS. */
type Recorded = Record<string, Record<string, string>>;

const FILE = path.join(__dirname, "addresses.json");
const RECORD = "RECORD_ADDRESSES=1 npx jest --selectProjects unit --testPathPatterns addresses";

/** Arguments that name a resource at AWS: another one is another resource. */
const NAMES = [
  "replication_group_id",
  "cluster_id",
  "user_group_id",
  "user_id",
  "function_name",
  "alarm_name",
  "dashboard_name",
  "bucket_prefix",
  "family",
  "name_prefix",
  "name",
];

const EVERYBODY = ["0.0.0.0/0"];
const CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/0b4f9b62-7a2c-4c57-9d5e-6f6a0a4c1d11";
const SERVERLESS = { dataStorageGb: { max: 1 }, ecpuPerSecond: { max: 1000 } };
const ec2 = (fleet: object) => ({ ec2: { allowedCidrs: EVERYBODY, fleet } });

/** Together they make all there is to make. */
const SETTINGS: readonly (readonly [stack: string, ...contexts: object[]])[] = [
  [
    "session-ec2",
    { nat: "per-zone" },
    { redis: { shards: 1 } },
    { redis: { serverless: SERVERLESS } },
    ec2({ http: true }),
    { nat: "single", ...ec2({ certificateArn: CERTIFICATE, maxInstances: 4, requestsPerMinute: 600 }) },
  ],
  [
    "session-ecs",
    { ecs: { http: true, allowedCidrs: EVERYBODY } },
    { ecs: { certificateArn: CERTIFICATE, launchType: "EC2", requestsPerMinute: 600 } },
  ],
  ["session-lambda", {}, { lambda: { photoCache: { engine: "memcached" } } }],
];

/** The name of a composite alarm ends in a hash of its alarms: it is replaced with them on purpose, and has no history to lose. */
const NAMED_BY_CONTENT = new Set(["aws_cloudwatch_composite_alarm"]);

type Values = Readonly<Record<string, unknown>> & { readonly lifecycle?: { readonly ignore_changes?: unknown } };

/** A name that Terraform ignores is no reason to replace what has another one. */
function findName(values: Values): string {
  const ignored = [values.lifecycle?.ignore_changes ?? []].flat();
  const named = NAMES.filter((argument) => !ignored.includes(argument));
  // A reference is the name of another resource.
  const isOwn = (value: unknown) => typeof value === "string" && !value.startsWith("${");
  const name = named.map((argument) => values[argument]).find(isOwn);
  return name === undefined ? "" : String(name);
}

/** A stack's resources, and the addresses that a `moved` block takes along. */
function made(stack: string, contexts: readonly object[]) {
  const names = new Map<string, Set<string>>();
  const moved = new Set<string>();
  for (const context of contexts) {
    const { json } = new Synthesized(synthesizeProgram(context, stack).get(stack) as string);
    for (const [type, named] of Object.entries(json.resource ?? {})) {
      for (const [name, values] of Object.entries(named)) {
        const address = `${type}.${name}`;
        names.set(address, (names.get(address) ?? new Set()).add(NAMED_BY_CONTENT.has(type) ? "" : findName(values)));
      }
    }
    for (const { from } of json.moved ?? []) moved.add(from);
  }
  // Two contexts may name one address differently: both names are recorded.
  const addresses = [...names].map(([address, all]): [string, string] => [
    address,
    [...all]
      .filter((name) => name !== "")
      .sort()
      .join(" or "),
  ]);
  return { addresses: Object.fromEntries(addresses.sort(([a], [b]) => (a < b ? -1 : 1))), moved };
}

/** The losses of a deploy of this version over the last one, beside changes in place. */
function findLost(recorded: Readonly<Record<string, string>>, { addresses, moved }: ReturnType<typeof made>): string[] {
  return Object.entries(recorded).flatMap(([address, name]) => {
    if (moved.has(address)) return [];
    if (!(address in addresses)) return [`${address} is destroyed: give a moved block (moveFromId), or its id back`];
    return addresses[address] === name ? [] : [`${address} is replaced: named ${addresses[address]}, was ${name}`];
  });
}

const recorded = JSON.parse(readFileSync(FILE, "utf8")) as Recorded;
const today = Object.fromEntries(SETTINGS.map(([stack, ...contexts]) => [stack, made(stack, contexts)]));

describe.each(Object.keys(today))("a deploy of %s over what the last version made", (stack) => {
  const now = today[stack] as ReturnType<typeof made>;

  it("destroys and renames nothing without saying so", () => {
    expect(findLost(recorded[stack] ?? {}, now)).toEqual([]);
  });

  // Only adds: what is taken away or renamed is taken out of the file by hand, and named in CHANGELOG.md.
  it(`adds nothing that is not recorded for the next: ${RECORD}`, () => {
    if (process.env.RECORD_ADDRESSES) {
      recorded[stack] = { ...now.addresses, ...recorded[stack] };
      writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
    }
    expect(Object.keys(now.addresses).filter((address) => !(address in (recorded[stack] ?? {})))).toEqual([]);
  });
});

describe("a resource that the last version made", () => {
  const before = { "aws_eip.a": "", "aws_lb.b": "shop" };

  it.each([
    [
      "is gone",
      { "aws_lb.b": "shop" },
      [],
      ["aws_eip.a is destroyed: give a moved block (moveFromId), or its id back"],
    ],
    ["is called otherwise", { ...before, "aws_lb.b": "store" }, [], ["aws_lb.b is replaced: named store, was shop"]],
    ["moved", { "aws_eip.c": "", "aws_lb.b": "shop" }, ["aws_eip.a"], []],
    ["stays", before, [], []],
  ])("%s", (_, addresses, moved, says) => {
    expect(findLost(before, { addresses, moved: new Set(moved) })).toEqual(says);
  });

  it("has no name that Terraform ignores: it keeps the one it has", () => {
    const group = { replication_group_id: "session-redis" };
    expect(findName(group)).toBe("session-redis");
    expect(findName({ ...group, lifecycle: { ignore_changes: ["replication_group_id"] } })).toBe("");
  });
});
