import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { OwnNetwork } from "./own-network";

/** A container as Docker is told of it. */
export interface ContainerProps {
  /** With its arguments. */
  readonly command: readonly string[];
  /** All it gets, but for PATH, HOME and the host's name. */
  readonly environment: Readonly<Record<string, string>>;
  /** As in `1000:1000`. */
  readonly user: string;
  readonly readOnly: boolean;
  readonly mounts: readonly { readonly folder: string; readonly at: string; readonly readOnly: boolean }[];
  /** Files of the host that it sees read-only, under the same path. */
  readonly files: readonly string[];
}

/** Several containers that share a network, as a task's do. */
export interface Pod {
  run(props: ContainerProps): RunningContainer;
  stop(): Promise<void>;
}

export interface RunningContainer {
  readonly process: ChildProcess;
  /** Its exit code or the signal that ended it, once it has ended. */
  readonly ended: Promise<number | string>;
  output(): string;
}

/**
 * The host's programs, read-only, below a root of the container's own; then its user, without any privilege. Arguments:
 * user, group, the command.
 */
const ENTER = `set -e
mount -t tmpfs tmpfs /mnt
mkdir /mnt/root
mount --rbind /mnt/root /mnt/root
cd /mnt/root
for entry in /*; do
  if [[ -L $entry ]]; then cp -P "$entry" .; continue; fi
  [[ -d $entry && $entry != /mnt && $entry != /tmp ]] || continue
  mkdir ".$entry"
  mount --rbind "$entry" ".$entry"
  [[ $entry == /proc || $entry == /dev ]] || mount -o remount,bind,ro ".$entry" || umount --lazy ".$entry"
done
mkdir tmp mnt
`;
const LEAVE = `pivot_root . mnt
umount -l mnt
cd /
user=$1 group=$2
shift 2
if [[ $user == 0 ]]; then exec "$@"; fi
exec unshare --user --map-user="$user" --map-group="$group" "$@"`;

/** Opens a network namespace for containers; the network stays the caller's to close. */
export async function startPod(network: OwnNetwork): Promise<Pod> {
  const script = ["set -e", ...network.setup, network.carry].join("\n");
  const { PATH = "", HOME = "" } = process.env;
  const flags = ["--map-root-user", "--mount", ...OwnNetwork.FLAGS];
  const holder = spawn("unshare", [...flags, "bash", "-c", script], { env: { PATH, HOME } });
  await network.carried(holder);
  const enter = ["--target", String(holder.pid), "--user", "--mount", ...OwnNetwork.FLAGS, "--preserve-credentials"];
  const running = new Set<RunningContainer>();
  return {
    run(props) {
      const { command, environment, user } = props;
      const [uid = "0", gid = uid] = user.split(":");
      const args = [...enter, "unshare", "--mount", "bash", "-c", rootScript(props), "container", uid, gid, ...command];
      const bin = path.dirname(process.execPath);
      // As Docker sets it for a user whom the image does not know.
      const env = { HOME: "/", ...environment, PATH: `${bin}:${PATH}`, HOSTNAME: network.hostName };
      const container = watch(spawn("nsenter", args, { env, stdio: ["ignore", "pipe", "pipe"] }));
      running.add(container);
      void container.ended.then(() => running.delete(container));
      return container;
    },
    async stop() {
      for (const { process } of running) process.kill("SIGKILL");
      await Promise.all([...running].map(({ ended }) => ended));
      const gone = once(holder, "exit");
      if (holder.exitCode === null && holder.kill("SIGKILL")) await gone;
    },
  };
}

function rootScript({ mounts, files, readOnly }: ContainerProps): string {
  const bind = (from: string, at: string, how: string) => [
    `mount --bind '${from}' '.${at}'`,
    ...(how === "ro" ? [`mount -o remount,bind,ro '.${at}'`] : []),
  ];
  const volumes = mounts.flatMap(({ folder, at, readOnly: ro }) => [
    `mkdir -p '.${at}'`,
    ...bind(folder, at, ro ? "ro" : "rw"),
  ]);
  const seen = files.flatMap((file) => [
    `if [[ ! -e '.${file}' ]]; then mkdir -p '.${path.dirname(file)}' && touch '.${file}'`,
    ...bind(file, file, "ro"),
    "fi",
  ]);
  const root = readOnly ? ["mount -o remount,bind,ro ."] : [];
  return [ENTER, ...volumes, ...seen, ...root, LEAVE].join("\n");
}

function watch(process: ChildProcess): RunningContainer {
  let output = "";
  for (const stream of [process.stdout, process.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    process.once("close", (code, signal) => resolve(code ?? signal ?? "nothing"));
  });
  return { process, ended, output: () => output };
}
