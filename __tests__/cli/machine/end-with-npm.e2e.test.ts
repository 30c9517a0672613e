import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { until } from "../../harness/poll";
import { checkout } from "../../programs/checkout";

const ROOT = path.join(__dirname, "..", "..", "..");
const PLAN = path.join(__dirname, "..", "plan", "plans", "edits.json");
/** A command that synthesizes, on a busy machine. */
const LONG_MS = 120_000;

const folder = mkdtempSync(path.join(os.tmpdir(), "npm-"));
const log = path.join(folder, "log");
const said = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
beforeEach(() => rmSync(log, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Programs that note each signal: terraform takes a moment to end after the first, as Terraform does. ps takes as long as on a busy
 * machine.
 */
function programs(): string {
  const bin = path.join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const terraform = `#!/bin/sh
case "$1" in
  show) cat '${PLAN}' ;;
  plan) exit 2 ;;
  apply)
    for signal in INT TERM HUP; do trap "echo $signal >>'${log}'; asked=yes" $signal; done
    echo applying >>'${log}'
    for i in $(seq 400); do [ -z "$asked" ] || break; sleep 0.05; done
    sleep 0.5
    echo 'state written' >>'${log}'
    exit 1 ;;
esac
`;
  const ps = `#!/bin/sh\nsleep 0.5\nPATH='${process.env.PATH}' exec ps "$@"\n`;
  const aws = "#!/bin/sh\necho '(NotFound)' >&2; exit 254\n";
  for (const [name, script] of Object.entries({ terraform, aws, ps })) {
    writeFileSync(path.join(bin, name), script);
    chmodSync(path.join(bin, name), 0o755);
  }
  return `${bin}${path.delimiter}${process.env.PATH}`;
}

function startNpm(args: readonly string[], cwd: string): { npm: ChildProcess; output: () => string } {
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  const env = { ...process.env, ...credentials, PATH: programs() };
  const npm = spawn("npm", ["run", ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  return { npm, output: () => output };
}

/** A package whose script is a command of ours that does this. */
function buildPackage(run: string): string {
  const command = path.join(folder, "command.cjs");
  const ours = (file: string) => JSON.stringify(path.join(ROOT, "cli", file));
  writeFileSync(
    command,
    `const { main } = require(${ours("machine/command.ts")});
const { runTerraform } = require(${ours("terraform/run-terraform.ts")});
void main({ name: "sail", says: "Sails.", options: {}, run: ${run} });
`,
  );
  const sail = `node --require ${ours("typescript.cjs")} ${command}`;
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ scripts: { sail } }));
  return folder;
}

describe("a signal to npm alone", () => {
  it.each(["SIGTERM", "SIGHUP", "SIGKILL"] as const)(
    "reaches Terraform once, which is waited for: %s",
    async (signal) => {
      const { npm, output } = startNpm(
        ["sail"],
        buildPackage("() => runTerraform(['apply'], '.', () => {}).then((ended) => console.log(ended))"),
      );
      await until(() => said().includes("applying"), "the apply");
      npm.kill(signal);
      // The streams are closed by the last process that has them.
      await once(npm, "close");
      expect(said()).toBe("applying\nINT\nstate written\n");
      expect(output()).toMatch(/interrupted: Terraform ends .*\n\{ code: 1, .* isInterrupted: true \}\n$/);
    },
  );

  it("ends a command that is at no such work", async () => {
    const { npm, output } = startNpm(
      ["sail"],
      buildPackage("() => { console.log('sailing'); return new Promise((end) => setTimeout(end, 600_000)); }"),
    );
    // npm prints lines of its own before it, unless its log level is silent.
    await until(() => /^sailing$/m.test(output()), "the command");
    npm.kill("SIGTERM");
    await once(npm, "close");
  });

  it(
    "interrupts a deploy, which says so",
    async () => {
      const { npm, output } = startNpm(["deploy", "--", "session-ec2", "--auto-approve"], checkout(true));
      await until(() => said().includes("applying"), "the apply", LONG_MS);
      npm.kill("SIGTERM");
      await once(npm, "close");
      expect(said()).toBe("applying\nINT\nstate written\n");
      expect(output()).toMatch(/interrupted after \d+ s; Terraform has ended what it had begun .*\n$/);
    },
    LONG_MS,
  );
});
