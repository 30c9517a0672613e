import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { Peer } from "../connections";

/** Where clients connect. */
export interface RedisEndpoint {
  /** Name that always leads to the primary. */
  readonly host: string;
  /** TCP port; a plain number. */
  readonly port: number;
}

/** A role that compute runs as. An IamRole of the provider is one. */
export interface ConnectingRole extends Construct {
  /** Name of the role. */
  readonly name: string;
}

/** What topologies need of a cache, whoever made it. */
export interface IRedisCluster extends Peer {
  /** Where clients connect, by TLS only. */
  readonly endpoint: RedisEndpoint;
  /** Id that IAM tokens are signed for; lower case and known at synth. */
  readonly cacheId: string;
  /** User that IAM tokens are signed for; known at synth. */
  readonly userName: string;

  /**
   * Lets a peer connect to the cache's port.
   * @returns what compute that connects at its start must depend on.
   */
  allowFrom(peer: Peer): ITerraformDependable[];

  /**
   * Lets whoever has the role log in as the cache's user, and as nobody else.
   * @returns what compute that connects at its start must depend on.
   */
  grantConnect(role: ConnectingRole): ITerraformDependable[];
}
