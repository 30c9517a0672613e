import { compareVersions, listVersions } from "../../../modules/elasticache/engine-versions";
import type { Json } from "../../machine/aws-cli";
import type { State } from "../../terraform/state";
import { type Finding, ok, warn } from "../finding";
import { groupByRegion } from "./region";
import type { Question } from "./resources";

const GROUP = "aws_elasticache_replication_group";
const CLUSTER = "aws_elasticache_cluster";

/** Minor versions at AWS that this project's table does not have: they are newer than the table. */
function offers({ CacheEngineVersions: found }: Json, { engine, version }: Json): Finding {
  const check = "newer versions";
  const [major] = String(version).split(".");
  const unlisted = (found as Json[])
    .map(({ EngineVersion }) => String(EngineVersion))
    .filter((one) => one.split(".")[0] === major && compareVersions(one, version) > 0)
    .filter((one) => !listVersions(engine).includes(one))
    .sort(compareVersions);
  const newest = unlisted.at(-1);
  if (newest === undefined)
    return ok(check, `ElastiCache offers no ${engine} ${major} that this project does not know`);
  return warn(
    check,
    `ElastiCache offers ${engine} ${unlisted.join(", ")}`,
    `redis.engine ${engine}-${newest}: docs/upgrades.md`,
  );
}

/**
 * Service updates wait until the owner of a cache applies them, or until AWS does in a maintenance window.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Self-Service-Updates.html
 */
function updates({ UpdateActions: found }: Json, { flag, id }: Json): Finding {
  const check = "service updates";
  const waiting = (found as Json[]).filter(({ UpdateActionStatus }) => !DONE.includes(UpdateActionStatus));
  const [first, ...others] = waiting.sort((a, b) => rank(a) - rank(b));
  if (first === undefined) return ok(check, `none waits on ${id}`);
  const { ServiceUpdateName, ServiceUpdateSeverity, ServiceUpdateRecommendedApplyByDate, UpdateActionStatus } = first;
  const by = String(ServiceUpdateRecommendedApplyByDate ?? "").slice(0, 10);
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  const says = `${ServiceUpdateName} (${ServiceUpdateSeverity}, ${UpdateActionStatus}${by && `, apply by ${by}`}) on ${id}${more}`;
  const command = `aws elasticache batch-apply-update-action ${flag} ${id} --service-update-name ${ServiceUpdateName}`;
  return warn(check, says, `${command}: a node at a time, as a failover`);
}

const DONE = ["complete", "not-applicable"];
const SEVERITIES = ["critical", "important", "medium", "low"];

function rank({ ServiceUpdateSeverity }: Json): number {
  const place = SEVERITIES.indexOf(ServiceUpdateSeverity);
  return place < 0 ? SEVERITIES.length : place;
}

/** The engine of each cache of a state, once a region. */
function listEngines(state: State): { engine: string; version: string; arn: unknown }[] {
  return groupByRegion(state.all(GROUP)).flatMap((groups) => {
    const found = groups.flatMap(({ engine = "redis", engine_version }) =>
      engine_version ? [`${engine} ${engine_version}`] : [],
    );
    return [...new Set(found)].map((one) => {
      const [engine = "", version = ""] = one.split(" ");
      return { engine, version, arn: groups[0]?.arn };
    });
  });
}

/** Caches of a state, as `describe-update-actions` takes them. */
function listUpdated(state: State): { flag: string; id: string; arn: unknown }[] {
  const groups = state.all(GROUP).map(({ replication_group_id, arn }) => ({
    flag: "--replication-group-ids",
    id: String(replication_group_id),
    arn,
  }));
  // Terraform's clusters are memcached, or members of a group, which are updated with it.
  const clusters = state.all(CLUSTER).filter(({ replication_group_id }) => !replication_group_id);
  const own = clusters.map(({ cluster_id, arn }) => ({ flag: "--cache-cluster-ids", id: String(cluster_id), arn }));
  return [...groups, ...own];
}

/** The checks of what AWS brings to the engines of a stack's caches. */
export const ENGINE: readonly Question[] = [
  {
    check: "newer versions",
    ask: (state) =>
      listEngines(state).map((held) => ({
        args: ["elasticache", "describe-cache-engine-versions", "--engine", held.engine],
        held,
      })),
    judge: offers,
  },
  {
    check: "service updates",
    ask: (state) =>
      listUpdated(state).map((held) => ({
        args: ["elasticache", "describe-update-actions", held.flag, held.id, "--service-update-status", "available"],
        held,
      })),
    judge: updates,
  },
];
