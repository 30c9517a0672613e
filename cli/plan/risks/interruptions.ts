import { blocks, isTrue, texts } from "../../terraform/configuration";
import { type Change, differs, ending, ends } from "../change";
import type { Plan } from "../plan";
import type { Risk } from "../risk";
import { isMemcached } from "./sessions";

/** What a visitor notices of a change, as a clause after the resource; undefined where nobody notices. */
type Notices = (change: Change) => string | undefined;

const NO_MORE = "what it serves is served no more";

const NOTICES: Readonly<Record<string, Notices>> = {
  aws_instance(change) {
    if (ends(change)) return `${ending(change)}: ${downUntil(change, "the new instance has booted, minutes")}`;
    const stopped = ["instance_type", "user_data", "user_data_base64"].filter((argument) => differs(change, argument));
    return stopped.length > 0 ? `is stopped and started for its ${stopped.join(", ")}` : undefined;
  },
  aws_eip: whenItEnds("the address is another", "nobody is reached by its address any more"),
  aws_autoscaling_group(change) {
    if (ends(change)) return `${ending(change)}: ${downUntil(change, "new instances are in service, minutes")}`;
    if (!isRolledOut(change)) return undefined;
    return blocks(change.after?.instance_refresh).length > 0
      ? "replaces its instances one after another (instance refresh)"
      : "keeps its instances as they are: only new ones take the new launch template";
  },
  aws_lb: whenItEnds("its DNS name is another, and visitors are cut off until theirs points there", NO_MORE),
  aws_lb_listener: whenItEnds("its port answers nobody in between", "its port answers nobody any more"),
  aws_lb_target_group: whenItEnds("targets register anew, and get requests once they are healthy"),
  aws_ecs_service(change) {
    if (ends(change)) return `${ending(change)}: ${downUntil(change, "its tasks run again")}`;
    const deploys = ["task_definition", "capacity_provider_strategy", "network_configuration"];
    return change.action === "update" && deploys.some((argument) => changes(change, argument))
      ? "deploys anew: new tasks start, the old ones drain"
      : undefined;
  },
  aws_ecs_cluster: whenItEnds("everything that runs in it ends"),
  aws_lambda_function: whenItEnds("calls fail in between", NO_MORE),
  aws_lambda_function_url: whenItEnds("the URL is another", "nobody is reached by its URL any more"),
  aws_apigatewayv2_api: whenItEnds("the URL is another", "nobody is reached by its URL any more"),
  aws_vpc: whenItEnds("everything in it is made anew"),
  aws_nat_gateway: whenItEnds(
    "nothing behind it reaches the internet in between",
    "nothing reaches the internet by it any more",
  ),
  aws_elasticache_cluster(change) {
    if (change.before?.replication_group_id) return undefined;
    if (!isMemcached(change)) return redis(change);
    if (ends(change)) return `${ending(change)}: what it caches is gone, no session is`;
    // AWS: an upgrade of Memcached's engine clears the cache, in place or not.
    if (differs(change, "engine_version")) return "gets another engine version: what it caches is gone, no session is";
    return differs(change, "num_cache_nodes") ? "changes its nodes: part of the keys are missed once" : undefined;
  },
  aws_elasticache_replication_group: redis,
  aws_elasticache_serverless_cache: redis,
  aws_memorydb_cluster: redis,
  aws_elasticache_subnet_group(change) {
    if (change.action !== "update") return undefined;
    const kept = texts(change.after?.subnet_ids);
    const left = texts(change.before?.subnet_ids).filter((subnet) => !kept.includes(subnet));
    if (left.length === 0) return undefined;
    return `gives up ${left.join(", ")}: AWS refuses that while a cache node is there, and the apply stops half-way`;
  },
  aws_elasticache_user: whenItEnds(
    "its connections are cut, and it can't log in in between",
    "it can't log in any more",
  ),
  aws_elasticache_user_group: whenItEnds("nobody can log in by it in between", "nobody can log in by it any more"),
  aws_secretsmanager_secret: whenItEnds("what it signed is refused: open forms once, no session"),
  aws_secretsmanager_secret_version: secretVersion,
};

/** Changes that visitors notice, or callers. */
export function interruptions(plan: Plan): Risk[] {
  return plan.of(...Object.keys(NOTICES)).flatMap((change) => {
    const what = change.action === "none" ? undefined : NOTICES[change.type]?.(change);
    return what === undefined ? [] : [{ address: change.address, what: `${plan.names.of(change.address)} ${what}` }];
  });
}

function whenItEnds(replaced: string, destroyed?: string): Notices {
  return (change) => {
    const consequence = change.action === "replace" ? replaced : destroyed;
    return ends(change) && consequence !== undefined ? `${ending(change)}: ${consequence}` : undefined;
  };
}

function downUntil({ action, createsFirst }: Change, ready: string): string {
  if (action === "delete") return NO_MORE;
  return createsFirst ? "the new one is there before the old one goes" : `down until ${ready}`;
}

/** What a fleet starts its instances from. */
function isRolledOut(change: Change): boolean {
  const LAUNCHED_FROM = ["launch_template", "launch_configuration", "mixed_instances_policy"];
  return change.action === "update" && LAUNCHED_FROM.some((argument) => changes(change, argument));
}

/** Differs, or is known only after apply. */
function changes(change: Change, argument: string): boolean {
  return differs(change, argument) || hasUnknown(change.unknown[argument]);
}

function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === true;
  return Object.values(value).some(hasUnknown);
}

/**
 * In place, ElastiCache keeps what a group holds; its primary changes, and writes fail for as long.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.HowTo.html
 */
function redis(change: Change): string | undefined {
  const { after } = change;
  if (ends(change)) return `${ending(change)}: ${downUntil(change, "the new one is there, a quarter of an hour")}`;
  const secured = differs(change, "transit_encryption_mode") && after?.transit_encryption_mode === "required";
  if (secured) return "takes no connection without TLS any more";
  const inPlace = [
    ...(differs(change, "engine") || differs(change, "engine_version")
      ? [`becomes ${after?.engine} ${after?.engine_version}`]
      : []),
    ...(differs(change, "node_type") ? [`moves to ${after?.node_type}`] : []),
  ];
  if (inPlace.length === 0) return undefined;
  const when = isTrue(after?.apply_immediately) ? "" : " in its next maintenance window";
  return `${inPlace.join(" and ")} in place${when}: AWS keeps the sessions, connections break for seconds`;
}

/** Secrets Manager keeps the value before as AWSPREVIOUS, and no other. */
function secretVersion(change: Change): string | undefined {
  const given = ["secret_string_wo_version", "secret_string", "secret_binary"];
  const anew =
    change.replacedFor.some((argument) => given.includes(argument)) || given.some((one) => differs(change, one));
  return anew && change.action !== "create" && change.action !== "delete"
    ? "gets a new value: the one before stays readable (AWSPREVIOUS), what a still older one signed is refused"
    : undefined;
}
