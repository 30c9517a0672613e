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

/** A company's own VPC with a way out, and a cache with a password in it. @returns the settings that name them. */
export async function makeNetworkAndCache(double: StrictAws): Promise<Settings> {
  const aws = (line: string) => double.aws(...words(line));
  const vpcId = (await aws("ec2 create-vpc --cidr-block 172.20.0.0/16")).Vpc.VpcId;
  const gateway = (await aws("ec2 create-internet-gateway")).InternetGateway.InternetGatewayId;
  await aws(`ec2 attach-internet-gateway --internet-gateway-id ${gateway} --vpc-id ${vpcId}`);
  const subnet = async (cidr: string, zone: string) => {
    const made = await aws(
      `ec2 create-subnet --vpc-id ${vpcId} --cidr-block ${cidr} --availability-zone ap-northeast-1${zone}`,
    );
    const { RouteTableId } = (await aws(`ec2 create-route-table --vpc-id ${vpcId}`)).RouteTable;
    const subnetId = made.Subnet.SubnetId;
    await aws(`ec2 associate-route-table --route-table-id ${RouteTableId} --subnet-id ${subnetId}`);
    return { subnetId, cidr, routeTableId: RouteTableId as string };
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
  const group = await aws(`ec2 create-security-group --vpc-id ${vpcId} --group-name cache --description cache`);
  const { ARN } = await aws("secretsmanager create-secret --name cache-password --secret-string a-password");
  return {
    existingNetwork: { vpcId, cidr: "172.20.0.0/16", publicSubnets, privateSubnets },
    existingRedis: {
      host: "master.cache.example.com",
      securityGroupId: group.GroupId,
      auth: { kind: "password", userName: "app", passwordSecretArn: ARN },
    },
    // What cdktf.json says about a network to be made.
    vpcCidr: null,
    availabilityZones: null,
    nat: null,
  };
}
