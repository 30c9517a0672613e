import { until } from "../../harness/poll";
import type { Json, StrictAws } from "./start";

/** Ids that the table of refusals finds in the double, keyed by name. */
export type Given = Readonly<Record<string, string>>;

const TRUST =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';

/** Words of a command line, split at blanks. */
export const words = (line: string): string[] => line.split(/\s+/).filter(Boolean);

/** A little of everything, each thing in use by another. */
export async function prepare(double: StrictAws): Promise<Given> {
  const aws = (line: string, ...rest: string[]) => double.aws(...words(line), ...rest);
  const network = await prepareNetwork(aws);
  await Promise.all([prepareCaches(aws, network), prepareStores(aws), prepareAlarms(aws)]);
  const balanced = await prepareBalancer(aws, network);
  await prepareServices(aws);
  return { ...network, ...balanced };
}

async function prepareAlarms(aws: Aws): Promise<void> {
  const metric = "--namespace n --metric-name m --statistic Sum --period 60 --comparison-operator LessThanThreshold";
  await aws(`cloudwatch put-metric-alarm --alarm-name named ${metric} --evaluation-periods 1 --threshold 1`);
  await aws("cloudwatch put-composite-alarm --alarm-name composite --alarm-rule ALARM(named)");
}

type Aws = (line: string, ...rest: string[]) => Promise<Json>;

async function prepareNetwork(aws: Aws): Promise<Given> {
  const vpc = async (cidr: string) => (await aws(`ec2 create-vpc --cidr-block ${cidr}`)).Vpc.VpcId as string;
  const subnet = async (id: string, cidr: string, zone: string) =>
    (await aws(`ec2 create-subnet --vpc-id ${id} --cidr-block ${cidr} --availability-zone ${zone}`)).Subnet
      .SubnetId as string;
  const group = async (id: string, name: string) =>
    (await aws(`ec2 create-security-group --vpc-id ${id} --group-name ${name} --description d`)).GroupId as string;
  const gateway = async (id: string) => {
    const made = (await aws("ec2 create-internet-gateway")).InternetGateway.InternetGatewayId as string;
    await aws(`ec2 attach-internet-gateway --internet-gateway-id ${made} --vpc-id ${id}`);
    return made;
  };
  const interfaceIn = async (id: string, groups: string) =>
    (await aws(`ec2 create-network-interface --subnet-id ${id} --groups ${groups}`)).NetworkInterface
      .NetworkInterfaceId as string;
  const address = async () => (await aws("ec2 allocate-address --domain vpc")).AllocationId as string;

  const [main, closed, open] = await Promise.all([vpc("10.0.0.0/16"), vpc("10.1.0.0/16"), vpc("10.2.0.0/16")]);
  const [a, c, interfaces, alone, aloneToo, igw, openIgw] = await Promise.all([
    subnet(main, "10.0.0.0/24", "ap-northeast-1a"),
    subnet(main, "10.0.1.0/24", "ap-northeast-1c"),
    subnet(main, "10.0.2.0/24", "ap-northeast-1a"),
    subnet(closed, "10.1.0.0/24", "ap-northeast-1a"),
    subnet(closed, "10.1.1.0/24", "ap-northeast-1c"),
    gateway(main),
    gateway(open),
  ]);
  const [cache, balancer, referring, referred, used, foreign] = await Promise.all([
    group(main, "cache"),
    group(main, "balancer"),
    group(main, "referring"),
    group(main, "referred"),
    group(main, "used"),
    group(closed, "foreign"),
  ]);
  const [, eni, closedEni, eip, spare, spareToo] = await Promise.all([
    aws(
      `ec2 authorize-security-group-ingress --group-id ${referring} --protocol tcp --port 1 --source-group ${referred}`,
    ),
    interfaceIn(interfaces, used),
    interfaceIn(alone, foreign),
    address(),
    address(),
    address(),
  ]);
  await aws(`ec2 associate-address --network-interface-id ${eni} --allocation-id ${eip}`);
  // Of a VPC of its own: earlier rows of the table leave caches in the default groups of the others.
  const unused = (await aws("ec2 create-vpc --cidr-block 10.99.0.0/16")).Vpc.VpcId;
  const defaultGroup = (
    await aws(`ec2 describe-security-groups --filters Name=vpc-id,Values=${unused} Name=group-name,Values=default`)
  ).SecurityGroups[0].GroupId;
  const ids = {
    main,
    closed,
    open,
    a,
    c,
    interfaces,
    alone,
    aloneToo,
    igw,
    openIgw,
    cache,
    balancer,
    referring,
    referred,
    used,
  };
  return { ...ids, foreign, eni, closedEni, eip, spare, spareToo, defaultGroup };
}

