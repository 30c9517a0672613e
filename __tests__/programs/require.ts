import { execFileSync } from "node:child_process";

/** The package that installs each real program of the tests. */
const INSTALL = {
  "redis-server": "apt-get install redis-server",
  "redis-cli": "apt-get install redis-tools",
  memcached: "apt-get install memcached",
  openssl: "apt-get install openssl",
  unshare: "apt-get install util-linux",
  nsenter: "apt-get install util-linux",
  chromium: "apt-get install chromium",
  terraform: "see https://developer.hashicorp.com/terraform/install",
  moto_server: "pip install 'moto[server]'",
  aws: "pip install awscli",
} as const;

export type Program = keyof typeof INSTALL;

function isOnPath(program: Program): boolean {
  try {
    return findOnPath(program) !== "";
  } catch {
    return false;
  }
}

/** Where a program is. @throws when it is not on PATH. */
export function findOnPath(program: Program): string {
  return execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
}

/** Which of these are not on PATH, and how to install them, in one line; undefined when all are there. */
export function missing(programs: readonly Program[]): string | undefined {
  const not = programs.filter((program) => !isOnPath(program));
  return not.length === 0 ? undefined : `needs ${not.map((name) => `${name} (${INSTALL[name]})`).join(", ")}`;
}

/** `describeUnless` a program is not on PATH; says how to install it. */
export function describeWith(programs: readonly Program[], name: string, tests: () => void): void {
  describeUnless(missing(programs), name, tests);
}

/**
 * `describe`, unless there is a reason against it; then a block that shows as skipped and says why. With REQUIRE_ALL=1 that
 * block fails, so that nothing is skipped unseen.
 */
export function describeUnless(reason: string | undefined, name: string, tests: () => void): void {
  if (reason === undefined) {
    describe(name, tests);
    return;
  }
  if (process.env.REQUIRE_ALL === "1") {
    it(`${name}: ${reason}`, () => {
      throw new Error(reason);
    });
  } else {
    // Jest counts what is skipped and names it in its verbose form only.
    process.stderr.write(`skipped: ${name}: ${reason}\n`);
    describe.skip(`${name} [skipped: ${reason}]`, tests);
  }
}
