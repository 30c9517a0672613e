import { findSupportEnd, newerMinorVersions } from "../../../modules/elasticache/engine-versions";
import type { Json } from "../../machine/aws-cli";
import { texts, type Value } from "../../terraform/configuration";
import type { State } from "../../terraform/state";
import { readUsageLimit } from "../../terraform/usage-limits";
import { describeSupport } from "../engine-support";
import { type Finding, fail, ok, warn } from "../finding";
import { groupByRegion } from "./region";

/** One call of the AWS CLI, and the part of the state that its answer is compared with. */
interface Call {
  readonly args: readonly string[];
  readonly held: Json;
}

/** A check of one kind of resource: calls of the AWS CLI, and a finding from each answer. */
export interface Question {
  readonly check: string;
  /** One call for each resource of this kind in the state, or one for all of them. */
  ask(state: State): readonly Call[];
  judge(answer: Json, held: Json): Finding;
}

const RUNBOOK = "docs/operations.md";

function redis({ ReplicationGroups: [group] }: Json): Finding {
  const check = "redis";
  const nodes = group.MemberClusters?.length ?? 0;
  const failover = `failover ${group.AutomaticFailover ?? "unknown"}`;
  const says = `${group.ReplicationGroupId} is ${group.Status}, ${nodes} node${nodes === 1 ? "" : "s"}, ${failover}`;
  if (group.Status === "available") {
    if (nodes > 1 || group.AutomaticFailover === "enabled") return ok(check, says);
    return warn(
      check,
      `${says}: its loss is the loss of all sessions`,
      "a replica: redis.replicas 1, num_cache_clusters 2",
    );
  }
  const passes = ["modifying", "snapshotting", "creating"].includes(group.Status);
  return passes
    ? warn(check, says, "wait: ElastiCache is at work on it")
    : fail(check, says, `${RUNBOOK}#503-with-retry-after`);
}

function redisVersion({ CacheClusters: [node] }: Json): Finding {
  const check = "redis version";
  const version = String(node.EngineVersion).split(".").slice(0, 2).join(".");
  const says = `${node.Engine} ${version}`;
  const support = findSupportEnd(node.Engine, version);
  if (support !== undefined)
    return warn(check, `${says}: ${describeSupport(support)}`, "redis.engine: docs/redis.md#engines");
  const newest = newerMinorVersions(node.Engine, version).at(-1);
  if (newest === undefined) return ok(check, `${says} has no newer minor version`);
  return warn(
    check,
    `${says}: ElastiCache has ${newest}`,
    `redis.engine ${node.Engine}-${newest}, engine_version ${newest}, in place: docs/upgrades.md`,
  );
}

/** Compares AWS' answer with the state: these arguments can be changed outside of Terraform without another cache. */
function serverlessCache({ ServerlessCaches: [cache] }: Json, held: Json): Finding {
  const check = "serverless cache";
  const { DataStorage, ECPUPerSecond } = cache.CacheUsageLimits ?? {};
  const limits = describeLimits(DataStorage?.Maximum, ECPUPerSecond?.Maximum);
  const days = Number(cache.SnapshotRetentionLimit ?? 0);
  const snapshots = days === 0 ? "no snapshots" : `snapshots of ${days} day${days === 1 ? "" : "s"}`;
  const version = `${cache.Engine} ${cache.MajorEngineVersion}`;
  const says = `${cache.ServerlessCacheName} is ${cache.Status}, ${version}, ${limits}, ${snapshots}`;
  if (["creating", "modifying"].includes(cache.Status)) return warn(check, says, "wait: ElastiCache is at work on it");
  if (cache.Status !== "available") return fail(check, says, `${RUNBOOK}#503-with-retry-after`);
  if ((cache.UserGroupId ?? "") !== (held.user_group_id ?? "")) {
    const group = cache.UserGroupId === undefined ? "no user group, so it admits every client" : cache.UserGroupId;
    return fail(check, `${says}; it has ${group}; the state has ${held.user_group_id ?? "none"}`, RESTORES);
  }
  const [data, ecpus] = (["data_storage", "ecpu_per_second"] as const).map((what) =>
    readUsageLimit(held, what, "maximum"),
  );
  const known = describeLimits(data, ecpus);
  if (known !== limits) return warn(check, `${says}; the state has ${known}`, RESTORES);
  if (days < Number(held.snapshot_retention_limit ?? 0))
    return warn(check, `${says}; the state has snapshots of ${held.snapshot_retention_limit} days`, RESTORES);
  return ok(check, says);
}

const RESTORES = "it was changed outside of Terraform: a deploy gives it back what the stack has";

function describeLimits(data: number | undefined, ecpus: number | undefined): string {
  const parts = [...(data ? [`${data} GB`] : []), ...(ecpus ? [`${ecpus} ECPU a second`] : [])];
  return parts.length === 0 ? "no upper limits" : `at most ${parts.join(" and ")}`;
}

function targets({ TargetHealthDescriptions: all }: Json): Finding {
  const check = "targets";
  const sick = (all as Json[]).filter(({ TargetHealth }) => TargetHealth.State !== "healthy");
  const says = `${all.length - sick.length} of ${all.length} healthy`;
  if (all.length > 0 && sick.length === 0) return ok(check, says);
  const { Target, TargetHealth } = sick[0] ?? {};
  const why =
    Target === undefined ? "nothing is registered" : `${Target.Id}: ${TargetHealth.Description ?? TargetHealth.State}`;
  const make = sick.length < all.length ? warn : fail;
  return make(check, `${says}; ${why}`, `${RUNBOOK}#alarm-unhealthy-targets`);
}

