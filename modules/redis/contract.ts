import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import type { Peer } from "../connections";

/** Where clients connect. */
export interface RedisEndpoint {
  /** Name that always leads to the primary; in cluster mode, to a node that knows all others. */
  readonly host: string;
  /** TCP port; a plain number. */
  readonly port: number;
}

/** A role that compute runs as. An IamRole of the provider is one. */
export interface ConnectingRole extends Construct {
  /** Name of the role. */
  readonly name: string;
}

/**
 * A cache in the variables of the environment contract, with mode and login: an app that has these and was granted the
 * connection needs nothing else. Values may be Terraform tokens; none is a secret.
 */
export interface RedisVariables {
  /** By REDIS_URL where the mode allows it. */
  readonly connection: EnvironmentVariables;
  /** The same by REDIS_CLUSTER_ENDPOINT, whatever the mode. */
  readonly connectionByEndpoint: EnvironmentVariables;
}

/** What topologies need of a cache, whoever made it. */
export interface IRedisCluster extends Peer, RedisVariables {
  /** Where clients connect, whatever the mode. */
  readonly endpoint: RedisEndpoint;
  /**
   * Client connections that each node takes: a bound of the functions that connect.
   * @default - 65,000, as a node of most types takes
   */
  readonly connectionLimit?: number;

  /**
   * Lets a peer connect to the cache's port.
   * @returns what compute that connects at its start must depend on.
   */
  allowFrom(peer: Peer): ITerraformDependable[];

  /**
   * Lets whoever has the role log in as the cache's user and as nobody else: by IAM, or by reading the user's password.
   * @returns what compute that connects at its start must depend on.
   */
  grantConnect(role: ConnectingRole): ITerraformDependable[];
}

/** A cache as one of its users: what whoever connects as that user has to know, and be granted. */
export type RedisUser = Pick<IRedisCluster, "connection" | "connectionLimit" | "allowFrom" | "grantConnect">;
