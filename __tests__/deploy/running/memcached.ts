import type { Certificate } from "../../programs/certificate";
import { type MemcachedServer, startMemcached } from "../../programs/memcached-server";
import type { Applied, AppliedState } from "./state";
import type { Reachable } from "./surroundings";

/** A memcached cluster as applied: its nodes run. */
export interface RunningMemcached extends Reachable {
  readonly id: string;
  readonly nodes: readonly MemcachedServer[];
  readonly standIns: readonly string[];
  stop(): Promise<void>;
}

/** Where clients of engines before 1.4.14 ask which nodes there are; memcached itself knows no other command. */
const OLDER_DISCOVERY_KEY = "AmazonElastiCache:cluster";

/**
 * Parameters by memcached's own options; others are of the same name behind `-o`.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html#ParameterGroups.Memcached
 */
const OPTIONS: Readonly<Record<string, string>> = {
  chunk_size: "-n",
  chunk_size_growth_factor: "-f",
  max_item_size: "-I",
  max_simultaneous_connections: "-c",
};

/** All names a cluster's clients may call it by. */
export function memcachedNames(cluster: Applied): string[] {
  return [cluster.cluster_address, ...cluster.cache_nodes.map(({ address }: Applied) => address)];
}

/**
 * Starts a cluster's nodes with its parameter group's values, each of which tells of all.
 *
 * @throws with what memcached said, when it refuses a parameter.
 */
export async function startMemcachedCluster(
  state: AppliedState,
  cluster: Applied,
  certificate: Certificate,
): Promise<RunningMemcached> {
  const { cluster_id: id, port, cache_nodes: places } = cluster;
  const args = parameters(state, cluster);
  const tls = cluster.transit_encryption_enabled ? { tls: certificate } : {};
  const started = await Promise.allSettled((places as Applied[]).map(() => startMemcached({ ...tls, args })));
  const nodes = started.flatMap((node) => (node.status === "fulfilled" ? [node.value] : []));
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  const failed = started.find((node) => node.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw new Error(`${id}: ${failed.reason.message}`);
  }
  const list = (places as Applied[]).map(({ address, port: nodePort }) => `${address}||${nodePort}`).join(" ");
  await Promise.all(nodes.map((node) => node.put(OLDER_DISCOVERY_KEY, `1\n${list}\n`)));
  const leadTo = (node: MemcachedServer | undefined) => () => (node as MemcachedServer).port;
  return {
    id,
    end: { name: `cache ${id}`, securityGroups: cluster.security_group_ids },
    port,
    nodes,
    ways: [
      { host: cluster.cluster_address, port, leadsTo: leadTo(nodes[0]) },
      ...(places as Applied[]).map((place, n) => ({
        host: place.address,
        port: place.port,
        leadsTo: leadTo(nodes[n]),
      })),
    ],
    standIns: ["memcached's discovery: the older command, since memcached itself knows no other"],
    stop,
  };
}

function parameters(state: AppliedState, cluster: Applied): string[] {
  const group = state.all("aws_elasticache_parameter_group").find(({ name }) => name === cluster.parameter_group_name);
  return ((group?.parameter ?? []) as { name: string; value: string }[]).flatMap(({ name, value }) =>
    OPTIONS[name] === undefined ? ["-o", `${name}=${value}`] : [OPTIONS[name], value],
  );
}
