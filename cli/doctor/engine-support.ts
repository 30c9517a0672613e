import type { SupportEnd } from "../../modules/elasticache/engine-versions";

/** The end of a version's support in words, for people who read it before and after that day. */
export function describeSupport({ standard, extended }: SupportEnd, today = new Date()): string {
  const isOver = today.toISOString().slice(0, 10) > standard;
  const until = `Extended Support costs more, until ${extended}, when AWS upgrades the cache to Valkey`;
  return isOver
    ? `standard support ended on ${standard}; ${until}`
    : `standard support ends on ${standard}; then ${until}`;
}
