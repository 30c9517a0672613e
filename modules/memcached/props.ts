import { HAS_ARN, type HasArn } from "../has-arn";
import type { INetwork, ZoneLetter } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, NUMBER, objectWith, type PropTypes, recordOf, TEXT } from "../validation";
import type { MemcachedEngine } from "./engine";
import type { AzMode } from "./placement";

/** Properties of a {@link MemcachedCluster}. */
export interface MemcachedClusterProps extends ProviderProps {
  /** The network of the cache. The cache is in its private subnets. */
  readonly network: INetwork;

  /**
   * Version of memcached.
   * @default MemcachedEngine.MEMCACHED_1_6_22
   */
  readonly engine?: MemcachedEngine;

  /**
   * Number of nodes, 1 to 60. Each has a part of the keys, without copies. When a node fails, its part is lost until the app writes it
   * again.
   * @default - one in each zone of the network
   */
  readonly nodes?: number;

  /**
   * Whether nodes are in several zones.
   * @default - AzMode.CROSS with at least two nodes in two zones
   */
  readonly azMode?: AzMode;

  /**
   * Letter of each node's zone, in the order of the nodes.
   * @default - the network's zones one after the other
   */
  readonly zones?: readonly ZoneLetter[];

  /**
   * Node type, the size of each node.
   * @default "cache.t4g.micro"
   */
  readonly nodeType?: string;

  /**
   * Whether clients connect with TLS. A change replaces the cluster.
   * @default true
   */
  readonly transitEncryption?: boolean;

  /**
   * Parameters by name, as in `{ chunk_size_growth_factor: "1.1" }`.
   * @default - the engine's own
   */
  readonly parameters?: Readonly<Record<string, string>>;

  /**
   * Time of maintenance, `ddd:hh:mm-ddd:hh:mm` in UTC, from an hour to a day.
   * @default - ElastiCache chooses
   */
  readonly maintenanceWindow?: string;

  /**
   * SNS topic for notifications of added, removed and replaced nodes.
   * @default - none
   */
  readonly notificationTopic?: HasArn;
}

/** Types of the props of {@link MemcachedClusterProps}. */
export const MEMCACHED_CLUSTER_PROPS: PropTypes<MemcachedClusterProps> = {
  ...PROVIDER_PROPS,
  network: NETWORK,
  engine: objectWith("a MemcachedEngine", 'take MemcachedEngine.of({ version: "1.6.22" })', "version", "family"),
  nodes: NUMBER,
  azMode: TEXT,
  zones: listOf(TEXT),
  nodeType: TEXT,
  transitEncryption: BOOLEAN,
  parameters: recordOf(TEXT),
  maintenanceWindow: TEXT,
  notificationTopic: HAS_ARN,
};
