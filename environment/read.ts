import type * as z from "zod";

/** Raised at start, with one line for each variable that is wrong. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/** Variables whose value is never shown. */
const SECRET: ReadonlySet<string> = new Set(["SECRET_KEY", "REDIS_URL"]);

/**
 * The variables of a schema, each checked by itself; an empty string counts as not set.
 *
 * @throws {EnvironmentError} that names each wrong variable, what it got (never a secret) and what it takes.
 */
export function readVariables<T>(schema: z.ZodType<T>, source: Readonly<Record<string, string | undefined>>): T {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  // Read once: to compile the schema takes longer than it saves.
  const parsed = schema.safeParse(set, { jitless: true });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    const got = SECRET.has(name) ? "a value that is not shown" : JSON.stringify(set[name]);
    return `${name}: got ${got}, takes ${message}`;
  });
  throw new EnvironmentError([...new Set(lines)].join("\n"));
}
