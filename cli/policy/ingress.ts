import { blocks, type Configuration, type Resource, texts, type Values } from "../terraform/configuration";
import { isWorld } from "../terraform/world";

const RULE = "aws_vpc_security_group_ingress_rule";
const OLDER_RULE = "aws_security_group_rule";
const GROUPS = ["aws_security_group", "aws_default_security_group"];

/** The types of resources that let connections in to a security group: rules, older rules, and groups with rules inside. */
export const INGRESS_TYPES = [RULE, OLDER_RULE, ...GROUPS];

/** Connections that a security group admits. */
export interface Ingress {
  /** `-1` for every protocol. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** IPv4 and IPv6 blocks. */
  readonly networks: readonly string[];
  /** Whether addresses may connect: blocks or a prefix list. */
  readonly isFromAddresses: boolean;
}

/** Everything that a resource of {@link INGRESS_TYPES} lets in. */
export function readIngress(resource: Resource, configuration: Configuration): readonly Ingress[] {
  const { type, values } = resource;
  if (type === RULE) return [toIngress(values, values.ip_protocol)];
  if (type === OLDER_RULE) return values.type === "ingress" ? [toIngress(values, values.protocol)] : [];
  if (!hasInlineIngress(resource, configuration)) return [];
  return blocks(values.ingress).map((rule) => toIngress(rule, rule.protocol));
}

/**
 * Whether a group has rules inside. After an apply, a plan lists rules of their own in the group too, where they are not
 * written. A plan does not tell that dynamic blocks are written: without rules of its own, what a group has comes from those.
 */
export function hasInlineIngress(group: Resource, configuration: Configuration): boolean {
  if (group.written("ingress") !== undefined || group.refersTo("ingress").length > 0) return true;
  return findRules(group, configuration).length === 0 && blocks(group.values.ingress).length > 0;
}

/** The rules of their own that a group has. */
export function findRules(group: Resource, configuration: Configuration): readonly Resource[] {
  const types = [RULE, OLDER_RULE, "aws_vpc_security_group_egress_rule"];
  return types.flatMap((type) => configuration.pointingAt(group, type, "security_group_id"));
}

/** The groups that a resource of {@link INGRESS_TYPES} opens. */
export function findGroups(resource: Resource, configuration: Configuration): readonly Resource[] {
  if (GROUPS.includes(resource.type)) return [resource];
  return GROUPS.flatMap((type) => configuration.behind(resource, "security_group_id", type));
}

function toIngress(rule: Values, protocol: Values[string] | undefined): Ingress {
  const { cidr_ipv4, cidr_ipv6, cidr_blocks, ipv6_cidr_blocks, prefix_list_id, prefix_list_ids } = rule;
  const networks = [cidr_ipv4, cidr_ipv6, cidr_blocks, ipv6_cidr_blocks].flatMap(texts);
  const lists = [prefix_list_id, prefix_list_ids].flatMap(texts);
  return {
    protocol: normalizeProtocol(String(protocol)),
    from: Number(rule.from_port),
    to: Number(rule.to_port),
    networks,
    isFromAddresses: networks.length + lists.length > 0,
  };
}

/** The provider takes names in any case, and numbers. */
function normalizeProtocol(protocol: string): string {
  const name = protocol.toLowerCase();
  return name === "all" ? "-1" : name === "6" ? "tcp" : name;
}

/** Whether TCP connections to one of the ports may come in. */
export function includesPort({ protocol, from, to }: Ingress, ports: readonly number[]): boolean {
  if (protocol === "-1") return true;
  return protocol === "tcp" && ports.some((port) => from <= port && port <= to);
}

/** Whether everybody may connect. */
export function isFromWorld({ networks }: Ingress): boolean {
  return networks.some(isWorld);
}

/** Ports of the caches in a configuration, with the usual ones of Redis, of a serverless cache's reader, and of memcached. */
export function findCachePorts(configuration: Configuration): readonly number[] {
  const caches = configuration.of("aws_elasticache_replication_group", "aws_elasticache_cluster");
  const chosen = caches.map(({ values }) => Number(values.port ?? 0)).filter((port) => port > 0);
  return [...new Set([6379, 6380, 11211, ...chosen])];
}
