import { newerMinorVersions } from "../../../modules/redis/minor-versions";
import type { Json } from "../../machine/aws-cli";
import { texts, type Value } from "../../terraform/configuration";
import type { State } from "../../terraform/state";
import { type Finding, fail, ok, warn } from "../finding";

/** How a kind of resource is asked after: what the AWS CLI is called with, and what its answer means. */
export interface Question {
  readonly check: string;
  /** Arguments of the AWS CLI, once for each resource of this kind in the state. */
  ask(state: State): readonly string[][];
  judge(answer: Json): Finding;
}

const RUNBOOK = "docs/operations.md";

function redis({ ReplicationGroups: [group] }: Json): Finding {
  const check = "redis";
  const nodes = group.MemberClusters?.length ?? 0;
  const failover = `failover ${group.AutomaticFailover ?? "unknown"}`;
  const says = `${group.ReplicationGroupId} is ${group.Status}, ${nodes} node${nodes === 1 ? "" : "s"}, ${failover}`;
  if (group.Status === "available") {
    if (nodes > 1 || group.AutomaticFailover === "enabled") return ok(check, says);
    return warn(check, `${says}: its loss is the loss of all sessions`, "redis.replicas 1");
  }
  const passes = ["modifying", "snapshotting", "creating"].includes(group.Status);
  return passes
    ? warn(check, says, "wait: ElastiCache is at work on it")
    : fail(check, says, `${RUNBOOK}#503-with-retry-after`);
}

/** AWS keeps versions before Redis OSS 7.0 and Valkey 7.2 too: of those, nothing is said. */
function redisVersion({ CacheClusters: [node] }: Json): Finding {
  const check = "redis version";
  const version = String(node.EngineVersion).split(".").slice(0, 2).join(".");
  const says = `${node.Engine} ${version}`;
  const newest = newerMinorVersions(node.Engine, version).at(-1);
  if (newest === undefined) return ok(check, `${says} has no newer minor version`);
  return warn(
    check,
    `${says}: ElastiCache has ${newest}`,
    `redis.engine ${node.Engine}-${newest}, in place: docs/upgrades.md`,
  );
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

function service({ services: [found] }: Json): Finding {
  const check = "service";
  if (found === undefined) return fail(check, "ECS does not know it", "npm run deploy");
  const says = `${found.serviceName}: ${found.runningCount} of ${found.desiredCount} tasks run`;
  if (found.runningCount >= found.desiredCount) return ok(check, says);
  const make = found.runningCount > 0 ? warn : fail;
  return make(check, `${says}; ${found.events?.[0]?.message ?? "no event"}`, `${RUNBOOK}#alarm-missing-tasks`);
}

function instance({ Reservations: [reservation] }: Json): Finding {
  const { InstanceId, State } = reservation?.Instances[0] ?? { State: { Name: "gone" } };
  const says = `${InstanceId} is ${State.Name}`;
  return State.Name === "running" ? ok("instance", says) : fail("instance", says, `${RUNBOOK}#nothing-answers`);
}

function lambda({ FunctionName, State, LastUpdateStatus, StateReason }: Json): Finding {
  const says = `${FunctionName} is ${State}, its last update ${LastUpdateStatus}`;
  if (State === "Active" && LastUpdateStatus === "Successful") return ok("function", says);
  if (LastUpdateStatus === "InProgress" || State === "Pending")
    return warn("function", says, "wait: Lambda is at work on it");
  return fail("function", `${says}: ${StateReason ?? "no reason given"}`, `${RUNBOOK}#alarm-function-errors`);
}

function alarms({ MetricAlarms: all }: Json): Finding {
  const [first, ...others] = (all as Json[]).filter(({ StateValue }) => StateValue === "ALARM");
  if (first === undefined) return ok("alarms", `none of ${all.length} is on`);
  const says = `${others.length + 1} of ${all.length} are on: ${first.AlarmName}`;
  return warn("alarms", says, first.AlarmDescription ?? `${RUNBOOK}#alarms`);
}

/** Attributes of one type, as arguments. */
const each = (type: string, args: (attributes: Json) => string[]) => (state: State) => state.all(type).map(args);
/** `describe-alarms` takes so many names. */
const MOST_NAMES = 100;

/** What of a stack AWS is asked after. */
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
      state
        .all("aws_elasticache_replication_group")
        .flatMap(({ member_clusters }) => texts(member_clusters as Value).slice(0, 1))
        .map((member) => ["elasticache", "describe-cache-clusters", "--cache-cluster-id", member]),
    judge: redisVersion,
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
    ask: (state) => {
      const names = state.all("aws_cloudwatch_metric_alarm").map(({ alarm_name }) => String(alarm_name));
      if (names.length === 0) return [];
      return [["cloudwatch", "describe-alarms", "--alarm-names", ...names.slice(0, MOST_NAMES)]];
    },
    judge: alarms,
  },
];
