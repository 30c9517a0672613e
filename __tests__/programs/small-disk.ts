import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** The command that runs a script in a mount namespace of its own, in which a folder is a disk of this size. */
export function mountDisk(folder: string, kibibytes: number, script: string): [command: string, args: string[]] {
  const mount = `mount -t tmpfs -o size=${kibibytes}k tmpfs "${folder}" || exit 99`;
  return ["unshare", ["--map-root-user", "--mount", "bash", "-c", `${mount}\n${script}`]];
}

/** Why no disk can be mounted here; undefined where it can. */
export function findMountObstacle(): string | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), "mount-"));
  const [command, args] = mountDisk(folder, 64, "true");
  const { status } = spawnSync(command, args);
  rmSync(folder, { recursive: true });
  return status === 0 ? undefined : "needs the right to mount a tmpfs in a user namespace";
}
