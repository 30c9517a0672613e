import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { compareVersions, listVersions } from "../../modules/elasticache/engine-versions";
import { type ExistingSubnets, Network } from "../../modules/network";
import { type EngineName, NetworkType, RedisAuth, RedisCluster, RedisEngine } from "../../modules/redis";
import { describeWith } from "../programs/require";
import { synthesize } from "../synthesized";
import { words } from "./aws-double/fixtures";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { plannedChanges } from "./planned-changes";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { Terraform } from "./terraform";

const REGION = "ap-northeast-1";
const LONG_MS = 900_000;

type Version = readonly [EngineName, string];

/** Versions that constructs take, oldest first: those with IAM authentication. */
const VERSIONS: readonly Version[] = [
  ...listVersions("redis").flatMap((one): Version[] => (compareVersions(one, "7.0") < 0 ? [] : [["redis", one]])),
  ...listVersions("valkey").map((one): Version => ["valkey", one]),
];
/** Each version but the last, with the next one. */
const STEPS = VERSIONS.slice(0, -1).map((from, index) => ({ from, to: VERSIONS[index + 1] as Version }));

interface ExistingVpc {
  readonly vpcId: string;
  readonly privateSubnets: ExistingSubnets;
}

/** A VPC with two subnets of IPv4 and IPv6. */
async function makeVpc({ aws }: StrictAws): Promise<ExistingVpc> {
  const { Vpc } = await aws(...words("ec2 create-vpc --cidr-block 10.0.0.0/16 --amazon-provided-ipv6-cidr-block"));
  const block: string = Vpc.Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock;
  const subnet = async (number: number, zone: string) => {
    const [cidr, ipv6Cidr] = [`10.0.${number}.0/24`, block.replace(/00::\/56$/, `0${number}::/64`)];
    const place = `--vpc-id ${Vpc.VpcId} --availability-zone ${REGION}${zone}`;
    const line = `ec2 create-subnet ${place} --cidr-block ${cidr} --ipv6-cidr-block ${ipv6Cidr}`;
    const { Subnet } = await aws(...words(line));
    return { subnetId: Subnet.SubnetId as string, cidr, ipv6Cidr };
  };
  return { vpcId: Vpc.VpcId, privateSubnets: { a: await subnet(1, "a"), c: await subnet(2, "c") } };
}

/** A stack with a cache for each step, at its first or its second version. */
function synthesizeCaches({ vpcId, privateSubnets }: ExistingVpc, end: "from" | "to"): string {
  const { text } = synthesize((stack) => {
    const network = Network.fromExisting(stack, "network", { vpcId, cidr: "10.0.0.0/16", privateSubnets });
    for (const [index, step] of STEPS.entries()) {
      const [engine, version] = step[end];
      new RedisCluster(stack, `r${index}`, {
        network,
        engine: RedisEngine.of({ engine, version }),
        auth: RedisAuth.NONE,
        // Each second one has addresses of both kinds.
        ...(index % 2 === 1 && { networkType: NetworkType.DUAL_STACK }),
      });
    }
  });
  const stack = JSON.parse(text);
  stack.terraform.backend = { local: { path: "terraform.tfstate" } };
  return JSON.stringify(stack);
}

describeWith(["terraform", "moto_server", "aws"], "each engine version that ElastiCache offers", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "engines-"));
  let double: StrictAws;
  let terraform: Terraform;
  let vpc: ExistingVpc;
  const write = (end: "from" | "to") => writeFileSync(path.join(folder, "cdk.tf.json"), synthesizeCaches(vpc, end));

  beforeAll(async () => {
    double = await startStrictAws({ region: REGION });
    vpc = await makeVpc(double);
    write("from");
    const logs = path.join(folder, "logs");
    mkdirSync(logs);
    const source = findProviders(requiredProviders(folder));
    terraform = new Terraform({
      folder,
      logs,
      environment: { ...double.environment, ...terraformVariables(source, path.join(folder, "terraform.rc")) },
      progress: () => {},
    });
    await terraform.init();
  }, LONG_MS);
  afterAll(async () => {
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    "is deployed, with IPv4 alone and in dual stack, and plans no change afterwards",
    async () => {
      await terraform.run("validate", ["validate"]);
      expect(await terraform.apply("apply")).toBeGreaterThan(STEPS.length);
      await terraform.planNothing("again");
    },
    LONG_MS,
  );

  it(
    "becomes the next one in place, with another parameter group where the family changes",
    async () => {
      write("to");
      await terraform.run("validate-next", ["validate"]);
      const { changes, lost } = await plannedChanges(terraform, "next", false);
      expect(lost).toEqual([]);
      const signs = (type: string) => changes.flatMap((change) => (change.type === type ? [change.sign] : []));
      expect(signs("elasticache_replication_group")).toEqual(STEPS.map(() => "~"));
      const families = ({ from, to }: (typeof STEPS)[number]) =>
        [from, to].map(([engine, version]) => RedisEngine.of({ engine, version }).family);
      const swapped = STEPS.filter((step) => new Set(families(step)).size > 1);
      expect(signs("elasticache_parameter_group")).toEqual(swapped.map(() => "+/-"));
    },
    LONG_MS,
  );
});
