import type { Construct } from "constructs";
import { checkText, type TextForm, ValidationError } from "../validation";
import { environmentFile, literals } from "./environment-file";
import { SETUP_LOG, SHOW_LOG, shipLogs } from "./ship-logs";
import { systemdUnit } from "./systemd-unit";

/** The programs and variables of an instance. */
export interface UserDataProps {
  readonly region: string;
  /** The file to run, in S3. */
  readonly artifact: {
    readonly bucketName: string;
    readonly key: string;
    /** Version id. A later deploy deletes the key, and a fleet that rolls back finds the file by its version alone. */
    readonly versionId: string;
    readonly fileName: string;
    readonly sha256: string;
  };
  readonly port: number;
  readonly healthCheckPath: string;
  /** Arguments of the artifact, keyed by the name of the command on the instance. */
  readonly commands: Readonly<Record<string, string>>;
  /** Environment of the app, without secrets: each principal that can describe the instance can read user data. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Name of the log group that the CloudWatch agent sends the logs of app and setup to.
   * @default - no agent: the logs stay on the instance
   */
  readonly logGroupName?: string | undefined;
  /**
   * The lifecycle hook of an Auto Scaling group that waits for the report that the app answers.
   * @default - no report
   */
  readonly launchHook?: {
    readonly autoScalingGroupName: string;
    readonly hookName: string;
    /** The longest wait for the report of an instance, in seconds. */
    readonly timeoutSeconds: number;
  };
}

/** The most bytes of user data that EC2 accepts. */
const MAX_BYTES = 16_384;

/** Added to a command: writes its output to the log and to the console. */
const LOGGED = `2>&1 | tee -a ${SETUP_LOG} /dev/console`;

/**
 * Node.js on Amazon Linux 2023: each major version has a package and a program. Version 24 gets security updates until April 2028.
 * @see https://docs.aws.amazon.com/linux/al2023/ug/nodejs.html
 */
const NODE = { package: "nodejs24", program: "node-24" };

/**
 * The longest time of downloads of the bundle and their retries, in seconds. In a new bucket, S3 may not find versions for up to 15 minutes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html
 */
const MOST_FETCH_SECONDS = 900;
/** The rest of a boot: packages before the download, the app's start and the report after it. Seconds. */
const REST_OF_BOOT_SECONDS = 180;

/** Gives the agent, which sends every 5 s, the time to send the reason of a failure before the group terminates the instance. */
const SEND_REASON = `
  sleep "$FLUSH_SECONDS"`;

const ENVIRONMENT_FILE = "/etc/web-app/environment";

/** Texts that the script contains without quotes, or in single quotes. */
const HEALTH_CHECK_PATH: TextForm = {
  pattern: /^\/[\w./-]*$/,
  allowed: "a path of letters, digits and . / _ - that begins with /",
  fix: `take a simple one, like "/healthz"`,
  atSynth: true,
};
const COMMAND: TextForm = {
  pattern: /^[a-z][a-z0-9-]*$/,
  allowed: "names and arguments of small letters, digits and hyphens, a letter first",
  fix: "rename it",
  atSynth: true,
};
const GROUP_NAME: TextForm = {
  pattern: /^[\w.-]+$/,
  allowed: "letters, digits and . _ -",
  fix: "change the construct's id",
  atSynth: true,
};

/**
 * The bash script that turns a fresh Amazon Linux 2023 into a server of the app. The script has `$NAME` and never `$` with a brace,
 * which Terraform would interpolate.
 *
 * @throws when a value cannot be quoted, or the script is longer than EC2 allows.
 */
