import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { BUSY_CONNECTIONS, MOST_CONNECTIONS } from "../elasticache";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, checkWholeNumber, objectWith, type PropTypes, required } from "../validation";
import { type AlarmProps, MissingData } from "./alarm";
import type { Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** The parts of a memcached cluster that alarms need. A MemcachedCluster is one. */
export interface WatchedMemcached {
  /** Id of the cluster; its nodes are `0001`, `0002` and so on. */
  readonly clusterId: string;
  /** How many nodes there are. */
  readonly nodes: number;
  /** Resources that must exist before the alarms. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of a {@link MemcachedAlarms}. */
export interface MemcachedAlarmsProps extends ProviderProps {
  /** The watched resource. */
  readonly memcached: WatchedMemcached;
  /** The topic and the dashboard for alarms and graphs. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link MemcachedAlarmsProps}. */
export const MEMCACHED_ALARMS_PROPS: PropTypes<MemcachedAlarmsProps> = {
  ...PROVIDER_PROPS,
  memcached: required(objectWith("a MemcachedCluster", "create a MemcachedCluster", "clusterId", "nodes")),
  monitoring: MONITORING,
};

/** ElastiCache publishes a value a minute. */
const MINUTES = 5;
/** Minutes in a row. A cache may evict old items for a short time; after this time, it is too small. */
const EVICTING_MINUTES = 15;
/** Memcached uses all cores of every node type. */
const BUSY_PERCENT = 90;
/** With more, the host has no memory for memcached's connections beside its items. */
const SWAP_BYTES = 50_000_000;
/** Share of the 65,000 connections that `max_simultaneous_connections` allows on each node type. */
const MANY_CONNECTIONS = MOST_CONNECTIONS * BUSY_CONNECTIONS;

/**
 * Alarms on each node of a memcached cluster, and its graphs. A full cache is no problem by itself: it evicts old items, which the app
 * reads from the database again. A cache that evicts all the time is too small.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
export class MemcachedAlarms extends Construct {
  readonly #clusterId: string;

  constructor(scope: Construct, id: string, props: MemcachedAlarmsProps) {
    super(scope, id);
    checkProps(this, props, MEMCACHED_ALARMS_PROPS);
    useProvider(this, props);
    const { memcached, monitoring } = props;
    const { clusterId, nodes, dependables: dependsOn } = memcached;
    this.#clusterId = clusterId;
    checkWholeNumber(this, "memcached.nodes", nodes, {
      min: 1,
      max: 60,
      fix: "give the number of nodes",
      atSynth: true,
    });
    const ids = Array.from({ length: nodes }, (_, index) => String(index + 1).padStart(4, "0"));
    for (const node of ids) {
      for (const [watched, { description, ...alarm }] of Object.entries(this.#alarms(node))) {
        const described = `${clusterId}, node ${node}: ${description}`;
        const about = { description: described, runbook: `alarm-memcached-${watched}`, dependsOn };
        monitoring.alarm(this, `${node}-${watched}`, { ...alarm, ...about });
      }
    }
    const graphs = ["CPUUtilization", "GetHits", "GetMisses", "Evictions", "CurrConnections", "UnusedMemory"] as const;
    monitoring.show(
      `Memcached: ${clusterId}`,
      graphs.map((name) => {
        const statistic = /^(Get|Evict)/.test(name) ? "Sum" : "Maximum";
        return { title: name, metrics: ids.map((node) => this.#metric(node, name, statistic)) };
      }),
      { watcher: this },
    );
  }

  #alarms(node: string): Record<string, AlarmProps> {
    const quiet = { missingData: MissingData.NOT_BREACHING, periods: MINUTES };
    return {
      cpu: {
        metric: this.#metric(node, "CPUUtilization", "Average"),
        threshold: BUSY_PERCENT,
        periods: MINUTES,
        // A node reports each minute, so a node without data is down. The alarms below ignore missing data.
        missingData: MissingData.BREACHING,
        description: "its CPU is busy, or it is silent. Take a larger node type or more nodes.",
      },
      evictions: {
        ...quiet,
        metric: this.#metric(node, "Evictions", "Sum"),
        threshold: 1,
        periods: EVICTING_MINUTES,
        description: "what is cached is pushed out all the time. Take a larger node type or more nodes.",
      },
      memory: {
        ...quiet,
        metric: this.#metric(node, "SwapUsage", "Maximum"),
        threshold: SWAP_BYTES,
        description: "the host swaps. Take a larger node type, or raise the parameter memcached_connections_overhead.",
      },
      connections: {
        ...quiet,
        metric: this.#metric(node, "CurrConnections", "Maximum"),
        threshold: MANY_CONNECTIONS,
        description: "connections near the 65,000 a node takes. Look for a client that opens one a request.",
      },
    };
  }

  #metric(node: string, name: string, statistic: Metric["statistic"]): Metric {
    const dimensions = { CacheClusterId: this.#clusterId, CacheNodeId: node };
    return { namespace: "AWS/ElastiCache", name, statistic, dimensions };
  }
}
