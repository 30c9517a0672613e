import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { checkout } from "../programs/checkout";
import type { Synthesized } from "../synthesized";
import { refusal, synthesizeStack } from "../synthesized/program";

const root = path.join(__dirname, "..", "..");
const FAKE_CLOCK = `const now = Date.now; Date.now = () => now() + 86400000 * 1000;`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Every file below a folder by its relative path, as text. */
function filesBelow(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), readFileSync(file, "utf8")]));
}

const bundlePath = (folder: string) => path.join(folder, "webapp", "dist", "session-app.js");

function shuffleTimes(folder: string): void {
  for (const name of Object.keys(filesBelow(path.join(folder, "webapp")))) {
    utimesSync(path.join(folder, "webapp", name), 1, Math.floor(Math.random() * 1e9));
  }
}

const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/** `npm run --silent <script> -- <args>`, without npm's own start. */
function run(
  folder: string,
  [script, ...args]: readonly [string, ...string[]],
  environment: Record<string, string> = {},
) {
  const env = { ...process.env, ...environment };
  return spawnSync("sh", ["-c", `${scripts[script]} "$@"`, "sh", ...args], { cwd: folder, env, encoding: "utf8" });
}

/** The warning of the network for documentation that cdktf.json comes with. */
const NETWORK_LEFT =
  /^warning: session-\w+: \w+\.allowedCidrs: 203\.0\.113\.0\/24 is a network for documentation .*\n/gm;

/** Runs main.ts by itself, with settings over cdktf.json's. */
function program(context: Record<string, unknown>, ...stacks: string[]) {
  const outdir = mkdtempSync(path.join(os.tmpdir(), "program-"));
  folders.push(outdir);
  const env = { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(context), CDKTF_OUTDIR: outdir };
  const main = ["--require", "./cli/typescript.cjs", "main.ts", ...stacks];
  return { outdir, ...spawnSync(process.execPath, main, { cwd: root, env, encoding: "utf8" }) };
}

