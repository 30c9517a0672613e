import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Finished } from "../programs/command";

const ROOT = path.join(__dirname, "..", "..");
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
/** All processes of this file, side by side with other tests on a busy machine. */
const LONG_MS = 300_000;
const AT_ONCE = os.availableParallelism();

interface Row {
  /** The name of its script. */
  readonly name: string;
  /** Arguments that it cannot look at, and its message about them. */
  readonly unreadable: readonly string[];
  readonly says: RegExp;
  readonly variables?: Readonly<Record<string, string>>;
  /** The options it takes, as it says to an unknown one. */
  readonly takes: RegExp;
}

const SETTINGS = ["--settings", "none.json"];
const NO_SETTINGS = /^none\.json: got no such file, takes a JSON file of settings/;
const NO_FILE = /^none\.json: no such file\n$/;
const NO_STACK_OR_FILE =
  /^none\.json: no such file; takes session-ec2, .*, a stack's folder, its cdk\.tf\.json, a plan file, /;
const NO_ARGUMENTS = /: got the arguments none\.json, takes none; /;
const ONLY_HELP = /takes --help; /;

/** Every command that a person types. */
const COMMANDS: readonly Row[] = [
  { name: "synth", unreadable: SETTINGS, says: NO_SETTINGS, takes: /takes --settings, --help; / },
  { name: "plan", unreadable: ["--file", "none.json"], says: NO_FILE, takes: /takes --file, .*, --fail-on, --help; / },
  {
    name: "policy",
    unreadable: ["none.json"],
    says: NO_STACK_OR_FILE,
    takes: /takes --except, --verbose, --json, --help; /,
  },
  { name: "cost", unreadable: SETTINGS, says: NO_SETTINGS, takes: /takes --settings, --json, --write, --help; / },
  {
    name: "size",
    unreadable: ["--users", "many", "--requests", "500"],
    says: /^--users: got many, takes a whole number from 1 to /,
    takes: /takes --users, --hours, .*, --json, --help; /,
  },
  { name: "settings", unreadable: SETTINGS, says: NO_SETTINGS, takes: /takes --settings, --json, --write, --help; / },
  { name: "diagrams", unreadable: ["none.json"], says: NO_STACK_OR_FILE, takes: /takes --json, --help; / },
  { name: "doctor", unreadable: ["--url", "app"], says: /^--url: got app, takes an address/, takes: /takes --url, / },
  {
    name: "deploy",
    unreadable: ["session-ec2", "--auto-approve", ...SETTINGS],
    says: NO_SETTINGS,
    takes: /takes --auto-approve, --settings, --import-existing, --replace, --help; /,
  },
  {
    name: "destroy",
    unreadable: ["session-ec2", "--auto-approve", ...SETTINGS],
    says: NO_SETTINGS,
    takes: /takes --auto-approve, --settings, --help; /,
  },
  { name: "image", unreadable: ["--push", "x"], says: /^--push: got "x", takes an ECR/, takes: /takes --push, / },
  {
    name: "inspect",
    unreadable: [],
    variables: { REDIS_URL: "redis://127.0.0.1:1" },
    says: /^Redis at 127\.0\.0\.1:1: connect ECONNREFUSED/,
    takes: /takes nothing, <key>, "user <name>"/,
  },
  { name: "dev:ecs", unreadable: ["none.json"], says: NO_FILE, takes: ONLY_HELP },
  { name: "dev:lambda", unreadable: ["none.json"], says: NO_FILE, takes: ONLY_HELP },
  { name: "example", unreadable: ["1"], variables: { PORT: "x" }, says: /^PORT: got "x"/, takes: /takes 1, 2, 3 or 4/ },
  { name: "deployer", unreadable: ["none.json"], says: NO_ARGUMENTS, takes: ONLY_HELP },
  { name: "api", unreadable: ["none.json"], says: NO_ARGUMENTS, takes: ONLY_HELP },
  { name: "images", unreadable: ["none.json"], says: NO_ARGUMENTS, takes: ONLY_HELP },
  { name: "words", unreadable: ["none.json"], says: NO_ARGUMENTS, takes: ONLY_HELP },
  {
    name: "verify",
    unreadable: ["session-ec9"],
    says: /^stack: got session-ec9, takes session-ec2, /,
    takes: /--all, /,
  },
  { name: "mutate", unreadable: ["nowhere"], says: /^folder: got nowhere, takes webapp/, takes: /takes --changed, / },
  {
    name: "bench",
    unreadable: ["none.json"],
    says: NO_ARGUMENTS,
    takes: /takes --quick, --long, --promises, --write, --help; /,
  },
];

/** Scripts that take no options of ours: of npm's life cycle, of other programs, or a server. */
const OTHERS = /^(build(:\w+)?|package:\w+|prepack|sbom|start|test(:\w+)?|check|format)$/;

/** Runs a script of package.json, as npm does. */
function runScript(name: string, args: readonly string[], variables = {}): Promise<Finished> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH: [path.join(ROOT, "node_modules", ".bin"), PATH].join(path.delimiter), HOME, ...variables };
  return new Promise((resolve) => {
    execFile("sh", ["-c", `${scripts[name]} "$@"`, name, ...args], { cwd: ROOT, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

const KINDS = ["help", "unknown", "unreadable"] as const;
const finished = new Map<string, Finished>();

beforeAll(async () => {
  const queue = COMMANDS.flatMap(({ name, unreadable, variables }) => {
    const args = { help: ["--help"], unknown: ["--bogus"], unreadable };
    return KINDS.map((kind) => async () => {
      finished.set(`${name} ${kind}`, await runScript(name, args[kind], variables));
    });
  });
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}, LONG_MS);

const findEnd = (name: string, kind: (typeof KINDS)[number]) => finished.get(`${name} ${kind}`) as Finished;

it("knows every command in package.json", () => {
  const typed = Object.keys(scripts).filter((name) => !OTHERS.test(name));
  expect(COMMANDS.map(({ name }) => name).sort()).toEqual(typed.sort());
});

describe.each(COMMANDS)("npm run $name", ({ name, says, takes }) => {
  it("prints its usage for --help, and ends with 0", () => {
    const { code, stdout, stderr } = findEnd(name, "help");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(name === "inspect" ? /^Usage: inspect / : new RegExp(`^npm run ${name} -- .*\n\n[A-Z]`));
  });

  it("says of an unknown option what it got and what it takes, and ends with 2", () => {
    const { code, stdout, stderr } = findEnd(name, "unknown");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("got --bogus");
    expect(stderr).toMatch(takes);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("says in one line what it cannot look at, and ends with 2", () => {
    const { code, stdout, stderr } = findEnd(name, "unreadable");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
