import { type Change, differs } from "../change";
import { type Effect, interruption } from "./effect";

/** Changes that AWS makes in place, and the one way back. */
const STEPS = ["disabled compatible", "compatible enabled", "compatible disabled"];
/** Arguments that are more nodes, other nodes, or another engine. AWS changes none of them in mode compatible. */
const SCALING = [
  "engine",
  "engine_version",
  "node_type",
  "num_cache_clusters",
  "num_node_groups",
  "replicas_per_node_group",
];
/** Further arguments of the request that changes the mode, which AWS takes with the parameter group alone. */
const BESIDE = [
  ...["auth_token", "auth_token_update_strategy", "auto_minor_version_upgrade", "automatic_failover_enabled"],
  ...["description", "ip_discovery", "log_delivery_configuration", "maintenance_window", "multi_az_enabled"],
  ...["notification_topic_arn", "security_group_ids", "snapshot_retention_limit", "snapshot_window"],
  ...["transit_encryption_enabled", "transit_encryption_mode", "user_group_ids"],
];

/**
 * Cluster mode, which AWS changes in steps, with the sessions. A step that is skipped, or that comes with another change, is refused.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html
 */
export const clusterMode: Effect = (change) => {
  const [was, is] = [readMode(change.before), readMode(change.after)];
  if (was === undefined || is === undefined) return undefined;
  if (was === is) return [];
  if (!STEPS.includes(`${was} ${is}`)) {
    const why =
      was === "enabled" ? "cluster mode is not taken back" : "compatible comes first, in a deployment of its own";
    return [interruption(`goes from mode ${was} to ${is}: AWS refuses that, and the apply stops: ${why}`)];
  }
  const others = [...SCALING, ...BESIDE].filter((argument) => differs(change, argument));
  if (others.length > 0) {
    const together = `changes its cluster mode together with ${others.join(", ")}`;
    return [interruption(`${together}: AWS refuses that, and the apply stops: deploy the mode alone`)];
  }
  switch (is) {
    case "compatible":
      return [{ kind: "note", what: "answers clients with and without the cluster protocol, and can be taken back" }];
    case "enabled":
      return [
        interruption("answers the cluster protocol alone: clients without it are refused"),
        { kind: "note", what: "cannot be taken back from mode enabled; it keeps its sessions" },
      ];
    default:
      return [interruption("answers without the cluster protocol alone: clients that use it are refused")];
  }
};

/** A change of nodes or engine in mode compatible, which AWS refuses. Together with another mode, `clusterMode` says so. */
export const scalingInCompatible: Effect = (change) => {
  if (readMode(change.before) !== "compatible" || readMode(change.after) !== "compatible") return [];
  const others = SCALING.filter((argument) => differs(change, argument));
  if (others.length === 0) return [];
  const what = `changes ${others.join(", ")} in mode compatible`;
  return [
    interruption(`${what}: AWS refuses that, and the apply stops: go to mode enabled first, or back to disabled`),
  ];
};

function readMode(values: Change["before"]): string | undefined {
  const mode = values?.cluster_mode;
  return mode === "disabled" || mode === "compatible" || mode === "enabled" ? mode : undefined;
}
