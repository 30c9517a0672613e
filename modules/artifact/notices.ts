import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** A file with the licences of the packages in a bundle. */
export interface Notices {
  /** Absolute path. */
  readonly path: string;
  readonly content: Buffer;
}

/** Name that the notices have where a bundle is deployed. */
export const NOTICES_FILE = "THIRD-PARTY-NOTICES.txt";

/**
 * The notices of a bundle: the file `<bundle's name without .js>.THIRD-PARTY-NOTICES.txt` in the same folder. Licences require
 * that a copy of the bundle includes them. The bundles of this package have such a file. For an app of your own, put one beside it.
 *
 * @returns undefined if the file does not exist.
 */
export function noticesBeside(bundle: string): Notices | undefined {
  const { dir, name } = path.parse(path.resolve(bundle));
  const file = path.join(dir, `${name}.${NOTICES_FILE}`);
  return existsSync(file) ? { path: file, content: readFileSync(file) } : undefined;
}
