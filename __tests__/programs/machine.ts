import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { OwnNetwork } from "./own-network";

/** Folders the machine has to itself: it sees the host's content and changes its own copy. */
const OWN_FOLDERS = ["/etc", "/opt", "/usr/bin", "/usr/local", "/var/lib", "/var/log"];

/** Where cloud-init puts what the instance is called. */
const INSTANCE_ID = { file: "/var/lib/cloud/data/instance-id", id: "i-0123456789abcdef0" };

const AGENT = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl";

/** Installs what Amazon Linux would, under its names there. A package in the file `missing` is in no repository. */
const DNF = `#!/bin/bash
if [[ -f $MACHINE/missing && $* == *$(<"$MACHINE/missing")* ]]; then
  echo "dnf $*" >>"$MACHINE/calls"
  echo "Error: Unable to find a match: $(<"$MACHINE/missing")" >&2
  exit 1
fi
[[ $* == *nodejs24* ]] && ln -sf "$REAL_NODE" /usr/bin/node-24
[[ $* == *redis6* ]] && ln -sf "$(command -v redis-cli)" /usr/bin/redis6-cli
[[ $* == *amazon-cloudwatch-agent* ]] && mkdir -p ${path.dirname(AGENT)} && cp "$MACHINE/bin/agent-ctl" ${AGENT}
echo "dnf $*" >>"$MACHINE/calls"
`;

/**
 * Sends the files of its configuration once, as far as they are written, to the streams that are named there, with the machine's
 * permissions.
 */
const AGENT_CTL = `#!/bin/bash
echo "agent $*" >>"$MACHINE/calls"
exec python3 - "\${@: -1}" <<'END'
import boto3, botocore.config, json, os, sys, time
configuration = json.load(open(sys.argv[1].removeprefix("file:")))
once = botocore.config.Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 1})
logs = boto3.client("logs", region_name=configuration["agent"]["region"], config=once)
identity = open("${INSTANCE_ID.file}").read().strip()
for file in configuration["logs"]["logs_collected"]["files"]["collect_list"]:
    stream = {"logGroupName": file["log_group_name"], "logStreamName": file["log_stream_name"].replace("{instance_id}", identity)}
    try:
        logs.create_log_stream(**stream)
    except logs.exceptions.ResourceAlreadyExistsException:
        pass
    lines = open(file["file_path"]).read().splitlines() if os.path.exists(file["file_path"]) else []
    events = [{"timestamp": int(time.time() * 1000), "message": line} for line in lines if line]
    if events:
        logs.put_log_events(logEvents=events, **stream)
END
`;

/** The real one, but for what moto lacks: Auto Scaling's hooks. */
const AWS = `#!/bin/bash
if [[ $1 == autoscaling ]]; then
  echo "aws $*" >>"$MACHINE/calls"
  exit
fi
exec "$REAL_AWS" "$@"
`;

/** Reads the unit file and does what it says about command, environment, user and restart. */
const SYSTEMCTL = `#!/bin/bash
verb=$1 unit=/etc/systemd/system/web-app.service
output=$(sed -n 's/^StandardOutput=append://p' "$unit.d/logs.conf" 2>/dev/null)
[[ $* == *amazon-cloudwatch-agent* && $verb == is-active ]] && exec grep -q '^agent ' "$MACHINE/calls"
[[ $verb == is-active || $verb == status ]] || echo "systemctl $*" >>"$MACHINE/calls"
running() { [[ -f $MACHINE/pid ]] && kill -0 "$(<"$MACHINE/pid")" 2>/dev/null; }
case $verb in
  is-active) running ;;
  status) cat "$MACHINE/journal" ;;
  stop | restart)
    if running; then kill "$(<"$MACHINE/pid")"; while running; do sleep 0.02; done; fi
    [[ $verb == stop ]] && exit
    (
      set -a
      . "$(sed -n 's/^EnvironmentFile=//p' "$unit")"
      grep -q '^DynamicUser=yes' "$unit" && as="unshare --user --map-user=61184 --map-group=61184"
      exec $as $(sed -n 's/^ExecStart=//p' "$unit") >>"\${output:-$MACHINE/journal}" 2>&1 </dev/null
    ) &
    echo $! >"$MACHINE/pid"
    ;;
esac
`;

/** Looked for once: who is asked for pages in this process cannot wait for a shell. */
let realAws: string | undefined;

