import type { Certificate } from "../../programs/certificate";
import { type CacheNode, startElastiCache } from "../../programs/elasticache";
import type { Way } from "../../programs/own-network";
import type { StrictAws } from "../aws-double/start";
import { iamUsers, redisAcl, redisParameters } from "./redis-parameters";
import type { Applied, AppliedState } from "./state";
import type { Reachable } from "./surroundings";

/** A node and its zone. */
export interface RedisNode extends CacheNode {
  readonly zone: string;
}

/** A replication group as applied: its servers run. */
export interface RunningRedis extends Reachable {
  readonly id: string;
  /** Shard by shard. */
  readonly nodes: readonly RedisNode[];
  /** Without cluster mode: the one node that is written to. */
  primary(): RedisNode;
  /** The differences from AWS. */
  readonly standIns: readonly string[];
  /** Makes a replica the primary of its shard; without cluster mode the primary endpoint follows. */
  promote(node: RedisNode): Promise<void>;
  /** Gives its users the rights they have in the state now; links stay. */
  follow(): Promise<void>;
  /** Another certificate in its nodes, for links that are made from now on. */
  renew(certificate: Pick<Certificate, "cert" | "key">): Promise<void>;
  /** The commands that its ACL refused so far, as text for people. */
  refusals(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Where a node of the applied state stands, and by what name. */
interface Place {
  readonly member: string;
  readonly name: string;
  readonly zone: string;
}

/** All names a replication group's clients may call it by. */
export function redisNames(group: Applied, places: readonly Place[]): string[] {
  const { primary_endpoint_address, reader_endpoint_address, configuration_endpoint_address } = group;
  const endpoints = [primary_endpoint_address, reader_endpoint_address, configuration_endpoint_address];
  return [...endpoints.filter(Boolean), ...places.map(({ name }) => name)];
}

/** The nodes of all replication groups, which the state does not name. */
export async function redisPlaces({ aws }: StrictAws): Promise<Place[]> {
  const { CacheClusters = [] } = await aws("elasticache", "describe-cache-clusters", "--show-cache-node-info");
  return (CacheClusters as Applied[]).flatMap(({ CacheClusterId, PreferredAvailabilityZone, CacheNodes, Engine }) =>
    Engine === "memcached"
      ? []
      : [{ member: CacheClusterId, zone: PreferredAvailabilityZone, name: CacheNodes[0].Endpoint.Address }],
  );
}

/**
 * Starts a replication group's servers with its parameter group's values, TLS and its users' rights.
 *
 * @throws with what redis-server said, when it refuses one of them.
 */
export async function startRedisGroup(
  state: AppliedState,
  group: Applied,
  { certificate, places }: { readonly certificate: Certificate; readonly places: readonly Place[] },
): Promise<RunningRedis> {
  const id: string = group.replication_group_id;
  const own = (group.member_clusters as string[]).map((member) => {
    const place = places.find((known) => known.member === member);
    if (place === undefined) throw new Error(`${id}: AWS knows no member ${member}`);
    return place;
  });
  const parameters = redisParameters(state, group);
  let acl = redisAcl(state, group);
  const cache = await startElastiCache({
    ...(group.transit_encryption_enabled && { certificate }),
    acl,
    parameters: parameters.arguments,
    names: own.map(({ name }) => name),
    replicas: group.replicas_per_node_group ?? own.length - 1,
    ...(group.cluster_enabled && { shards: group.num_node_groups }),
  }).catch((error) => {
    throw new Error(`${id}: ${(error as Error).message}`);
  });
  const nodes = cache.nodes.map((node, n) => ({ ...node, zone: own[n]?.zone as string }));
  const alive = () =>
    nodes.filter(({ server: { process } }) => process.exitCode === null && process.signalCode === null);
  let primary = nodes[0] as RedisNode;
  const port: number = group.port;
  const way = (host: string, node: () => RedisNode | undefined): Way[] =>
    host ? [{ host, port, leadsTo: () => (node() ?? primary).server.port }] : [];
  const ways = group.cluster_enabled
    ? [
        ...way(group.configuration_endpoint_address, () => alive()[0]),
        ...nodes.map(({ name, server }) => ({ host: name, port: server.port, leadsTo: () => server.port })),
      ]
    : [
        ...way(group.primary_endpoint_address, () => primary),
        ...way(group.reader_endpoint_address, () => nodes.find((node) => node !== primary)),
      ];
  return {
    id,
    end: { name: `cache ${id}`, securityGroups: group.security_group_ids },
    port,
    nodes,
    ways,
    connectsTo: (userName) => iamUsers(state, group, userName).flatMap((user) => [group.arn, user.arn]),
    standIns: [
      ...(group.cluster_enabled ? ["ports of the cluster's nodes"] : []),
      ...(group.user_group_ids?.length > 0 ? ["the check of IAM tokens: any is taken"] : []),
      ...(group.transit_encryption_enabled ? ["the CA of Amazon's certificates"] : []),
      ...parameters.unknown.map((name) => `the parameter ${name}, which redis-server does not know`),
    ],
    async promote(node) {
      if (group.cluster_enabled) return void (await node.admin.cluster("FAILOVER", "TAKEOVER"));
      await node.admin.replicaof("NO", "ONE");
      const others = alive().filter((other) => other !== node);
      await Promise.all(others.map(({ admin }) => admin.replicaof("127.0.0.1", node.server.port)));
      primary = node;
    },
    primary: () => primary,
    async follow() {
      const users = redisAcl(state, group).filter((user) => !acl.includes(user));
      acl = redisAcl(state, group);
      await Promise.all(alive().map(({ admin }) => setUsers(admin, users)));
    },
    async renew({ cert, key }) {
      const files = ["tls-cert-file", cert, "tls-key-file", key];
      await Promise.all(alive().map(({ admin }) => admin.call("CONFIG", "SET", ...files)));
    },
    async refusals() {
      return listRefusals(id, alive());
    },
    stop: () => cache.stop(),
  };
}

/** The commands that the ACLs of nodes refused so far, as text for people. */
export async function listRefusals(id: string, nodes: readonly RedisNode[]): Promise<string[]> {
  const logs = await Promise.all(nodes.map(({ admin }) => admin.call("ACL", "LOG")));
  return (logs as unknown[][][]).flat().map((entry) => {
    const fields = Object.fromEntries(pairs(entry));
    return `${id} refused ${fields.username} ${fields.reason} ${fields.object}`;
  });
}

/** Each in one go, as lines of an ACL file say: `user <name> <rules>`. */
async function setUsers(admin: RedisNode["admin"], users: readonly string[]): Promise<void> {
  for (const user of users) {
    const [, name = "", ...rules] = user.split(" ");
    await admin.acl("SETUSER", name, "reset", ...rules);
  }
}

function pairs(flat: readonly unknown[]): [string, unknown][] {
  return flat.flatMap((name, n) => (n % 2 === 0 ? [[String(name), flat[n + 1]] as [string, unknown]] : []));
}
