import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import type { Peer } from "../connections";

/** The address that clients connect to. */
export interface RedisEndpoint {
  /** DNS name. It always resolves to the primary; in cluster mode, to a node that knows all others; the same for a serverless cache. */
  readonly host: string;
  /** TCP port; a plain number. */
  readonly port: number;
}

/** The role of a client's compute. An IamRole of the provider is one. */
export interface ConnectingRole extends Construct {
  /** Name of the role. */
  readonly name: string;
}

/**
 * The environment contract's variables for a cache: address, mode and login. An app with these variables, the network rules and
 * the grant needs nothing else. Values may be Terraform tokens; none is a secret.
 */
export interface RedisVariables {
  /** The variables with REDIS_URL, or REDIS_CLUSTER_ENDPOINT in cluster mode. */
  readonly connection: EnvironmentVariables;
  /** The same with REDIS_CLUSTER_ENDPOINT, in both modes. */
  readonly connectionByEndpoint: EnvironmentVariables;
}

/** A cache as topologies use it: of nodes or serverless, a new one or an existing one. */
export interface IRedisCluster extends Peer, RedisVariables {
  /** The address that clients connect to, in both modes. */
  readonly endpoint: RedisEndpoint;
  /**
   * The most client connections of each node. It limits the concurrency of functions that connect.
   * @default - 65,000, the limit of most node types
   */
  readonly connectionLimit?: number;

  /**
   * Lets a peer connect to the cache's port.
   * @returns what compute that connects at its start must depend on.
   */
  allowFrom(peer: Peer): ITerraformDependable[];

  /**
   * Lets the role log in as the cache's user, and as no other user: by IAM, or with the user's password, which the role can then read.
   * @returns what compute that connects at its start must depend on.
   */
  grantConnect(role: ConnectingRole): ITerraformDependable[];

  /**
   * Adds a user of the cache that logs in by IAM, with permissions of its own.
   *
   * @param key - last part of the user's name.
   * @param accessString - the user's access string for the cache's mode, in the order in which ElastiCache returns it.
   * @throws when the cache uses an existing user group.
   * @default - undefined for an existing cache, because its owner creates its users
   */
  addUser?(key: string, accessString: (mode: "single" | "cluster") => string): RedisUser;
}

/** A cache for one of its users: the variables, the network rules and the grant that this user needs. */
export type RedisUser = Pick<IRedisCluster, "connection" | "connectionLimit" | "allowFrom" | "grantConnect">;
