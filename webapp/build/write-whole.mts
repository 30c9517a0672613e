import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A file to be written. */
interface OutputFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/**
 * Writes all of the files, or none: a deployment takes bundles by their hashes, and half of one would be another bundle. On a full
 * disk, the process ends with one line.
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
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    const [folder] = files.map((file) => path.dirname(file.path));
    process.stderr.write(
      `${folder}: the disk is full, and no bundle was written: free space on it, and run the command again\n`,
    );
    process.exit(2);
  }
}
