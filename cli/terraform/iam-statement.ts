import type { Value } from "./configuration";

/** A statement of an IAM policy or of a resource's own. */
export interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotPrincipal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: unknown;
}

/** The statements of a policy document; none while it is known only after apply, and in text that is none. */
export function parseStatements(policy: Value | undefined): Statement[] {
  if (typeof policy !== "string") return [];
  try {
    const { Statement } = JSON.parse(policy) as { Statement?: Statement | Statement[] };
    return Statement === undefined ? [] : [Statement].flat();
  } catch {
    return [];
  }
}

/** One or several, as IAM takes them. */
export function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}