export function userData(scope: Construct, props: UserDataProps): string {
  const { artifact, region, port, healthCheckPath, commands, environment, launchHook, logGroupName } = props;
  checkText(scope, "healthCheckPath", healthCheckPath, HEALTH_CHECK_PATH);
  for (const word of Object.entries(commands).flat()) checkText(scope, "commands", word, COMMAND);
  const bundle = `/opt/web-app/${artifact.sha256}/${artifact.fileName}`;
  const run = `/usr/bin/${NODE.program} ${bundle}`;
  const unit = systemdUnit({ command: run, environmentFile: ENVIRONMENT_FILE });

  const bootSeconds = launchHook?.timeoutSeconds ?? Number.POSITIVE_INFINITY;
  const fetchSeconds = Math.max(60, Math.min(MOST_FETCH_SECONDS, bootSeconds - REST_OF_BOOT_SECONDS));

  const script = `#!/bin/bash
# Makes this instance serve the web app. Runs at the first boot; running it again changes nothing that is as it should be.
# What it says goes to the console and to ${SETUP_LOG}.
set -eEuo pipefail

BUCKET='${artifact.bucketName}'
ARTIFACT='${artifact.key}'
VERSION='${artifact.versionId}'
BUNDLE='${bundle}'
SHA256='${artifact.sha256}'
REGION='${region}'
FETCH_SECONDS=${fetchSeconds}
RETRY_SECONDS=5${logGroupName === undefined ? "" : "\nFLUSH_SECONDS=10"}
HEALTH_URL='http://127.0.0.1:${port}${healthCheckPath}'

CHANGED=no

fail() {
  echo "web-app setup FAILED: $1" >&2
  exit 1
}

# retry SECONDS COMMAND...: tries again for so long.
# The address this instance is reached by, and reaches others with, comes seconds after its first boot; permissions too.
retry() {
  local end=$((SECONDS + $1)) attempt=1
  shift
  until "$@"; do
    if ((SECONDS >= end)); then return 1; fi
    echo "attempt $attempt failed, the next in $RETRY_SECONDS s: $*"
    attempt=$((attempt + 1))
    sleep "$RETRY_SECONDS"
  done
}

# put FILE MODE: makes FILE hold what comes in on standard input.
put() {
  local content
  content=$(cat)
  if [[ -f $1 && $(<"$1") == "$content" ]]; then return 0; fi
  mkdir -p "$(dirname "$1")"
  (umask 077 && printf '%s\\n' "$content" >"$1.new")
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
  CHANGED=yes
}

has_hash() {
  echo "$SHA256  $1" | sha256sum --check --status 2>/dev/null
}

install_runtime() {
  if command -v ${NODE.program} >/dev/null && command -v redis6-cli >/dev/null; then return 0; fi
  retry 60 dnf install -y -q ${NODE.package} redis6 || fail "dnf could not install ${NODE.package} and redis6"
}
${logGroupName === undefined ? "" : shipLogs({ region, logGroupName })}
get_object() {
  aws s3api get-object --region "$REGION" --bucket "$BUCKET" --key "$ARTIFACT" "$@" "$BUNDLE.new" >/dev/null
}

# For up to 15 minutes after versioning was first switched on, S3 may not find a new version; the key may be found before.
get_version_or_key() {
  get_object --version-id "$VERSION" || get_object
}

fetch_bundle() {
  if has_hash "$BUNDLE"; then return 0; fi
  mkdir -p "$(dirname "$BUNDLE")"
  retry "$FETCH_SECONDS" get_version_or_key ||
    fail "could not fetch s3://$BUCKET/$ARTIFACT"
  if ! has_hash "$BUNDLE.new"; then
    rm -f "$BUNDLE.new"
    fail "what came from s3://$BUCKET/$ARTIFACT does not have the SHA-256 $SHA256"
  fi
  chmod 644 "$BUNDLE.new"
  mv "$BUNDLE.new" "$BUNDLE"
  CHANGED=yes
}

write_service() {
  put ${ENVIRONMENT_FILE} 600 <<'END_OF_ENVIRONMENT'
${environmentFile(scope, environment)}
END_OF_ENVIRONMENT

  put /etc/systemd/system/web-app.service 644 <<'END_OF_UNIT'
${unit}
END_OF_UNIT
${Object.entries(commands)
  .map(([name, argument]) => putCommand(name, `${run} ${argument}`))
  .join("")}}

start_service() {
  if [[ $CHANGED == no ]] && systemctl is-active --quiet web-app; then return 0; fi
  systemctl daemon-reload
  systemctl enable --quiet web-app
  systemctl restart web-app
}

wait_until_healthy() {
  local attempt
  for attempt in {1..120}; do
    if curl --silent --fail --max-time 2 --output /dev/null "$HEALTH_URL"; then
      echo "web-app is up: $HEALTH_URL answers"
      return 0
    fi
    sleep 0.5
  done
  systemctl status --no-pager --lines 50 web-app || true${logGroupName === undefined ? "" : `\n  ${SHOW_LOG}`}
  fail "$HEALTH_URL did not answer in $attempt attempts"
}

setup() {
  trap 'echo "web-app setup FAILED at line $LINENO: $BASH_COMMAND"' ERR
  install_runtime${logGroupName === undefined ? "" : "\n  try_to_ship_logs"}
  fetch_bundle
  write_service
  start_service
  wait_until_healthy
}

${launchHook === undefined ? `setup ${LOGGED}` : reportedSetup(scope, launchHook, logGroupName !== undefined)}
`;
  checkSize(scope, script);
  return script;
}

/**
 * Setup, and the report of its result. A failure is reported at once, so that the group does not wait for the timeout. Cloud-init,
 * which runs user data, has the instance's id in a file.
 */
function reportedSetup(
  scope: Construct,
  { autoScalingGroupName, hookName }: NonNullable<UserDataProps["launchHook"]>,
  shipsLogs: boolean,
) {
  checkText(scope, "name of the Auto Scaling group", autoScalingGroupName, GROUP_NAME);
  return `# report CONTINUE|ABANDON: lets the Auto Scaling group count this instance, or replace it.
report() {
  echo "web-app setup reports $1"
  retry 60 aws autoscaling complete-lifecycle-action --region "$REGION" --auto-scaling-group-name '${autoScalingGroupName}' \\
    --lifecycle-hook-name '${hookName}' --lifecycle-action-result "$1" --instance-id "$(</var/lib/cloud/data/instance-id)"
}

abandon() {${shipsLogs ? SEND_REASON : ""}
  report ABANDON ${LOGGED}
  exit 1
}

trap abandon ERR
setup ${LOGGED}
trap - ERR
report CONTINUE ${LOGGED}`;
}

/** Installs a command that runs with the environment of the app. Only root can read that environment. */
function putCommand(name: string, command: string): string {
  return `
  put /usr/local/bin/${name} 755 <<'END_OF_COMMAND'
#!/bin/bash
[[ $EUID == 0 ]] || exec sudo "$0" "$@"
set -a
. ${ENVIRONMENT_FILE}
exec ${command} "$@"
END_OF_COMMAND
`;
}

/** Checks the size without tokens, whose values are not known at synth. */
function checkSize(scope: Construct, script: string): void {
  const bytes = Buffer.byteLength(literals(script).join(""));
  if (bytes <= MAX_BYTES) return;
  throw new ValidationError(scope, {
    what: "user data",
    got: `${bytes} bytes`,
    allowed: `at most ${MAX_BYTES} bytes`,
    fix: "shorten the environment",
  });
}
