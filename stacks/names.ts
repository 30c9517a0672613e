import { SettingsError } from "../settings";

/** One stack for each topology, by id. */
export const STACK_IDS = ["session-ec2", "session-ecs", "session-lambda"] as const;
/** Id of one of this repository's stacks. */
export type StackId = (typeof STACK_IDS)[number];

/** @throws {SettingsError} for a name that is no stack's. */
export function requireStack(...names: readonly string[]): void {
  const unknown = names.filter((name) => !STACK_IDS.includes(name as StackId));
  if (unknown.length > 0) throw new SettingsError(`stack: got ${unknown.join(", ")}, takes ${STACK_IDS.join(", ")}`);
}

/** First part of a stack's names in an account. @param name - the setting `name` */
export function buildNamePrefix(id: string, name: string): string {
  return id.replace(/^session/, name);
}
