import { newerMinorVersions } from "../../modules/elasticache/engine-versions";
import type { Plan } from "./plan";

/** A line for each cache whose engine has a newer minor version. Only the user can upgrade these caches. */
export function newerVersions(plan: Plan): string[] {
  return plan.of("aws_elasticache_replication_group").flatMap(({ address, after }) => {
    const newer = newerMinorVersions(String(after?.engine), String(after?.engine_version));
    if (newer.length === 0) return [];
    const runs = `${after?.engine} ${after?.engine_version}`;
    return [`${plan.names.of(address)} runs ${runs}; newer minor versions: ${newer.join(", ")}`];
  });
}
