import { statfsSync } from "node:fs";
import os from "node:os";

const FIX = "free space on it, and run the command again";

/** Whether a file could not be written for lack of space or inodes. */
export function isDiskFull(error: unknown): error is NodeJS.ErrnoException & { readonly dest?: string } {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}

/**
 * Says which disk is full, and the way out. Node.js names no path when the space ends in the middle of a file.
 *
 * @param folders - where the program writes; those without space are named.
 */
export function explainFullDisk(
  { path, dest }: { readonly path?: string | undefined; readonly dest?: string | undefined },
  folders: readonly string[],
): string {
  const place = dest ?? path ?? folders.filter(isFull).join(" and ");
  return `${place === "" ? "" : `${place}: `}the disk is full: ${FIX}`;
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
