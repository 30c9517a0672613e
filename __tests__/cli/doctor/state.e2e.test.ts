import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkoutSynthesized } from "../../programs/checkout";
import { runNode } from "../../programs/command";

/** Each synthesizes, on a busy machine. */
const LONG_MS = 120_000;

const bin = mkdtempSync(path.join(os.tmpdir(), "bin-"));
afterAll(() => rmSync(bin, { recursive: true }));

let folder: string;
beforeAll(() => {
  folder = checkoutSynthesized("session-ec2");
}, LONG_MS);

/** The doctor's report of a stack with this state, at an AWS that has every resource of the stack, or none. */
async function examine(state: string | undefined, isAtAws = true): Promise<string> {
  const file = path.join(folder, "terraform.session-ec2.tfstate");
  if (state === undefined) rmSync(file, { force: true });
  else writeFileSync(file, state);
  const others = isAtAws ? `*) echo '{}'` : "*) echo '(NotFound)' >&2; exit 254";
  const identity = `*get-caller-identity*) echo '{"Account":"1","Arn":"a"}'`;
  writeFileSync(path.join(bin, "aws"), `#!/bin/sh\ncase "$*" in\n${identity} ;;\n${others} ;;\nesac\n`);
  chmodSync(path.join(bin, "aws"), 0o755);
  const PATH = `${bin}${path.delimiter}${process.env.PATH}`;
  const program = path.join(folder, "cli", "doctor", "main.ts");
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  const { code, stdout, stderr } = await runNode(["--require", "./cli/typescript.cjs", program, "session-ec2"], {
    ...credentials,
    PATH,
  });
  expect([code, stderr.replace(/^looking.*\n/gm, "")]).toEqual([1, ""]);
  return stdout;
}

const vpc = { mode: "managed", type: "aws_vpc", name: "v", instances: [{ attributes: { id: "vpc-1" } }] };
const withUrl = (value: unknown) =>
  JSON.stringify({ version: 4, outputs: { url: { value, type: "string" } }, resources: [vpc] });

describe("the doctor of a stack", () => {
  it.each([
    [
      "truncated",
      withUrl("http://192.0.2.1").slice(0, 40),
      / fail {5}state: .*: got no JSON .*\n +next: deploy nothing from it; /,
    ],
    ["of a url that is null", withUrl(null), / fail {5}output url: got null, takes an address\n/],
    ["of a url that is none", withUrl("not yet"), / fail {5}output url: got not yet, takes an address\n/],
  ])(
    "says in a sentence what its state is: %s",
    async (_, state, says) => {
      const report = await examine(state);
      expect(report).toMatch(says);
      expect(report).not.toMatch(/next: npm run deploy -- session-ec2\n|TypeError|Invalid URL/);
    },
    LONG_MS,
  );

  it(
    "advises a deploy where there is no state and AWS has nothing of the stack, and at no other time",
    async () => {
      expect(await examine(undefined, false)).toMatch(
        / fail {5}state: empty: .*\n +next: npm run deploy -- session-ec2\n/,
      );
      const report = await examine(undefined);
      expect(report).toMatch(
        / fail {5}state: the state .* has no resources, and AWS has .*redis\/replication-group \(session-ec2-redis\): .*\n +next: restore the state/,
      );
      expect(report).not.toContain("next: npm run deploy -- session-ec2\n");
    },
    LONG_MS,
  );
});
