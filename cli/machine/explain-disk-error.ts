import { statfsSync } from "node:fs";
import os from "node:os";
import type { DiskError } from "../../environment/disk-error";

/** An error of a file. Node.js names no path when the space ends in the middle of a file. */
interface FileError extends Error {
  readonly path?: string;
  readonly dest?: string;
}

/**
 * Says which disk takes no more data, and the way out.
 *
 * @param folders - where the program writes; where the error names no file, those without space are named.
 */
export function explainDiskError(
  { path, dest }: FileError,
  { says, fix }: DiskError,
  folders: readonly string[],
): string {
  const place = dest ?? path ?? folders.filter(isFull).join(" and ");
  return `${place === "" ? "" : `${place}: `}${says}: ${fix}, and run the command again`;
}

/** Folders in which commands write: the working directory, the output of a synthesis, and temporary files. */
export function listWrittenFolders(): string[] {
  const { CDKTF_OUTDIR } = process.env;
  return [process.cwd(), ...(CDKTF_OUTDIR === undefined ? [] : [CDKTF_OUTDIR]), os.tmpdir()];
}

/** A file system keeps a block or two for itself. */
const LEAST_BLOCKS = 4;

function isFull(folder: string): boolean {
  try {
    const { bavail, ffree, files } = statfsSync(folder);
    return bavail < LEAST_BLOCKS || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}
