import { readFileSync } from "node:fs";
import path from "node:path";
import type { Construct } from "constructs";
import { checkText, ValidationError } from "../validation";

/** A file of the machine that synthesizes. */
export interface SourceFile {
  /** Absolute, or relative to the working directory. */
  readonly path: string;
  /**
   * The fix in the error about a missing file.
   * @default - check the path
   */
  readonly missingFix?: string;
}

/** Keys, handlers and scripts contain the name, so it needs no quotes in any of them. */
export function checkFileName(scope: Construct, name: string): void {
  checkText(scope, "file name", name, {
    pattern: /^[\w.-]+$/,
    allowed: "letters, digits, dots, hyphens and underscores",
    fix: "rename the file",
  });
}

/** @throws {ValidationError} when the file cannot be read. */
export function readSource(scope: Construct, { path: source, missingFix = "check the path" }: SourceFile): Buffer {
  try {
    return readFileSync(source);
  } catch (error) {
    throw new ValidationError(scope, {
      what: "path",
      got: `${path.resolve(source)} (${(error as NodeJS.ErrnoException).code})`,
      allowed: "a file that can be read",
      fix: missingFix,
    });
  }
}
