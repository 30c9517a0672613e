import { writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkout } from "../programs/checkout";
import { type Finished, runNode } from "../programs/command";
import { type Recorded, recordedPrograms } from "../programs/recorded";

/** For several processes after each other, on a busy machine. */
const LONG_MS = 180_000;

/** A machine with these programs alone, without a login at AWS. */
const NOBODY = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: path.join(os.tmpdir(), "none"),
  AWS_SHARED_CREDENTIALS_FILE: path.join(os.tmpdir(), "none"),
};
const LOGGED_IN = { ...NOBODY, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

const run = (program: string, args: readonly string[], variables = {}, folder = ".") =>
  runNode(["--require", "./cli/typescript.cjs", path.join(folder, program), ...args], { ...NOBODY, ...variables });

/** One line, or one for each thing that is wrong; never a stack trace. */
function expectLines({ code, stderr }: Finished, says: RegExp, ends = 2): void {
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(6);
  expect(code).toBe(ends);
}

const STACKS = /stack: got session-ec9, takes session-ec2, .*session-lambda\n$/;
const noSuchStack = ["session-ec9"];

/** Found, and never to be called. */
let programs: Recorded;
beforeAll(() => {
  programs = recordedPrograms({ terraform: "exit 1" });
});
afterAll(() => programs.remove());

describe("a command that is given something wrong ends with what is wrong and what to do", () => {
  it.each<{
    what: string;
    program: string;
    args: readonly string[];
    says: RegExp;
    variables?: object;
    ends?: number;
  }>([
    { what: "synth, no such stack", program: "main.ts", args: noSuchStack, says: STACKS },
    { what: "plan, no such stack", program: "cli/plan/main.ts", args: noSuchStack, says: STACKS },
    { what: "deploy, no such stack", program: "cli/deploy/main.ts", args: ["deploy", ...noSuchStack], says: STACKS },
    {
      what: "destroy, no stack",
      program: "cli/deploy/main.ts",
      args: ["destroy"],
      says: /got nothing, takes session-ec2/,
    },
    {
      what: "deploy, without a terminal",
      program: "cli/deploy/main.ts",
      args: ["deploy", "session-ec2"],
      says: /^there is no terminal to ask on: npm run deploy -- session-ec2 --auto-approve applies .*\n$/,
    },
    {
      what: "destroy, with an option of cdktf-cli",
      program: "cli/deploy/main.ts",
      args: ["destroy", "session-ec2", "--skip-synth"],
      says: /^npm run destroy: got --skip-synth, takes --auto-approve, --settings, --help; npm run destroy -- --help /,
    },
    { what: "cost, no such stack", program: "cli/cost/main.ts", args: noSuchStack, says: STACKS },
    { what: "doctor, no such stack", program: "cli/doctor/main.ts", args: noSuchStack, says: STACKS },
    {
      what: "example, no such one",
      program: "webapp/examples/start.ts",
      args: ["9"],
      says: /^example: got 9, takes 1, 2, 3 or 4\n$/,
    },
    {
      what: "start, no such argument",
      program: "webapp/main.ts",
      args: ["serve"],
      says: /got "serve", takes "inspect" or no/,
      ends: 1,
    },
    {
      what: "start, no port",
      program: "webapp/main.ts",
      args: [],
      variables: { PORT: "x" },
      ends: 1,
      says: /^PORT: got "x", takes/,
    },
    { what: "inspect, no Redis", program: "webapp/main.ts", args: ["inspect"], says: /^REDIS_URL: got nothing, takes/ },
  ])("$what", async ({ program, args, variables, says, ends }) => {
    expectLines(await run(program, args, variables), says, ends);
  });
});

describe("what leads to AWS", () => {
  const TO_AWS = [
    { command: "plan", program: "cli/plan/main.ts", args: ["session-ec2"] },
    { command: "deploy", program: "cli/deploy/main.ts", args: ["deploy", "session-ec2", "--auto-approve"] },
    { command: "destroy", program: "cli/deploy/main.ts", args: ["destroy", "session-ec2", "--auto-approve"] },
  ];

  it.each(TO_AWS)("$command says where to get Terraform", async ({ program, args }) => {
    const ended = await run(program, args, { ...LOGGED_IN, PATH: os.tmpdir() });
    expectLines(ended, /^terraform: not found on PATH; to install it: https:.*\n$/);
  });

  it.each(TO_AWS)("$command says how to log in", async ({ program, args }) => {
    const { path: PATH, calls } = programs;
    const ended = await run(program, args, { PATH });
    expectLines(ended, /^credentials: none found for AWS .*AWS_PROFILE.*\n$/);
    expect(calls()).toEqual([]);
  });

  const BROKEN = [
    { what: "no JSON", text: "{", says: /cdktf\.json: got no JSON \(.*\), takes a JSON object\n/ },
    {
      what: "a misspelt context",
      text: '{"contxt":{}}',
      says: /cdktf\.json: got no key "context" but "contxt", takes /,
    },
    { what: "an unknown key", text: '{"context":{"regoin":"x"}}', says: /regoin: got a key that is no setting, / },
    { what: "a wrong type", text: '{"context":{"region":5}}', says: /region: got 5, takes / },
  ];
  const OF_SETTINGS = [{ command: "synth", program: "main.ts", args: [] }, ...TO_AWS];

  it.each(BROKEN)(
    "hands on what is wrong with cdktf.json: $what",
    async ({ text, says }) => {
      const folder = checkout();
      writeFileSync(path.join(folder, "cdktf.json"), text);
      const variables = { ...LOGGED_IN, PATH: programs.path };
      for (const { program, args } of OF_SETTINGS) expectLines(await run(program, args, variables, folder), says);
    },
    LONG_MS,
  );

  it(
    "the doctor says what is wrong with cdktf.json, and looks at the rest",
    async () => {
      const folder = checkout();
      writeFileSync(path.join(folder, "cdktf.json"), "{");
      const { code, stdout } = await run("cli/doctor/main.ts", [], LOGGED_IN, folder);
      expect(stdout).toMatch(/ fail {5}settings: cdktf\.json: got no JSON .*\n {11}next: /);
      expect([code, stdout]).toEqual([1, expect.stringContaining("dependencies: ")]);
    },
    LONG_MS,
  );
});
