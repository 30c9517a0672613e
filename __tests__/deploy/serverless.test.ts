import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith } from "../programs/require";
import { words } from "./aws-double/fixtures";
import { type Json, type StrictAws, startStrictAws } from "./aws-double/start";
import { copyStack } from "./copy";
import { plannedChanges } from "./planned-changes";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { region } from "./synthesize";
import { Terraform } from "./terraform";

const ADDRESS = "aws_elasticache_serverless_cache.sessions";
const LONG_MS = 900_000;

type Values = Readonly<Record<string, unknown>>;
const limits = (gigabytes: number) => ({
  cache_usage_limits: { data_storage: { maximum: gigabytes, unit: "GB" }, ecpu_per_second: { maximum: 5000 } },
});

// The provider waits 30 seconds before it asks for a status: plans cost seconds, each change of the cache a minute.
describeWith(["terraform", "moto_server", "aws"], "a serverless cache with AWS provider 5.100", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "serverless-"));
  let double: StrictAws;
  let terraform: Terraform;
  let cache: Values;
  let other: Readonly<Record<"subnet" | "group", string>>;

  beforeAll(async () => {
    double = await startStrictAws({ region: region() });
    const aws = (line: string) => double.aws(...words(line));
    const vpc = (await aws("ec2 create-vpc --cidr-block 10.0.0.0/16")).Vpc.VpcId;
    const subnet = async (index: number, zone: string) =>
      (
        await aws(
          `ec2 create-subnet --vpc-id ${vpc} --cidr-block 10.0.${index}.0/24 --availability-zone ${region()}${zone}`,
        )
      ).Subnet.SubnetId as string;
    const group = async (name: string) =>
      (await aws(`ec2 create-security-group --vpc-id ${vpc} --group-name ${name} --description d`)).GroupId as string;
    const [a, c, d, own, another] = [
      await subnet(0, "a"),
      await subnet(1, "c"),
      await subnet(2, "d"),
      await group("cache"),
      await group("other"),
    ];
    for (const name of ["users", "others"]) {
      await aws(
        `elasticache create-user-group --user-group-id ${name} --engine redis --user-ids ${await user(aws, name)}`,
      );
    }
    other = { subnet: d, group: another };
    cache = {
      name: "sessions",
      engine: "redis",
      major_engine_version: "7",
      description: "sessions",
      subnet_ids: [a, c],
      security_group_ids: [own],
      user_group_id: "users",
      snapshot_retention_limit: 1,
      daily_snapshot_time: "03:00",
      ...limits(10),
    };
    terraform = open(cache, "applied");
    await terraform.init();
    await terraform.apply("apply");
  }, LONG_MS);
  afterAll(async () => {
    await terraform?.destroy("destroy");
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, LONG_MS);

  /** Terraform in a folder of this cache, over the one state. */
  function open(values: Values, name: string): Terraform {
    const source = path.join(folder, "source", name);
    const logs = path.join(folder, "logs", name);
    for (const made of [source, logs]) mkdirSync(made, { recursive: true });
    const stack = {
      terraform: {
        required_providers: { aws: { source: "aws", version: "5.100.0" } },
        backend: { local: { path: "state" } },
      },
      provider: { aws: [{ region: region() }] },
      resource: { aws_elasticache_serverless_cache: { sessions: values } },
    };
    writeFileSync(path.join(source, "cdk.tf.json"), JSON.stringify(stack));
    const variables = terraformVariables(findProviders(requiredProviders(source)), path.join(folder, "terraform.rc"));
    return new Terraform({
      folder: copyStack(source, path.join(folder, "stack", name), folder, "state"),
      logs,
      environment: { ...double.environment, ...variables },
      progress: () => {},
    });
  }

  const describeCache = async (): Promise<Json> =>
    (await double.aws("elasticache", "describe-serverless-caches")).ServerlessCaches[0];

  it(
    "has nothing left to do, and the endpoint's two ports",
    async () => {
      await terraform.planNothing("plan");
      expect(await describeCache()).toMatchObject({
        Status: "available",
        ARN: `arn:aws:elasticache:${region()}:123456789012:serverlesscache:sessions`,
        Endpoint: { Port: 6379 },
        ReaderEndpoint: { Port: 6380 },
      });
    },
    LONG_MS,
  );

  it.each<[what: string, edit: () => Values, sign: string, because: readonly string[]]>([
    ["name", () => ({ name: "others" }), "-/+", ["name"]],
    ["subnet_ids", () => ({ subnet_ids: [...(cache.subnet_ids as string[]), other.subnet] }), "-/+", ["subnet_ids"]],
    ["kms_key_id", () => ({ kms_key_id: `arn:aws:kms:${region()}:123456789012:key/1` }), "-/+", ["kms_key_id"]],
    [
      "snapshot_arns_to_restore",
      () => ({ snapshot_arns_to_restore: [`arn:aws:elasticache:${region()}:123456789012:serverlesscachesnapshot:s`] }),
      "-/+",
      ["snapshot_arns_to_restore"],
    ],
    ["another major version", () => ({ engine: "valkey", major_engine_version: "8" }), "-/+", ["major_engine_version"]],
    ["engine to memcached", () => ({ engine: "memcached", user_group_id: undefined }), "-/+", ["engine"]],
    ["engine to Valkey", () => ({ engine: "valkey" }), "~", []],
    ["cache_usage_limits", () => limits(5), "~", []],
    ["snapshot_retention_limit", () => ({ snapshot_retention_limit: 0 }), "~", []],
    ["user_group_id", () => ({ user_group_id: "others" }), "~", []],
    ["security_group_ids", () => ({ security_group_ids: [other.group] }), "~", []],
    ["daily_snapshot_time", () => ({ daily_snapshot_time: "04:00" }), "~", []],
  ])(
    "%s: as the review judges it",
    async (what, edit, sign, because) => {
      const edited = open({ ...cache, ...edit() }, what.replaceAll(" ", "-"));
      await edited.init();
      const { changes, lost } = await plannedChanges(edited, "edit", true);
      expect(changes).toEqual([
        {
          sign,
          type: "elasticache_serverless_cache",
          address: ADDRESS,
          because,
        },
      ]);
      const loses = ["cache_usage_limits", "snapshot_retention_limit"].includes(what);
      expect(lost).toHaveLength(sign === "~" && !loses ? 0 : 1);
    },
    LONG_MS,
  );

  it.each<[what: string, edit: Values, says: string]>([
    [
      "two fields at once",
      { description: "other", daily_snapshot_time: "04:00" },
      "only support modifying one field per request",
    ],
    ["no user group any more", { user_group_id: undefined }, "No modifications were requested"],
    ["no limits any more", { cache_usage_limits: undefined }, "No modifications were requested"],
  ])(
    "refuses %s, as the review says before",
    async (what, edit, says) => {
      const edited = open({ ...cache, ...edit }, what.replaceAll(" ", "-"));
      await edited.init();
      const { interrupted } = await plannedChanges(edited, "edit", true);
      expect(interrupted).toContainEqual(expect.stringContaining("the apply stops half-way"));
      // Terraform breaks its lines anywhere between words.
      await expect(edited.apply("apply")).rejects.toThrow(new RegExp(says.replaceAll(" ", "\\s+")));
    },
    LONG_MS,
  );

  it(
    "changes its limits and then its engine in place, one after the other",
    async () => {
      const before = await describeCache();
      for (const [step, values] of [
        ["limits", { ...cache, ...limits(20) }],
        ["engine", { ...cache, ...limits(20), engine: "valkey" }],
      ] as const) {
        terraform = open(values, step);
        await terraform.init();
        await terraform.apply("apply");
        await terraform.planNothing("plan");
      }
      const { CacheUsageLimits, Engine, ARN, CreateTime } = await describeCache();
      expect([CacheUsageLimits.DataStorage.Maximum, Engine, ARN, CreateTime]).toEqual([
        20,
        "valkey",
        before.ARN,
        before.CreateTime,
      ]);
    },
    LONG_MS,
  );
});

/** A user named default who is off, as each group needs one. @returns its id. */
async function user(aws: (line: string) => Promise<Json>, group: string): Promise<string> {
  const { UserId } = await aws(
    `elasticache create-user --engine redis --user-id ${group}-default --user-name default --access-string off --no-password-required`,
  );
  return UserId;
}
