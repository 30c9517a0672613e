import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findDiskError } from "../../environment/disk-error.js";

/** A file to be written. */
interface OutputFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/**
 * Writes all of the files, or none: a deployment takes bundles by their hashes, and half of one would be another bundle. On a
 * disk that takes no more data, the process ends with one line.
 */
export function writeWhole(files: readonly OutputFile[]): void {
  const parts = files.map((file) => ({ ...file, part: `${file.path}.${process.pid}` }));
  try {
    for (const { path: file, part, contents } of parts) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(part, contents);
    }
    for (const { path: file, part } of parts) renameSync(part, file);
  } catch (error) {
    for (const { part } of parts) rmSync(part, { force: true });
    const diskError = findDiskError(error);
    if (diskError === undefined) throw error;
    const [folder] = files.map((file) => path.dirname(file.path));
    const { says, fix } = diskError;
    process.stderr.write(`${folder}: ${says}, and no bundle was written: ${fix}, and run the command again\n`);
    process.exit(2);
  }
}