/** A deleted service is described as INACTIVE for a while: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html */
function service({ services: [found] }: Json, { name, cluster, desired_count }: Json): Finding {
  const check = "service";
  if (found?.status !== "ACTIVE") {
    const says = found === undefined ? "ECS does not know it" : `ECS says ${found.status}: it was deleted`;
    return fail(check, `${name}: ${says}`, "a deploy creates it again");
  }
  if (found.desiredCount === 0) {
    const says = `${name} is set to 0 tasks: no visitor gets an answer`;
    const command = `aws ecs update-service --cluster ${cluster} --service ${name} --desired-count`;
    return fail(check, says, `${command} ${Math.max(1, Number(desired_count))}`);
  }
  const says = `${found.serviceName}: ${found.runningCount} of ${found.desiredCount} tasks run`;
  if (found.runningCount >= found.desiredCount) return ok(check, says);
  const make = found.runningCount > 0 ? warn : fail;
  return make(check, `${says}; ${found.events?.[0]?.message ?? "no event"}`, `${RUNBOOK}#alarm-missing-tasks`);
}

function instance({ Reservations: [reservation] }: Json): Finding {
  const { InstanceId, State } = reservation?.Instances[0] ?? { InstanceId: "it", State: { Name: "gone" } };
  const says = `${InstanceId} is ${State.Name}`;
  if (State.Name === "running") return ok("instance", says);
  const start = `aws ec2 start-instances --instance-ids ${InstanceId}`;
  return fail("instance", says, State.Name === "stopped" ? start : `${RUNBOOK}#nothing-answers`);
}

function lambda({ FunctionName, State, LastUpdateStatus, StateReason }: Json): Finding {
  const says = `${FunctionName} is ${State}, its last update ${LastUpdateStatus}`;
  if (State === "Active" && LastUpdateStatus === "Successful") return ok("function", says);
  if (LastUpdateStatus === "InProgress" || State === "Pending")
    return warn("function", says, "wait: Lambda is at work on it");
  return fail("function", `${says}: ${StateReason ?? "no reason given"}`, `${RUNBOOK}#alarm-function-errors`);
}

function alarms({ MetricAlarms: all }: Json, { names }: Json): Finding {
  const found = new Set((all as Json[]).map(({ AlarmName }) => AlarmName));
  const gone = (names as string[]).filter((name) => !found.has(name));
  if (gone.length > 0) {
    return fail(
      "alarms",
      `${gone.length} of ${names.length} were deleted: ${gone.join(", ")}`,
      "a deploy creates them again",
    );
  }
  const [first, ...others] = (all as Json[]).filter(({ StateValue }) => StateValue === "ALARM");
  if (first === undefined) return ok("alarms", `none of ${all.length} is on`);
  const says = `${others.length + 1} of ${all.length} are on: ${first.AlarmName}`;
  return warn("alarms", says, first.AlarmDescription ?? `${RUNBOOK}#alarms`);
}

/** One call for each resource of a type. */
const each = (type: string, args: (attributes: Json) => string[]) => (state: State) =>
  state.all(type).map((held) => ({ args: args(held), held }));
/** The most names in a call of `describe-alarms`. */
const MOST_NAMES = 100;

function inBatches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** The checks of a stack's resources, beside those in drift.ts. */
export const QUESTIONS: readonly Question[] = [
  {
    check: "redis",
    ask: each("aws_elasticache_replication_group", ({ replication_group_id }) => [
      "elasticache",
      "describe-replication-groups",
      "--replication-group-id",
      replication_group_id,
    ]),
    judge: redis,
  },
  {
    check: "redis version",
    ask: (state) =>
      state.all("aws_elasticache_replication_group").flatMap((held) =>
        texts(held.member_clusters as Value)
          .slice(0, 1)
          .map((member) => ({
            args: ["elasticache", "describe-cache-clusters", "--cache-cluster-id", member],
            held,
          })),
      ),
    judge: redisVersion,
  },
  {
    check: "serverless cache",
    ask: each("aws_elasticache_serverless_cache", ({ name }) => [
      "elasticache",
      "describe-serverless-caches",
      "--serverless-cache-name",
      name,
    ]),
    judge: serverlessCache,
  },
  {
    check: "targets",
    ask: each("aws_lb_target_group", ({ arn }) => ["elbv2", "describe-target-health", "--target-group-arn", arn]),
    judge: targets,
  },
  {
    check: "service",
    ask: each("aws_ecs_service", ({ cluster, name }) => [
      "ecs",
      "describe-services",
      "--cluster",
      cluster,
      "--services",
      name,
    ]),
    judge: service,
  },
  {
    check: "instance",
    ask: each("aws_instance", ({ id }) => ["ec2", "describe-instances", "--instance-ids", id]),
    judge: instance,
  },
  {
    check: "function",
    ask: each("aws_lambda_function", ({ function_name }) => [
      "lambda",
      "get-function-configuration",
      "--function-name",
      function_name,
    ]),
    judge: lambda,
  },
  {
    check: "alarms",
    ask: (state) =>
      groupByRegion(state.all("aws_cloudwatch_metric_alarm")).flatMap((all) =>
        inBatches(all, MOST_NAMES).map((batch) => {
          const names = batch.map(({ alarm_name }) => String(alarm_name));
          const args = ["cloudwatch", "describe-alarms", "--alarm-names", ...names];
          return { args, held: { names, arn: batch[0]?.arn } };
        }),
      ),
    judge: alarms,
  },
];