/** The arguments of a valid group; a row of the table changes one of them. */
export function buildGroup(given: Given, id: string, change: Readonly<Record<string, string>> = {}): string[] {
  const options: Record<string, string> = {
    "--replication-group-description": "d",
    "--engine": "redis",
    "--engine-version": "7.1",
    "--cache-node-type": "cache.t4g.micro",
    "--num-cache-clusters": "2",
    "--automatic-failover-enabled": "",
    "--cache-parameter-group-name": "parameters",
    "--cache-subnet-group-name": "subnets",
    "--security-group-ids": given.cache ?? "",
    "--transit-encryption-enabled": "",
    "--user-group-ids": "users",
    ...change,
  };
  const given_ = Object.entries(options).filter(([, value]) => value !== "-");
  const rest = given_.flatMap(([name, value]) => (value === "" ? [name] : [name, value]));
  return ["elasticache", "create-replication-group", "--replication-group-id", id, ...rest];
}

/** A subnet group of two subnets with IPv4 and IPv6. */
async function prepareDualStack(aws: Aws): Promise<void> {
  const made = await aws("ec2 create-vpc --cidr-block 10.3.0.0/16 --amazon-provided-ipv6-cidr-block");
  const { VpcId, Ipv6CidrBlockAssociationSet: blocks } = made.Vpc;
  const block: string = blocks[0].Ipv6CidrBlock;
  const subnet = async (number: number, zone: string) => {
    const cidrs = `--cidr-block 10.3.${number}.0/24 --ipv6-cidr-block ${block.replace(/00::\/56$/, `0${number}::/64`)}`;
    const { Subnet } = await aws(`ec2 create-subnet --vpc-id ${VpcId} ${cidrs} --availability-zone ${zone}`);
    return Subnet.SubnetId as string;
  };
  const ids = await Promise.all([subnet(0, "ap-northeast-1a"), subnet(1, "ap-northeast-1c")]);
  const group = "--cache-subnet-group-name dual --cache-subnet-group-description d";
  await aws(`elasticache create-cache-subnet-group ${group} --subnet-ids ${ids.join(" ")}`);
}

const SHARDED = ["--cache-parameter-group-name", "sharded"];

async function prepareCaches(aws: Aws, given: Given): Promise<void> {
  const parameters = (name: string, family: string) =>
    aws(
      `elasticache create-cache-parameter-group --description d --cache-parameter-group-name ${name} --cache-parameter-group-family ${family}`,
    );
  const user = (id: string, name: string, ...how: string[]) =>
    aws(
      `elasticache create-user --engine redis --user-id ${id} --user-name ${name} --access-string`,
      "on -@all",
      ...how,
    );
  const group = (id: string, engine: string, members: string) =>
    aws(`elasticache create-user-group --user-group-id ${id} --engine ${engine} --user-ids ${members}`);
  const subnets = `${given.a} ${given.c}`;
  await Promise.all([
    parameters("parameters", "redis7"),
    parameters("sharded", "redis7"),
    parameters("older", "redis6.x"),
    aws(
      `elasticache create-cache-subnet-group --cache-subnet-group-name subnets --cache-subnet-group-description d --subnet-ids ${subnets}`,
    ),
    prepareDualStack(aws),
    user("disabled", "default", "--no-password-required"),
    user("disabled2", "default", "--no-password-required"),
    user("app", "app", "--authentication-mode", "Type=iam"),
    aws(
      "elasticache create-cache-cluster --cache-cluster-id nodes --engine memcached --cache-node-type cache.t4g.micro --num-cache-nodes 2",
    ),
  ]);
  await Promise.all([
    aws(
      "elasticache modify-cache-parameter-group --cache-parameter-group-name sharded --parameter-name-values ParameterName=cluster-enabled,ParameterValue=yes",
    ),
    group("users", "redis", "disabled app"),
    group("no-iam", "redis", "disabled2"),
    group("valkey-users", "valkey", "app"),
  ]);
  await Promise.all([
    aws("", ...buildGroup(given, "group")),
    aws("", ...buildGroup(given, "gone")),
    aws("", ...buildGroup(given, "zones", { "--multi-az-enabled": "" })),
    ...["plain", "mixed", "half", "whole", "unsharded"].map((id) => aws("", ...buildGroup(given, id))),
    aws("", ...buildGroup(given, "lonely", { "--num-cache-clusters": "1", "--automatic-failover-enabled": "-" })),
  ]);
  const step = (id: string, mode: string) =>
    aws(`elasticache modify-replication-group --replication-group-id ${id} --cluster-mode ${mode}`, ...SHARDED);
  await Promise.all([step("half", "compatible"), step("whole", "compatible")]);
  await step("whole", "enabled");
  await aws("elasticache delete-replication-group --replication-group-id gone --final-snapshot-identifier last");
  await prepareServerless(aws);
}

