import { HAS_ARN, type HasArn } from "../has-arn";
import type { INetwork, ZoneLetter } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, NUMBER, objectWith, type PropTypes, recordOf, TEXT } from "../validation";
import type { MemcachedEngine } from "./engine";
import type { AzMode } from "./placement";

/** Properties of a {@link MemcachedCluster}. */
export interface MemcachedClusterProps extends ProviderProps {
  /** Where the cache stands: in its private subnets. */
  readonly network: INetwork;

  /**
   * Version of memcached.
   * @default MemcachedEngine.MEMCACHED_1_6_22
   */
  readonly engine?: MemcachedEngine;

  /**
   * Number of nodes, 1 to 60. Each holds a part of the keys and none is a copy: the loss of a node is the loss of its
   * part, until it is filled again.
   * @default - one in each zone of the network
   */
  readonly nodes?: number;

  /**
   * Whether nodes are in several zones.
   * @default - AzMode.CROSS where there are two nodes in two zones or more
   */
  readonly azMode?: AzMode;

  /**
   * Letter of each node's zone, in the order of the nodes.
   * @default - the network's zones one after the other
   */
  readonly zones?: readonly ZoneLetter[];

  /**
   * Size of each node.
   * @default "cache.t4g.micro"
   */
  readonly nodeType?: string;

  /**
   * Whether clients connect by TLS. Another value means another cluster.
   * @default true
   */
  readonly transitEncryption?: boolean;

  /**
   * Parameters by name, as in `{ chunk_size_growth_factor: "1.1" }`.
   * @default - the engine's own
   */
  readonly parameters?: Readonly<Record<string, string>>;

  /**
   * When ElastiCache may do maintenance, `ddd:hh:mm-ddd:hh:mm` in UTC, from an hour to a day.
   * @default - ElastiCache chooses
   */
  readonly maintenanceWindow?: string;

  /**
   * SNS topic that hears of nodes added, removed and replaced.
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
