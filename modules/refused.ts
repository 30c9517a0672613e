import type { Construct } from "constructs";

/** What every refusal says. */
export interface Refusal {
  /** The prop or the combination of props that was refused. */
  readonly what: string;
  /** The value that came in. */
  readonly got: unknown;
  /** What is taken instead. */
  readonly allowed: string;
  /** What to change. */
  readonly fix: string;
}

/** The one form of a validation error of this module set: what, got, allowed, fix, and the construct it happened in. */
export function refused(scope: Construct, { what, got, allowed, fix }: Refusal): Error {
  const value = typeof got === "string" ? got : JSON.stringify(got);
  return new Error(`${scope.node.path}: ${what}: got ${value}, allowed: ${allowed}. Fix: ${fix}.`);
}
