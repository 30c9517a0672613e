import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const FIRST_PLANS = path.join(__dirname, "first-plans");
const KEY = { enable_key_rotation: true };
const ref = (expression: string) => `\${${expression}}`;

describe("the command", () => {
  const policy = (input: string, ...args: string[]) =>
    spawnSync(
      process.execPath,
      ["--require", "./cli/typescript.cjs", path.join("cli", "policy", "main.ts"), "-", ...args],
      {
        cwd: path.join(__dirname, "..", "..", ".."),
        encoding: "utf8",
        input,
      },
    );
  const open = JSON.stringify({ resource: { aws_cloudwatch_log_group: { one: {} } } });

  it("says what is wrong, by whose rule, and ends with 1", () => {
    const { stdout, status } = policy(open);
    expect(stdout).toContain(
      "aws_cloudwatch_log_group.one keeps its lines for ever\n    log-group-retention (CKV_AWS_66)",
    );
    expect(status).toBe(1);
  });

  it("ends with 0 where the finding is expected, and says so as JSON", () => {
    const { stdout, status } = policy(open, "--json", "--except", "log-group-retention");
    expect(JSON.parse(stdout)).toEqual([
      { file: "-", findings: [], unexamined: [], uncovered: [{ type: "aws_cloudwatch_log_group", count: 1 }] },
    ]);
    expect(status).toBe(0);
  });

  it("counts the resources that no rule looks at, and names their types where it is asked to", () => {
    const route = { vpc_id: ref("aws_vpc.one.id") };
    const json = JSON.stringify({
      resource: { aws_route_table: { one: route, two: route }, aws_kms_key: { one: KEY } },
    });
    const { stdout, status } = policy(json);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^2 resources have no rule here, of 1 type; --verbose /m),
    ]);
    expect(stdout).not.toContain("aws_route_table");
    expect(policy(json, "--verbose").stdout).toMatch(/^ {2}aws_route_table \(2\)$/m);
    expect(policy(json, "--verbose").stdout).not.toContain("aws_kms_key");
  });

  it("counts the resources it could not examine", () => {
    const { stdout, status } = policy(readFileSync(path.join(FIRST_PLANS, "session-ec2-fleet-https.json"), "utf8"));
    expect(stdout).toMatch(/^1 resource is not fully examined, because an argument is known only after apply:$/m);
    expect(stdout).toMatch(/^ {2}aws_launch_template\.\S+ user_data$/m);
    expect(status).toBe(0);
  });

  it.each([
    ["no JSON", "{", []],
    ["JSON of something else", "{}", []],
    ["an exception to no rule", open, ["--except", "no-such-rule"]],
  ])("refuses %s in one line and ends with 2", (_, input, args) => {
    const { stderr, status } = policy(input, ...args);
    expect(stderr).toMatch(/^.+\n$/);
    expect(status).toBe(2);
  });
});
