import type { ITerraformDependable } from "cdktf";
import type { PhotoCacheVariables } from "../../environment/photo-cache";
import type { Peer } from "../connections";

/** The address for discovery of nodes. */
export interface MemcachedEndpoint {
  /** DNS name of the configuration endpoint. It resolves to a node, and every node knows all others. */
  readonly host: string;
  /** TCP port of the endpoint and of each node; a plain number. */
  readonly port: number;
}

/** The contract's variables for a cluster. */
export function connectionVariables({ host, port }: MemcachedEndpoint, tls: boolean): PhotoCacheVariables {
  return { MEMCACHED_ENDPOINT: `${host}:${port}`, MEMCACHED_TLS: String(tls) };
}

/** The contract between topologies and a memcached cluster, new or existing. */
export interface IMemcachedCluster extends Peer {
  /** The configuration endpoint. */
  readonly endpoint: MemcachedEndpoint;

  /**
   * The photo-cache function's variables for the endpoint and TLS. Values may be Terraform tokens; none is a secret.
   */
  readonly connection: PhotoCacheVariables;

  /** Whether the cluster accepts TLS connections only. */
  readonly transitEncryption: boolean;

  /**
   * Lets a peer connect to all nodes.
   * @returns resources that compute must depend on when it connects at its start.
   */
  allowFrom(peer: Peer): ITerraformDependable[];
}