/** Stands for an instance of Amazon Linux. */
export interface Machine {
  /** Runs a script as root would at boot; answers with its exit code and all it said. */
  boot(script: string): Promise<{ readonly code: number | null; readonly output: string }>;
  /** Runs a shell command on it. */
  run(command: string): string;
  /** The calls of dnf, systemctl and Auto Scaling so far, queries left out. */
  calls(): string[];
  /** The service's output so far. */
  journal(): string;
  /** From now on, a package is in no repository. */
  withoutPackage(name: string): void;
  /** Process id of the service. */
  pid(): number;
  stop(): Promise<void>;
}

/**
 * A machine to run user data on for real: a mount namespace in which `/etc`, `/opt`, `/usr` programs and `/var/log` are its
 * own, so that the host stays as it is. Only dnf, systemctl, the CloudWatch agent and Auto Scaling are stand-ins.
 *
 * @param environment - what the app finds besides its unit's own: the local AWS, a CA.
 * @param network - a network of its own, closed by the caller. @default - the host's
 */
export async function startMachine(
  environment: Readonly<Record<string, string>>,
  network?: OwnNetwork,
): Promise<Machine> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "machine-"));
  mkdirSync(path.join(dir, "bin"));
  for (const [name, text] of [
    ["dnf", DNF],
    ["systemctl", SYSTEMCTL],
    ["aws", AWS],
    ["agent-ctl", AGENT_CTL],
  ] as const) {
    writeFileSync(path.join(dir, "bin", name), text);
    chmodSync(path.join(dir, "bin", name), 0o755);
  }
  // Nothing else of the host's: what an app is not told, it must not find.
  const { PATH = "", HOME = "" } = process.env;
  const own = { PATH, HOME };
  realAws ??= spawnSync("bash", ["-c", "command -v aws"], { env: own, encoding: "utf8" }).stdout.trim();
  const programs = { REAL_NODE: process.execPath, REAL_AWS: realAws, PATH: `${dir}/bin:${PATH}` };
  const env = { ...own, ...environment, MACHINE: dir, ...programs };
  const separate = network === undefined ? [] : OwnNetwork.FLAGS;
  const script = mountScript(dir, network);
  const holder = spawn("unshare", ["--map-root-user", "--mount", ...separate, "bash", "-c", script], { env });
  await said(holder, "ready");
  const enter = ["--target", String(holder.pid), "--user", "--mount", ...separate, "--preserve-credentials"];
  const boots = new Set<ChildProcess>();
  return {
    async boot(script) {
      const child = spawn("nsenter", [...enter, "bash", "-s"], { env, timeout: 60_000, detached: true });
      boots.add(child);
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      child.stdin.end(script);
      const [code] = await once(child, "close");
      boots.delete(child);
      return { code, output };
    },
    run: (command) => execFileSync("nsenter", [...enter, "bash", "-c", command], { env, encoding: "utf8" }),
    calls: () => readIfThere(path.join(dir, "calls")).split("\n").filter(Boolean),
    journal: () => readIfThere(path.join(dir, "journal")),
    withoutPackage: (name) => writeFileSync(path.join(dir, "missing"), name),
    pid: () => Number(readIfThere(path.join(dir, "pid")).trim()),
    async stop() {
      // A script that still runs has children, which sleep and try again.
      for (const { pid } of boots) if (pid !== undefined) process.kill(-pid, "SIGKILL");
      const kill = ["bash", "-c", 'kill -9 "$(<"$MACHINE/pid")"'];
      await once(spawn("nsenter", [...enter, ...kill], { env, stdio: "ignore" }), "close");
      holder.kill("SIGKILL");
      await once(holder, "exit");
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Overlays in memory; the console is a file. */
function mountScript(dir: string, network: OwnNetwork | undefined): string {
  const overlays = OWN_FOLDERS.map((folder) => {
    const own = `/mnt/${folder.replaceAll("/", "_")}`;
    return `mkdir -p ${own}/up ${own}/work && mount -t overlay overlay -o lowerdir=${folder},upperdir=${own}/up,workdir=${own}/work ${folder}`;
  });
  const console = `touch "${dir}/console" && if [[ -e /dev/console ]]; then mount --bind "${dir}/console" /dev/console; fi`;
  const { file, id } = INSTANCE_ID;
  const cloudInit = `mkdir -p "${path.dirname(file)}" && echo ${id} >${file}`;
  const last = network === undefined ? ["echo ready", "exec sleep infinity"] : [...network.setup, network.carry];
  return ["set -e", "mount -t tmpfs tmpfs /mnt", ...overlays, console, cloudInit, ...last].join("\n");
}

async function said(child: ChildProcess, word: string): Promise<void> {
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(word)) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`the machine ended with ${code}:\n${output}`)));
  });
}
