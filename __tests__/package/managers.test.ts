import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeUnless } from "../programs/require";
import { pack } from "./project";

const ROOT = path.join(__dirname, "..", "..");
const MANAGERS = ["yarn@1.22.22", "@yarnpkg/cli-dist@4.18.1", "pnpm@10.34.8"];
const TYPESCRIPT = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
/** As any project in TypeScript has them. */
const NODE_TYPES = "@types/node@20";
const INSTALL_MS = 300_000;

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "managers-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  try {
    const options = { cwd, env: { ...process.env, ...env }, encoding: "utf8", stdio: "pipe" } as const;
    return execFileSync(program, args, options);
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${path.basename(program)} ${args.join(" ")}\n${stdout}${stderr}`);
  }
}

/** A package manager, and how it installs what README names. */
interface Manager {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Runs Node with what was installed. @default - node itself finds it */
  readonly node?: readonly string[];
}

const bin = (...names: string[]) => path.join(folder, "node_modules", ...names);
const quiet = ["--no-audit", "--no-fund"];
const yarn4 = [process.execPath, bin("@yarnpkg", "cli-dist", "bin", "yarn.js")];
const yarn4Variables = { YARN_ENABLE_TELEMETRY: "0", YARN_ENABLE_IMMUTABLE_INSTALLS: "0" };

const managers: readonly Manager[] = [
  { name: "npm", args: ["npm", "install", ...quiet] },
  { name: "npm without peers", args: ["npm", "install", "--legacy-peer-deps", ...quiet] },
  { name: "pnpm", args: [process.execPath, bin("pnpm", "bin", "pnpm.cjs"), "add"] },
  { name: "Yarn 1", args: [process.execPath, bin("yarn", "bin", "yarn.js"), "add", "--non-interactive"] },
  {
    name: "Yarn 4 with node_modules",
    args: [...yarn4, "add"],
    env: { ...yarn4Variables, YARN_NODE_LINKER: "node-modules" },
  },
  {
    name: "Yarn 4 with Plug'n'Play",
    args: [...yarn4, "add"],
    env: { ...yarn4Variables, YARN_NODE_LINKER: "pnp" },
    node: [...yarn4, "node"],
  },
];

/** The packages that README's line for an import installs beside this one. */
function besideIn(line: RegExp): string[] {
  const found = readFileSync(path.join(ROOT, "README.md"), "utf8")
    .split("\n")
    .find((text) => line.test(text));
  const [, packages = ""] = /^npm install \S+\.tgz ([^#]*)/.exec(found ?? "") ?? [];
  const named = packages.trim().split(" ");
  if (named.length < 2) throw new Error(`README.md: has no line "npm install <folder>/...tgz" with ${line}`);
  return named;
}

const CONSTRUCTS = `
const stack = new SessionStack(new App(), "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network", { availabilityZones: ["a", "c"], nat: Nat.NONE });
const redis = new RedisCluster(stack, "redis", { network, replicas: 1 });
new SessionApp(stack, "app", { redis, sessions: { idleSeconds: 60 } });
`;
const SESSION = `
const schema = z.object({ visits: z.number().optional() });
const lifetimes = { idleSeconds: 60, maxAgeSeconds: 120 };
createSessions(new Koa(), { store: new MemoryStore(lifetimes), schema, cookie: { secure: false } });
`;
const CONSTRUCT_NAMES = "{ Nat, Network, RedisCluster, SessionApp, SessionStack }";
const SESSION_NAMES = "{ createSessions, MemoryStore }";

/** Two programs for each import: a CommonJS one and an ES module. */
const programs = [
  {
    what: "the constructs",
    line: /cdktf@/,
    require: `const { App } = require("cdktf");\nconst ${CONSTRUCT_NAMES} = require("cdktf-session-store");`,
    import: `import { App } from "cdktf";\nimport ${CONSTRUCT_NAMES} from "cdktf-session-store";`,
    body: CONSTRUCTS,
  },
  {
    what: "the session layer",
    line: /koa@/,
    require: `const Koa = require("koa");\nconst { z } = require("zod");\nconst ${SESSION_NAMES} = require("cdktf-session-store/session");`,
    import: `import Koa from "koa";\nimport { z } from "zod";\nimport ${SESSION_NAMES} from "cdktf-session-store/session";`,
    body: SESSION,
  },
] as const;

function installManagers(): string | undefined {
  try {
    run("npm", ["install", ...quiet, "--prefix", folder, ...MANAGERS], folder);
    return undefined;
  } catch (error) {
    return `npm could not install ${MANAGERS.join(", ")}: ${(error as Error).message}`;
  }
}

describeUnless(installManagers(), "the package, installed by README's line", () => {
  let tarball: string;
  beforeAll(() => {
    tarball = pack();
  }, INSTALL_MS);

  describe.each(programs)("for $what", ({ what, line, require, import: imports, body }) => {
    it.each(managers)(
      "runs in CommonJS and as an ES module, and is typed: $name",
      ({ name, args, env, node = [process.execPath] }) => {
        const project = path.join(folder, `${name} ${what}`.replaceAll(/[^\w]+/g, "-"));
        mkdirSync(project);
        writeFileSync(path.join(project, "package.json"), '{ "name": "project", "private": true }\n');
        // A folder above has a package.json too: Yarn 4 takes this one for a project by its lock file.
        writeFileSync(path.join(project, "yarn.lock"), "");
        const [program = "", ...first] = args;
        run(program, [...first, tarball, ...besideIn(line), NODE_TYPES], project, env);
        writeFileSync(path.join(project, "one.cjs"), `${require}${body}`);
        writeFileSync(path.join(project, "two.mjs"), `${imports}${body}`);
        const [runner = "", ...before] = node;
        for (const file of ["one.cjs", "two.mjs"]) run(runner, [...before, file], project, env);
        if (name.includes("Plug'n'Play")) return;
        for (const file of ["one.cts", "two.mts"]) writeFileSync(path.join(project, file), `${imports}${body}`);
        const types = ["--strict", "--noEmit", "--module", "node16", "--target", "es2022", "--types", "node"];
        run(process.execPath, [TYPESCRIPT, ...types, "one.cts", "two.mts"], project);
      },
      INSTALL_MS,
    );
  });
});
