import { readFileSync } from "node:fs";
import path from "node:path";
import type { Finding } from "../../../../cli/plan/risk";
import type { Planned } from "../planned";

/** The consequence of a plan at AWS. */
export type Truth = Exclude<Finding, "unjudged"> | "calm";

/** A plan of one edit. */
export interface Case {
  readonly what: string;
  readonly planned: readonly Planned[];
}

type Values = Readonly<Record<string, unknown>>;

/** As a file writes it: a change in place by what it changes, a cache by what differs from the usual one. */
interface Written extends Omit<Planned, "after" | "before"> {
  readonly before?: Values;
  readonly after?: Values;
  /** Arguments after the plan that differ from those before; `$unset` for one that is gone. */
  readonly becomes?: Values;
  /** Arguments of the replication group that differ from {@link CACHE}. */
  readonly cache?: Values;
  /** Arguments of the serverless cache that differ from {@link SERVERLESS_CACHE}. */
  readonly serverless?: Values;
}

const CACHE: Values = {
  id: "shop",
  replication_group_id: "shop",
  engine: "redis",
  engine_version: "7.1",
  node_type: "cache.r7g.large",
  num_cache_clusters: 2,
  num_node_groups: 1,
  replicas_per_node_group: 1,
  cluster_mode: "disabled",
  automatic_failover_enabled: true,
  multi_az_enabled: true,
  snapshot_retention_limit: 1,
  transit_encryption_enabled: true,
  transit_encryption_mode: "required",
  at_rest_encryption_enabled: "true",
  parameter_group_name: "shop-redis7",
  user_group_ids: ["shop-users"],
  security_group_ids: ["sg-cache"],
  subnet_group_name: "shop",
  port: 6379,
  apply_immediately: true,
  final_snapshot_identifier: null,
  description: "d",
  tags: {},
};

const SERVERLESS_CACHE: Values = {
  id: "s",
  name: "s",
  engine: "redis",
  major_engine_version: "7",
  description: "d",
  security_group_ids: ["sg-cache"],
  subnet_ids: ["subnet-a", "subnet-c"],
  user_group_id: "shop-users",
  snapshot_retention_limit: 1,
  daily_snapshot_time: "03:00",
  cache_usage_limits: [{ data_storage: [{ maximum: 10, unit: "GB" }], ecpu_per_second: [{ maximum: 50_000 }] }],
};

/** Plans of one edit each, by what is true of them. */
export function readCases(truth: Truth): readonly Case[] {
  const file = path.join(__dirname, `${truth}.json`);
  const cases = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, readonly Written[]>>;
  return Object.entries(cases).map(([what, written]) => ({ what, planned: written.map(buildPlanned) }));
}

function buildPlanned({ cache, serverless, becomes, ...rest }: Written): Planned {
  const before =
    cache !== undefined
      ? { ...CACHE, ...cache }
      : serverless !== undefined
        ? { ...SERVERLESS_CACHE, ...serverless }
        : rest.before;
  if (becomes === undefined) return { ...rest, ...(before && { before }) };
  const after = Object.entries({ ...before, ...becomes }).filter(([, value]) => value !== "$unset");
  return { ...rest, ...(before && { before }), after: Object.fromEntries(after) };
}
