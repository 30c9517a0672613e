import type { StrictAws } from "./aws-double/start";

/** The minor version that follows, by engine and version: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html */
const NEXT: Readonly<Record<string, string>> = {
  "redis 7.0": "7.1",
  "valkey 8.0": "8.1",
  "valkey 8.1": "8.2",
  "valkey 9.0": "9.1",
};

/**
 * The work of ElastiCache in a maintenance window: it moves each replication group to the next minor version of its engine,
 * if the group allows that.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html AutoMinorVersionUpgrade
 */
export async function moveMinorVersions({ aws }: StrictAws): Promise<void> {
  const { ReplicationGroups } = await aws("elasticache", "describe-replication-groups");
  for (const { ReplicationGroupId, AutoMinorVersionUpgrade, Engine, MemberClusters } of ReplicationGroups) {
    const { CacheClusters } = await aws(
      "elasticache",
      "describe-cache-clusters",
      "--cache-cluster-id",
      MemberClusters[0],
    );
    const next = NEXT[`${Engine} ${CacheClusters[0].EngineVersion.split(".").slice(0, 2).join(".")}`];
    if (!AutoMinorVersionUpgrade || next === undefined) continue;
    const change = ["--replication-group-id", ReplicationGroupId, "--engine-version", next, "--apply-immediately"];
    await aws("elasticache", "modify-replication-group", ...change);
  }
}
