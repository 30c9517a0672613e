import { findMasters, type Inspection, withRedis } from "./inspection";
import { OtherKeys } from "./other-keys";
import { Progress } from "./progress";
import { type Report, table } from "./report";
import { scanKeys } from "./scan-keys";

/** The kinds of keys under the prefix, by what follows it. */
const KINDS = [
  ["s:", "sessions"],
  ["u:", "users with sessions"],
  ["t:", "login throttles"],
  ["a:", "visitors who moved in"],
] as const;

/** `inspect count`: how many keys of each kind there are, and the memory they take. Ctrl-C ends it with what it has. */
export function countKeys(): Promise<Report> {
  return withRedis(async (inspection) => {
    const { prefix, interrupted } = inspection;
    const counts = new Map(KINDS.map(([kind]) => [prefix + kind, { count: 0, bytes: 0 }]));
    const others = new OtherKeys(prefix);
    const progress = new Progress();
    const mayMeasure = await canMeasure(inspection);
    for await (const keys of scanKeys(inspection, { progress })) {
      for (const key of keys) others.add(key);
      const ours = keys.filter((key) => key.startsWith(prefix));
      const bytes = mayMeasure ? await measure(inspection, ours) : [];
      ours.forEach((key, i) => {
        const kind = counts.get(key.slice(0, prefix.length + 2));
        if (kind === undefined) return;
        kind.count++;
        kind.bytes += bytes[i] ?? 0;
      });
    }
    progress.clear();
    const kinds = KINDS.map(([kind, says]) => {
      const { count, bytes } = counts.get(prefix + kind) ?? { count: 0, bytes: 0 };
      return { keys: prefix + kind, says, count, bytes: mayMeasure ? bytes : null };
    });
    const redis = await readMemory(inspection);
    const rows = [
      ...kinds.map(({ keys, says, count, bytes }) => [
        keys,
        format(count),
        bytes === null ? "-" : megabytes(bytes),
        says,
      ]),
      ...others.counts.map(({ keys, count }) => [keys, format(count), "-", ""]),
    ];
    const notes = [
      `Redis uses ${megabytes(redis.usedBytes)}${redis.maxBytes === 0 ? "" : ` of ${megabytes(redis.maxBytes)}`} in all\n`,
      ...(mayMeasure ? [] : ["MEMORY: - because this user may not send MEMORY USAGE, or the cache does not take it\n"]),
      ...(interrupted.aborted ? ["Stopped: there are perhaps more\n"] : []),
    ];
    return {
      data: { kinds, others: others.counts, redis, isComplete: !interrupted.aborted },
      text: `${table(["KEYS", "COUNT", "MEMORY", ""], rows)}\n${notes.join("")}`,
    };
  });
}

/**
 * The app's own user may not; an administrator's may, and so may everyone on a Redis without users. ElastiCache Serverless does not
 * take the command.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SupportedCommands.html
 */
async function canMeasure({ redis, store }: Inspection): Promise<boolean> {
  try {
    await redis.memory("USAGE", store.nameOf("none"));
    return true;
  } catch (error) {
    if (error instanceof Error && /^(NOPERM|ERR unknown command)/.test(error.message)) return false;
    throw error;
  }
}

function measure({ redis }: Inspection, keys: readonly string[]): Promise<number[]> {
  return Promise.all(keys.map(async (key) => Number((await redis.memory("USAGE", key)) ?? 0)));
}

/** Memory of all masters, by INFO. */
async function readMemory(inspection: Inspection): Promise<{ readonly usedBytes: number; readonly maxBytes: number }> {
  const answers = await Promise.all(findMasters(inspection).map((node) => node.info("memory")));
  const sum = (field: string) =>
    answers.reduce((all, answer) => all + Number(new RegExp(`^${field}:(\\d+)`, "m").exec(answer)?.[1] ?? 0), 0);
  return { usedBytes: sum("used_memory"), maxBytes: sum("maxmemory") };
}

function format(count: number): string {
  return count.toLocaleString("en-US");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