/** One cache for each change that is refused, available; and `taken`, which stays in creation as long as nothing describes it. */
async function prepareServerless(aws: Aws): Promise<void> {
  const changed = ["a", "b", "c", "d", "e"].map((letter) => `serverless-${letter}`);
  const make = (name: string) =>
    aws(`elasticache create-serverless-cache --engine valkey --serverless-cache-name ${name}`);
  const isAvailable = async (name: string) => {
    const { ServerlessCaches } = await aws(`elasticache describe-serverless-caches --serverless-cache-name ${name}`);
    return ServerlessCaches[0].Status === "available";
  };
  await Promise.all([...changed, "taken"].map(make));
  await Promise.all(changed.map((name) => until(() => isAvailable(name), `${name} to be available`)));
  const snapshot = "--serverless-cache-name serverless-e --serverless-cache-snapshot-name last";
  await aws(`elasticache create-serverless-cache-snapshot ${snapshot}`);
}

async function prepareStores(aws: Aws): Promise<void> {
  await Promise.all([
    aws("s3api create-bucket --bucket full --create-bucket-configuration LocationConstraint=ap-northeast-1"),
    aws("secretsmanager create-secret --name secret --secret-string s"),
    aws("iam create-role --role-name role --assume-role-policy-document", TRUST),
  ]);
  await Promise.all([
    aws("s3api put-bucket-versioning --bucket full --versioning-configuration Status=Enabled"),
    aws("secretsmanager delete-secret --secret-id secret --recovery-window-in-days 7"),
    aws("iam put-role-policy --role-name role --policy-name p --policy-document", POLICY),
  ]);
  await aws("s3api put-object --bucket full --key old");
  await aws("s3api delete-object --bucket full --key old");
}

async function prepareBalancer(aws: Aws, { a, c, balancer, main }: Given): Promise<Given> {
  const make = async (name: string) =>
    (await aws(`elbv2 create-load-balancer --name ${name} --subnets ${a} ${c} --security-groups ${balancer}`))
      .LoadBalancers[0].LoadBalancerArn as string;
  const target = async (name: string) =>
    (await aws(`elbv2 create-target-group --name ${name} --protocol HTTP --port 5000 --vpc-id ${main}`)).TargetGroups[0]
      .TargetGroupArn as string;
  const [arn, kept, targetArn, unlistenedArn] = await Promise.all([
    make("web"),
    make("kept"),
    target("web"),
    target("unlistened"),
  ]);
  await aws(
    `elbv2 create-listener --load-balancer-arn ${arn} --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn=${targetArn}`,
  );
  await aws(
    `elbv2 modify-load-balancer-attributes --load-balancer-arn ${kept} --attributes Key=deletion_protection.enabled,Value=true`,
  );
  return { balancerArn: arn, keptArn: kept, targetArn, unlistenedArn };
}

/** A service on a capacity provider, and a cluster that has another one. */
async function prepareServices(aws: Aws): Promise<void> {
  const group = "arn:aws:autoscaling:ap-northeast-1:123456789012:autoScalingGroup:1:autoScalingGroupName/group";
  const provider = async (name: string) => {
    const its = `--auto-scaling-group-provider autoScalingGroupArn=${group}`;
    await aws(`ecs create-capacity-provider --name ${name} ${its}`);
    await aws(`ecs create-cluster --cluster-name ${name} --capacity-providers ${name}`);
  };
  await Promise.all([
    provider("busy"),
    provider("idle"),
    aws("ecs register-task-definition --family app --container-definitions name=app,image=app,memory=64"),
  ]);
  const strategy = "--capacity-provider-strategy capacityProvider=busy,weight=1";
  await aws(
    `ecs create-service --cluster busy --service-name busy --task-definition app --desired-count 1 ${strategy}`,
  );
}
