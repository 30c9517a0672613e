import { words } from "./aws-double/fixtures";
import type { StrictAws } from "./aws-double/start";
import type { Settings } from "./synthesize";

const ZONES = ["a", "c"] as const;

/** @returns its name. */
export async function makeKeyPair({ aws }: StrictAws): Promise<string> {
  return (await aws(...words("ec2 create-key-pair --key-name administrator"))).KeyName;
}

/** @returns its ARN, the same each time. */
export async function makeCertificate({ aws }: StrictAws): Promise<string> {
  const request = "acm request-certificate --domain-name app.example.com --idempotency-token app";
  return (await aws(...words(request))).CertificateArn;
}

/** A prefix list and a security group of a company. @returns the settings that admit both. */
export async function makeVisitors({ aws }: StrictAws): Promise<Settings> {
  const list = "ec2 create-managed-prefix-list --prefix-list-name company --max-entries 5 --address-family IPv4";
  const { PrefixListId } = (await aws(...words(list))).PrefixList;
  const group = `ec2 create-security-group --group-name office-${PrefixListId} --description office`;
  const { GroupId } = await aws(...words(group));
  return { allowedPrefixLists: { company: PrefixListId }, allowedSecurityGroups: { office: GroupId } };
}

/** A VPC that is made. */
interface MadeNetwork {
  readonly vpcId: string;
  /** Settings that name it. */
  readonly settings: Settings;
}

/** A company's own VPC with a way out. */
async function makeNetwork(double: StrictAws, { ipv6 }: { readonly ipv6: boolean }): Promise<MadeNetwork> {
  const aws = (line: string) => double.aws(...words(line));
  const { Vpc } = await aws(
    `ec2 create-vpc --cidr-block 172.20.0.0/16 ${ipv6 ? "--amazon-provided-ipv6-cidr-block" : ""}`,
  );
  const vpcId: string = Vpc.VpcId;
  const block: string = ipv6 ? Vpc.Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock : "";
  let subnets = 0;
  const gateway = (await aws("ec2 create-internet-gateway")).InternetGateway.InternetGatewayId;
  await aws(`ec2 attach-internet-gateway --internet-gateway-id ${gateway} --vpc-id ${vpcId}`);
  const subnet = async (cidr: string, zone: string) => {
    const ipv6Cidr = block.replace(/00::\/56$/, `0${subnets++}::/64`);
    const blocks = `--cidr-block ${cidr} ${ipv6 ? `--ipv6-cidr-block ${ipv6Cidr}` : ""}`;
    const made = await aws(`ec2 create-subnet --vpc-id ${vpcId} ${blocks} --availability-zone ap-northeast-1${zone}`);
    const { RouteTableId } = (await aws(`ec2 create-route-table --vpc-id ${vpcId}`)).RouteTable;
    const subnetId = made.Subnet.SubnetId;
    await aws(`ec2 associate-route-table --route-table-id ${RouteTableId} --subnet-id ${subnetId}`);
    return { subnetId, cidr, ...(ipv6 && { ipv6Cidr }), routeTableId: RouteTableId as string };
  };
  const publicSubnets: Record<string, Awaited<ReturnType<typeof subnet>>> = {};
  const privateSubnets: typeof publicSubnets = {};
  for (const [index, zone] of ZONES.entries()) {
    const open = await subnet(`172.20.${index}.0/24`, zone);
    await aws(
      `ec2 create-route --route-table-id ${open.routeTableId} --destination-cidr-block 0.0.0.0/0 --gateway-id ${gateway}`,
    );
    publicSubnets[zone] = open;
    privateSubnets[zone] = await subnet(`172.20.1${index}.0/24`, zone);
  }
  const settings = {
    existingNetwork: { vpcId, cidr: "172.20.0.0/16", publicSubnets, privateSubnets },
    // What cdktf.json says about a network to be made.
    vpcCidr: null,
    availabilityZones: null,
    nat: null,
  };
  return { vpcId, settings };
}

/** The VPC of each double in which subnets have IPv6 too: an edit is of the stack in the same one. */
const dualStack = new WeakMap<StrictAws, Promise<MadeNetwork>>();

/** A company's own VPC whose subnets have IPv6 too. @returns the settings that name it, the same each time. */
export async function makeDualStackNetwork(double: StrictAws): Promise<Settings> {
  const made = dualStack.get(double) ?? makeNetwork(double, { ipv6: true });
  dualStack.set(double, made);
  return (await made).settings;
}

/** A company's own VPC with a way out, and a cache with a password in it. @returns the settings that name them. */
export async function makeNetworkAndCache(double: StrictAws): Promise<Settings> {
  const aws = (line: string) => double.aws(...words(line));
  const { vpcId, settings } = await makeNetwork(double, { ipv6: false });
  const group = await aws(`ec2 create-security-group --vpc-id ${vpcId} --group-name cache --description cache`);
  const { ARN } = await aws("secretsmanager create-secret --name cache-password --secret-string a-password");
  return {
    ...settings,
    existingRedis: {
      host: "master.cache.example.com",
      securityGroupId: group.GroupId,
      auth: { kind: "password", userName: "app", passwordSecretArn: ARN },
    },
  };
}
