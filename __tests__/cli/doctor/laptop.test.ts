import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkClis } from "../../../cli/doctor/laptop/clis";
import { checkDependencies } from "../../../cli/doctor/laptop/dependencies";
import { checkTerraform } from "../../../cli/doctor/laptop/terraform";
import { recordedPrograms } from "../../programs/recorded";

const { PATH } = process.env;
const cleanUp: (() => void)[] = [];
afterEach(() => {
  process.env.PATH = PATH;
  for (const clean of cleanUp.splice(0)) clean();
});

function withPrograms(programs: Readonly<Record<string, string>>): void {
  const recorded = recordedPrograms(programs);
  cleanUp.push(recorded.remove);
  process.env.PATH = `${recorded.path}${path.delimiter}/bin${path.delimiter}/usr/bin`;
}

describe("the doctor looks for Terraform", () => {
  const version = (number: string) => `echo '{"terraform_version": "${number}"}'`;

  it.each([
    { what: "new enough", terraform: version("1.11.0"), status: "ok", says: "1.11.0" },
    { what: "too old", terraform: version("1.9.8"), status: "fail", says: "1.9.8, takes 1.11 or later" },
    { what: "broken", terraform: "echo 'no such cpu' >&2; exit 1", status: "fail", says: "does not run: no such cpu" },
  ])("that is $what", async ({ terraform, status, says }) => {
    withPrograms({ terraform });
    expect(await checkTerraform()).toMatchObject({ status, says });
  });

  it("that is not there, and says where to get it", async () => {
    process.env.PATH = os.tmpdir();
    const { status, next } = await checkTerraform();
    expect([status, next]).toEqual([
      "fail",
      expect.stringContaining("https://developer.hashicorp.com/terraform/install"),
    ]);
  });
});

describe("the doctor looks at what is installed", () => {
  function folder(installed?: string): string {
    const root = mkdtempSync(path.join(os.tmpdir(), "doctor-"));
    cleanUp.push(() => rmSync(root, { recursive: true }));
    const lock = (version: string) => JSON.stringify({ packages: { "": {}, "node_modules/koa": { version } } });
    writeFileSync(path.join(root, "package-lock.json"), lock("3.3.0"));
    if (installed === undefined) return root;
    mkdirSync(path.join(root, "node_modules"));
    writeFileSync(path.join(root, "node_modules", ".package-lock.json"), lock(installed));
    return root;
  }

  it.each([
    { what: "as it should be", installed: "3.3.0", status: "ok" },
    {
      what: "of another version",
      installed: "3.2.0",
      status: "fail",
      says: "1 are not as in package-lock.json, as node_modules/koa",
    },
    { what: "not there", installed: undefined, status: "fail", says: "not installed by npm" },
  ])("$what", ({ installed, status, says }) => {
    const finding = checkDependencies(folder(installed));
    expect(finding).toMatchObject({ status, ...(says && { says, next: "npm ci" }) });
  });
});

it.each([
  { node: "20.20.2", clis: "cdktf-cli 0.21" },
  { node: "22.23.3", clis: "cdktf-cli 0.21 or cdktn-cli 0.24" },
  { node: "24.21.0", clis: "cdktn-cli 0.24" },
])("the doctor says which CLIs run on Node.js $node, and that none is needed", ({ node, clis }) => {
  const { status, says } = checkClis(node);
  expect([status, says.startsWith("npm run deploy needs no CLI"), says.endsWith(` take ${clis}`)]).toEqual([
    "ok",
    true,
    true,
  ]);
});
