import type { Configuration, Resource } from "../terraform/configuration";
import { list, parseStatements, type Statement } from "../terraform/iam-statement";
import type { Arrow, Box, Part } from "./drawing";

const ANYWHERE = "0.0.0.0/0";
/** The end of arrows that come from visitors. */
export const VISITORS = "visitors";
/** The end of arrows that lead out of AWS. */
export const INTERNET = "internet";

/** All allowed connections and calls between the boxes of a stack, once each. */
export function findArrows(stack: Configuration, boxes: readonly Box[]): Arrow[] {
  const all = [
    ...fromOutside(stack, boxes),
    ...calls(stack, boxes),
    ...betweenGroups(stack, boxes),
    ...toOutside(stack, boxes),
    ...permissions(stack, boxes),
  ];
  return [...new Map(all.map((arrow) => [JSON.stringify(arrow), arrow])).values()];
}

const findBox = (boxes: readonly Box[], is: (part: Part) => boolean) => boxes.find(({ parts }) => parts.some(is));
const inGroup = (boxes: readonly Box[], groups: readonly string[]) =>
  findBox(boxes, ({ group }) => group !== undefined && groups.includes(group));
const standingFor = (boxes: readonly Box[], address: string) =>
  findBox(boxes, ({ resources }) => resources.includes(address));

/** Arrows from outside of the VPC, one for each network with all of its ports. */
function fromOutside(stack: Configuration, boxes: readonly Box[]): Arrow[] {
  const reached = new Map<string, { readonly to: string; readonly whom: string; readonly open: string[] }>();
  for (const rule of stack.of("aws_vpc_security_group_ingress_rule")) {
    const box = inGroup(boxes, rule.refersTo("security_group_id"));
    const { cidr_ipv4 } = rule.values;
    if (box === undefined || typeof cidr_ipv4 !== "string") continue;
    const whom = cidr_ipv4 === ANYWHERE ? "anybody" : cidr_ipv4;
    const key = `${box.id} ${whom}`;
    reached.set(key, { to: box.id, whom, open: [...(reached.get(key)?.open ?? []), ports(rule)] });
  }
  return [...reached.values()].map(({ to, whom, open }) => ({
    from: VISITORS,
    to,
    label: `${open.sort().join(", ")}<br>from ${whom}`,
  }));
}

/** Arrows from API Gateway's APIs, which are in no VPC and in no security group. */
function calls(stack: Configuration, boxes: readonly Box[]): Arrow[] {
  return stack.of("aws_apigatewayv2_integration").flatMap((integration) => {
    const [api, called] = ["api_id", "integration_uri"].map(
      (argument) => integration.refersTo(argument).map((address) => standingFor(boxes, address))[0],
    );
    if (api === undefined || called === undefined) return [];
    return [
      { from: VISITORS, to: api.id, label: "https" },
      { from: api.id, to: called.id, label: "invokes" },
    ];
  });
}

/** Arrows between security groups. Traffic needs an egress rule of the source and an ingress rule of the target. */
function betweenGroups(stack: Configuration, boxes: readonly Box[]): Arrow[] {
  const into = stack.of("aws_vpc_security_group_ingress_rule");
  return stack.of("aws_vpc_security_group_egress_rule").flatMap((out) => {
    const isOther = (rule: Resource) =>
      ports(rule) === ports(out) &&
      rule
        .refersTo("referenced_security_group_id")
        .some((group) => out.refersTo("security_group_id").includes(group)) &&
      rule.refersTo("security_group_id").some((group) => out.refersTo("referenced_security_group_id").includes(group));
    const from = inGroup(boxes, out.refersTo("security_group_id"));
    const to = inGroup(boxes, out.refersTo("referenced_security_group_id"));
    if (from === undefined || to === undefined || !into.some(isOther)) return [];
    return [{ from: from.id, to: to.id, label: [ports(out), ...findUsers(stack, from, to)].join("<br>") }];
  });
}

/** Arrows to an endpoint's prefix list, or through the NAT gateway if private subnets have a route to it. */
function toOutside(stack: Configuration, boxes: readonly Box[]): Arrow[] {
  const nat = findBox(boxes, ({ resources }) => resources.some((address) => address.startsWith("aws_nat_gateway.")));
  return stack.of("aws_vpc_security_group_egress_rule").flatMap((rule) => {
    const box = inGroup(boxes, rule.refersTo("security_group_id"));
    if (box === undefined) return [];
    const endpoint = rule.refersTo("prefix_list_id").map((address) => standingFor(boxes, address))[0];
    if (endpoint !== undefined) return [{ from: box.id, to: endpoint.id, label: ports(rule) }];
    if (rule.values.cidr_ipv4 !== ANYWHERE) return [];
    if (box.place === "public" || nat === undefined)
      return [{ from: box.id, to: INTERNET, label: ports(rule), isWayOut: true }];
    return [
      { from: box.id, to: nat.id, label: ports(rule), isWayOut: true },
      { from: nat.id, to: INTERNET, label: "" },
    ];
  });
}

/** Arrows for the permissions of a box's roles on resources of the stack. */
function permissions(stack: Configuration, boxes: readonly Box[]): Arrow[] {
  return boxes.flatMap((box) =>
    permittedTo(stack, box).flatMap(({ Action, Resource: on }) => {
      const verb = list(Action).every((action) => /:(Get|Scan|Query|List|Describe)/.test(action))
        ? "reads"
        : "reads, writes";
      const addresses = [
        ...JSON.stringify(on ?? []).matchAll(/\$\{(aws_(?:s3_bucket|dynamodb_table|secretsmanager_secret)\.[\w-]+)\./g),
      ];
      const targets = addresses.flatMap(([, address]) => standingFor(boxes, address as string) ?? []);
      return targets.map((target) => ({ from: box.id, to: target.id, label: verb, dotted: true }));
    }),
  );
}

/** Names of the cache's users with which a box logs in by IAM. */
function findUsers(stack: Configuration, from: Box, to: Box): string[] {
  const text = permittedTo(stack, from)
    .filter(({ Action }) => Action === "elasticache:Connect")
    .map((statement) => JSON.stringify(statement.Resource))
    .join();
  const isThere = to.parts.some(({ resources }) => resources.some((address) => text.includes(address)));
  const users = stack.of("aws_elasticache_user").filter(({ address }) => isThere && text.includes(`${address}.`));
  return users.map(({ values }) => `as ${values.user_name}`);
}

/** The statements in the policies of a box's roles that allow actions. */
function permittedTo(stack: Configuration, box: Box): Statement[] {
  const roles = box.parts.flatMap((part) => part.roles);
  const policies = stack
    .of("aws_iam_role_policy")
    .filter((policy) => policy.refersTo("role").some((role) => roles.includes(role)));
  return policies.flatMap(({ values }) => parseStatements(values.policy)).filter(({ Effect }) => Effect === "Allow");
}

function ports({ values }: Resource): string {
  const { ip_protocol, from_port, to_port } = values;
  if (ip_protocol === "-1") return "everything";
  return `${ip_protocol} ${from_port === to_port ? from_port : `${from_port} to ${to_port}`}`;
}
