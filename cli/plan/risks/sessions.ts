import { blocks, isTrue, texts } from "../../terraform/configuration";
import { countRedisNodes } from "../../terraform/redis-nodes";
import { type Change, differs, ending, ends } from "../change";
import type { Plan } from "../plan";
import type { Risk } from "../risk";

const NODE = "aws_elasticache_cluster";
/** What holds the data of a Redis, by the arguments that name the snapshot it is made from. */
const STORES: Readonly<Record<string, readonly string[]>> = {
  aws_elasticache_replication_group: ["snapshot_name", "snapshot_arns"],
  [NODE]: ["snapshot_name", "snapshot_arns"],
  aws_elasticache_serverless_cache: ["snapshot_arns_to_restore"],
  aws_memorydb_cluster: ["snapshot_name", "snapshot_arns"],
};

/** Changes after which sessions are gone, or will be when the next node fails. */
export function lostSessions(plan: Plan): Risk[] {
  const said = (change: Change, clauses: readonly string[]) =>
    clauses.map((what) => ({ address: change.address, what: `${plan.names.of(change.address)} ${what}` }));
  return [
    ...plan.of(...Object.keys(STORES)).flatMap((change) => said(change, [...loss(change), ...weakening(change)])),
    ...plan.of("aws_lb_listener").flatMap((change) => said(change, otherCookie(change))),
  ];
}

function loss(change: Change): string[] {
  const { type, before, after } = change;
  if (!ends(change) || before === undefined) return [];
  if (type === NODE && (isMemcached(change) || before.replication_group_id)) return [];
  const restored = (STORES[type] ?? []).flatMap((argument) => texts(after?.[argument])).find((name) => name !== "");
  if (restored !== undefined) return [`${ending(change)}: sessions newer than the snapshot ${restored} are lost`];
  const kept = before.final_snapshot_identifier;
  return [`${ending(change)}: every session is lost${kept ? `; the snapshot ${kept} keeps what there was` : ""}`];
}

/** Memcached holds a cache, and no session of this project's app. */
export function isMemcached({ type, before }: Change): boolean {
  return type === NODE && before?.engine === "memcached";
}

function weakening(change: Change): string[] {
  const { action, before, after } = change;
  if (action !== "update" || before === undefined || after === undefined) return [];
  const found: string[] = [];
  if (countRedisNodes(before).perShard > 1 && countRedisNodes(after).perShard === 1) {
    found.push("keeps no replica: when a node fails, the sessions on it are lost");
  } else if (isTrue(before.automatic_failover_enabled) && !isTrue(after.automatic_failover_enabled)) {
    found.push("fails over no more: when the primary fails, nobody has a session until a replica is promoted by hand");
  }
  if (differs(change, "snapshot_retention_limit") && !after.snapshot_retention_limit) {
    found.push("takes no snapshots any more: nothing to go back to");
  }
  return found;
}

/** This project's app names its cookie by the scheme: what was sent in plain text is no key to a site on https. */
function otherCookie({ before, after }: Change): string[] {
  const [was, is] = [before, after].map((values) => blocks(values?.default_action)[0]?.type);
  if (was === "forward" && is === "redirect") {
    return ["sends visitors to https, where their cookie has another name (__Host-): everybody logs in once more"];
  }
  return was === "redirect" && is === "forward"
    ? ["serves plain http, where visitors' cookie has another name: everybody logs in once more"]
    : [];
}
