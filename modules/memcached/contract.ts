import type { ITerraformDependable } from "cdktf";
import type { PhotoCacheVariables } from "../../environment/photo-cache";
import type { Peer } from "../connections";

/** Where clients ask which nodes there are. */
export interface MemcachedEndpoint {
  /** The configuration endpoint's name: it leads to some node, and every node knows all others. */
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
   * The same, with TLS, as the variables of the photo-cache function's contract that say it. Values may be Terraform
   * tokens; none is a secret.
   */
  readonly connection: PhotoCacheVariables;

  /** Whether clients connect by TLS, and in no other way. */
  readonly transitEncryption: boolean;

  /**
   * Lets a peer connect to all nodes.
   * @returns what compute that connects at its start must depend on.
   */
  allowFrom(peer: Peer): ITerraformDependable[];
}