describe("npm run synth", () => {
  it("writes the same bytes in another folder, time zone, home and year, and no path of the machine", () => {
    const [here, there] = [checkout(true), checkout(true)];
    writeFileSync(bundlePath(there), "rebuilt");
    shuffleTimes(there);
    writeFileSync(path.join(there, "clock.cjs"), FAKE_CLOCK);
    const elsewhere = { TZ: "Asia/Tokyo", LANG: "ja_JP.UTF-8", HOME: there, NODE_OPTIONS: "--require ./clock.cjs" };
    const { status, stderr } = run(here, ["synth"], { TZ: "UTC" });
    expect(status).toBe(0);
    expect(stderr.replaceAll(NETWORK_LEFT, "")).toBe("");
    expect(run(there, ["synth"], elsewhere)).toMatchObject({ status: 0 });
    const [ours, theirs] = [filesBelow(path.join(here, "cdktf.out")), filesBelow(path.join(there, "cdktf.out"))];
    expect(Object.keys(ours)).toContain(path.join("stacks", "session-ec2", "cdk.tf.json"));
    expect(theirs).toEqual(ours);
    for (const [name, text] of Object.entries(ours)) {
      for (const place of [here, root, os.homedir()]) expect([name, text.includes(place)]).toEqual([name, false]);
    }
  });

  it("synthesizes the stack it is asked for, and refuses one that is none", () => {
    const folder = checkout(true);
    expect(run(folder, ["synth", "session-ec2"])).toMatchObject({ status: 0 });
    expect(run(folder, ["synth", "session-ec3"])).toMatchObject({
      status: 2,
      stderr: "stack: got session-ec3, takes session-ec2, session-ecs, session-lambda\n",
    });
  });

  it.each([
    {
      context: { availabilityZones: ["a"] },
      says: /^redis\.replicas: got 1 in one availability zone, .* Fix: .*replicas: 0.*$/,
    },
    {
      context: { vpcCidr: "10.0.0.0/28" },
      says: /^vpcCidr: got 10\.0\.0\.0\/28, .* Fix: .*$/,
    },
    {
      context: {
        ec2: {
          allowedCidrs: ["203.0.113.0/24"],
          fleet: { certificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/${"0".repeat(36)}` },
        },
      },
      says: /^ec2\.fleet\.certificateArn: got one of region us-east-1, .*ap-northeast-1.* Fix: .*$/,
    },
  ])("says in one line what is wrong with $context", ({ context, says }) => {
    expect(refusal(context)).toMatch(says);
  });

  it("says so on standard error, without a stack trace, and ends with 2", () => {
    expect(program({ nat: "both" })).toMatchObject({
      status: 2,
      stdout: "",
      stderr: 'nat: got "both", takes "none" or "single" or "per-zone"\n',
    });
  });
});

describe("a stack", () => {
  it("uses an existing Redis: a rule to reach it, no cache of its own, no alarms on it", () => {
    const stack = synthesizeStack({
      existingRedis: { host: "master.shared", securityGroupId: "sg-0123456789abcdef0", auth: { kind: "none" } },
    });
    expect(Object.keys(stack.counts()).join()).not.toContain("elasticache");
    const ingress = Object.values(stack.all("aws_vpc_security_group_ingress_rule"));
    expect(ingress.map(({ security_group_id }) => security_group_id)).toContain("sg-0123456789abcdef0");
    expect(stack.the("aws_instance").user_data).toContain("rediss://master.shared:6379");
    expect(stack.counts()).not.toHaveProperty("aws_cloudwatch_metric_alarm");
    expect(stack.json.output?.redis_endpoint?.value).toBe("master.shared:6379");
  });

  it("watches what it makes, unless that is unwanted", () => {
    const topicArn = "arn:aws:sns:ap-northeast-1:123456789012:on-call";
    const alarms = Object.values(synthesizeStack({ alarms: { topicArn } }).all("aws_cloudwatch_metric_alarm"));
    expect(alarms).toHaveLength(18);
    for (const { alarm_actions } of alarms) expect(alarm_actions).toEqual([topicArn]);
    const unwatched = synthesizeStack({ alarms: null }).counts();
    expect(Object.keys(unwatched).join()).not.toContain("cloudwatch_metric_alarm");
    expect(unwatched).not.toHaveProperty("aws_cloudwatch_dashboard");
  });

  it("takes each setting of its cache, under the longest name", () => {
    const stack = synthesizeStack({
      name: "a".repeat(20),
      redis: {
        shards: 3,
        replicas: 2,
        nodeType: "cache.m7g.large",
        scaling: { shards: { min: 3, max: 9 } },
        auth: "none",
        kmsKeyArn: "arn:aws:kms:ap-northeast-1:123456789012:key/1",
        notificationTopicArn: "arn:aws:sns:ap-northeast-1:123456789012:caches",
        parameters: { timeout: "300" },
        autoMinorVersionUpgrade: false,
        slowLogRetentionDays: 7,
        engineLogRetentionDays: 30,
      },
    });
    expect(stack.the("aws_elasticache_replication_group")).toMatchObject({
      num_node_groups: 3,
      replicas_per_node_group: 2,
      kms_key_id: "arn:aws:kms:ap-northeast-1:123456789012:key/1",
      notification_topic_arn: "arn:aws:sns:ap-northeast-1:123456789012:caches",
      auto_minor_version_upgrade: "false",
      log_delivery_configuration: [{ log_type: "slow-log" }, { log_type: "engine-log" }],
    });
    expect(stack.the("aws_appautoscaling_target").max_capacity).toBe(9);
    expect(stack.the("aws_elasticache_parameter_group").parameter).toContainEqual({ name: "timeout", value: "300" });
    expect(stack.the("aws_instance").user_data).toMatch(/REDIS_CLUSTER_MODE="enabled"/);
  });

  it("warn of a task smaller than the document's, and write it", () => {
    const { status, stdout, stderr } = program({
      ecs: { http: true, allowedCidrs: ["203.0.113.0/24"], cpu: 256, memoryMib: 512 },
    });
    expect([status, stdout.trim().split("\n").length]).toEqual([0, 3]);
    const others = stderr.replaceAll(NETWORK_LEFT, "");
    expect(others).toMatch(/^warning: session-ecs\/web: cpu 256 and memoryMib 512 are below .*\n$/);
  });
});

describe("a network that is there already", () => {
  const subnet = (digit: string, cidr: string) => ({ subnetId: `subnet-${digit.repeat(17)}`, cidr });
  const existingNetwork = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidr: "172.31.0.0/16",
    publicSubnets: { a: subnet("1", "172.31.0.0/24") },
    privateSubnets: { a: subnet("2", "172.31.16.0/20"), c: subnet("3", "172.31.32.0/20") },
  };
  const instead = { vpcCidr: null, availabilityZones: null, nat: null };

  it("holds the whole stack, and nothing of it is made or changed", () => {
    const stack = synthesizeStack({ ...instead, existingNetwork });
    expect(
      Object.keys(stack.counts()).filter((type) => /vpc$|_subnet$|gateway|route|flow|endpoint/.test(type)),
    ).toEqual([]);
    expect(stack.the("aws_instance").subnet_id).toBe(existingNetwork.publicSubnets.a.subnetId);
  });

  it("is refused in one line, by the name of its setting", () => {
    expect(refusal({ ...instead, existingNetwork: { ...existingNetwork, cidr: "10.0.0.0/16" } })).toMatch(
      /^existingNetwork: session-ec2\/network: publicSubnets\.a\.cidr: got .* Fix: .*$/,
    );
  });
});

describe("a third zone, and a NAT gateway in each", () => {
  /** Arguments that grow with the zones, in place: lists of subnets and tables, and dependencies. */
  const GROWS = ["subnet_ids", "subnets", "vpc_zone_identifier", "route_table_ids", "depends_on"];
  /** Private subnets go over from the one gateway's table to their own zone's. */
  const GOES_OVER = ["aws_route.network_private_default", "aws_route_table_association.network_private-"];
  const fleet = { allowedCidrs: ["203.0.113.0/24"], fleet: { http: true } };

  it("change no address and no block of what stands", () => {
    const before = synthesizeStack({ nat: "single", ec2: fleet }).resources();
    const after = synthesizeStack({ nat: "per-zone", availabilityZones: ["a", "c", "d"], ec2: fleet }).resources();
    const changed = Object.entries(before).flatMap(([type, blocks]) =>
      Object.entries(blocks).flatMap(([address, block]) => {
        const now = after[type]?.[address] ?? {};
        const keys = Object.keys(block).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(block[key]));
        return keys.filter((key) => !GROWS.includes(key)).map((key) => `${type}.${address} ${key}`);
      }),
    );
    const others = changed.filter((change) => !GOES_OVER.some((place) => change.startsWith(place)));
    expect(others).toEqual([]);
    expect(Object.keys(after.aws_nat_gateway ?? {})).toHaveLength(3);
    expect(after.aws_eip).toMatchObject(before.aws_eip ?? {});
  });
});

describe("two environments in one account", () => {
  /** Names that are unique in an account and region; an inline policy of a role or a group has none. */
  const NAMES = /^(name|name_prefix|alarm_name|dashboard_name|bucket|bucket_prefix|\w+_group_id|user_id)$/;
  const accountWide = (stack: Synthesized) =>
    Object.entries(stack.resources())
      .filter(([type]) => !["aws_iam_role_policy", "aws_autoscaling_policy"].includes(type))
      .flatMap(([, blocks]) => Object.values(blocks))
      .flatMap((block) => Object.entries(block))
      .flatMap(([key, value]) => (NAMES.test(key) && typeof value === "string" ? [value] : []))
      .filter((value) => !value.includes("$" + "{"));

  it("share no account-wide name", () => {
    // Of all the ways to deploy, the one with the most names.
    const ec2 = { allowedCidrs: ["203.0.113.0/24"], fleet: { http: true } };
    for (const id of ["session-ec2", "session-ecs"]) {
      const [names, others] = [
        accountWide(synthesizeStack({ ec2 }, id)),
        accountWide(synthesizeStack({ ec2, name: "shop" }, id)),
      ];
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => others.includes(name))).toEqual([]);
    }
  });

  it("share no state, in a file or in a bucket", () => {
    const { backend } = synthesizeStack({}).json.terraform;
    expect(backend.local.path).toMatch(/\/terraform\.session-ec2\.tfstate$/);
    expect(synthesizeStack({ name: "shop" }).json.terraform.backend.local.path).toMatch(
      /\/terraform\.shop-ec2\.tfstate$/,
    );
    const bucketKey = (settings: Record<string, unknown>) => synthesizeStack(settings).json.terraform.backend.s3.key;
    expect(bucketKey({ stateBucket: "states" })).toBe("session/session-ec2.tfstate");
    const stateBucket = { name: "states", keyPrefix: "team" };
    expect(bucketKey({ name: "shop", stateBucket })).toBe("team/shop/session-ec2.tfstate");
  });
});

describe("the bundle", () => {
  it("is one file that starts on its own, wherever it lies", () => {
    const bundle = path.join(mkdtempSync(path.join(os.tmpdir(), "alone-")), "alone.js");
    folders.push(path.dirname(bundle));
    cpSync(bundlePath(root), bundle);
    const { status, stderr } = spawnSync(process.execPath, [bundle], { env: { PORT: "x" }, encoding: "utf8" });
    expect([status, stderr]).toEqual([1, 'PORT: got "x", takes a whole number from 0 to 65535\n']);
  });

  it("is left alone while its sources are the same, and rebuilt after an edit", () => {
    const folder = checkout(true);
    utimesSync(bundlePath(folder), 1, 1);
    expect(run(folder, ["build"])).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(statSync(bundlePath(folder)).mtimeMs).toBe(1000);
    writeFileSync(path.join(folder, "webapp", "views", "life.ts"), "no program");
    const says = expect.stringContaining("webapp/views/life.ts:1");
    expect(run(folder, ["synth"])).toMatchObject({ status: 1, stdout: "", stderr: says });
  });
});
