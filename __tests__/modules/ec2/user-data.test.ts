import { execFileSync } from "node:child_process";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import type { TerraformStack } from "cdktf";
import { type UserDataProps, userData } from "../../../modules/ec2/user-data";
import { synthesize } from "../../synthesized";

type Props = Partial<UserDataProps>;

const SHA256 = "0123456789abcdef".repeat(4);
const ARTIFACT = {
  bucketName: "bucket",
  key: `${SHA256}/app.js`,
  versionId: "v1",
  fileName: "app.js",
  sha256: SHA256,
};

function render(stack: TerraformStack, props: Props = {}): string {
  return userData(stack, {
    region: "ap-northeast-1",
    artifact: ARTIFACT,
    port: 5000,
    healthCheckPath: "/healthz",
    commands: {},
    environment: {},
    ...props,
  });
}

/** The script as Terraform reads it: an attribute of an instance in the synthesized JSON. */
function synthesized(props: Props | ((stack: TerraformStack) => Props) = {}): string {
  const s = synthesize((stack) => {
    const text = render(stack, typeof props === "function" ? props(stack) : props);
    new Instance(stack, "instance", { userData: text });
  });
  return s.the("aws_instance").user_data;
}

/** A template without references, as Terraform renders it. */
function rendered(template: string): string {
  return template.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

/** Reads a value as systemd does, in double quotes: a backslash before one of "\`$ goes, every other stays. */
function readBySystemd(script: string, name: string): string | undefined {
  const value = new RegExp(`^${name}="(.*)"$`, "m").exec(script)?.[1];
  return value?.replaceAll(/\\(["\\`$])/g, "$1");
}

describe("creates valid Terraform", () => {
  it("is a script bash can parse, short enough for EC2", () => {
    const script = synthesized();
    execFileSync("bash", ["-n"], { input: script });
    expect(Buffer.byteLength(script)).toBeLessThan(8192);
  });

  // Checkov's CKV_AWS_46 takes the hash in such a variable for a secret.
  it("has no variable that scanners take for a secret", () => {
    expect(synthesized()).not.toMatch(/^\w*(KEY|SECRET|PASSWORD|TOKEN)\w*='/m);
  });

  it("is one in a group too, which it tells how it went", () => {
    const script = synthesized({ launchHook: { autoScalingGroupName: "all", hookName: "ready", timeoutSeconds: 600 } });
    execFileSync("bash", ["-n"], { input: script });
    expect(script).toContain("--auto-scaling-group-name 'all'");
    expect(script).not.toMatch(/[$%]\{/);
    expect(synthesized()).not.toContain("autoscaling");
  });

  it("has the agent send the reason of a failure before the group ends the instance", () => {
    const launchHook = { autoScalingGroupName: "all", hookName: "ready", timeoutSeconds: 600 };
    const script = synthesized({ launchHook, logGroupName: "/ec2/session-test-web" });
    execFileSync("bash", ["-n"], { input: script });
    expect(Buffer.byteLength(script)).toBeLessThan(10_240);
    expect(script).not.toMatch(/[$%]\{/);
    expect(script).toMatch(/^FLUSH_SECONDS=10$/m);
    expect(script).toMatch(/^abandon\(\) \{\n {2}sleep "\$FLUSH_SECONDS"\n {2}report ABANDON /m);
    expect(synthesized({ launchHook })).not.toContain("FLUSH_SECONDS");
  });

  it.each([
    [undefined, 900],
    [600, 420],
    [7200, 900],
    [30, 60],
  ])("asks for the bundle for as long as a boot may take: launch hook of %s s, %s s", (timeoutSeconds, seconds) => {
    const launchHook = { autoScalingGroupName: "all", hookName: "ready" };
    const script = synthesized(timeoutSeconds === undefined ? {} : { launchHook: { ...launchHook, timeoutSeconds } });
    expect(script).toContain(`\nFETCH_SECONDS=${seconds}\n`);
  });

  it("leaves ${ and %{ to Terraform", () => {
    expect(synthesized()).not.toMatch(/[$%]\{/);
  });

  it.each([
    ["plain", "production"],
    ["spaces", " two  words "],
    ["double quotes", 'say "hello"'],
    ["single quotes", "it's"],
    ["a dollar", "$HOME and $$ and $(reboot)"],
    ["backquotes", "`reboot`"],
    ["a backslash", "C:\\new\\table\\"],
    ["a percent sign", "%n %i 100%"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's, not JavaScript's
    ["what Terraform would fill in", "${var.x} $${y} %{if true}%%{z}"],
    ["an end of the here-document in a line", "END_OF_ENVIRONMENT"],
    ["a hash and a semicolon", "a # b ; c"],
    ["other alphabets", "日本語 é"],
    ["nothing", ""],
  ])("carries a value with %s unchanged", (_what, value) => {
    const script = rendered(synthesized({ environment: { BEFORE: "1", VALUE: value, AFTER: "2" } }));
    expect(readBySystemd(script, "VALUE")).toBe(value);
    expect([readBySystemd(script, "BEFORE"), readBySystemd(script, "AFTER")]).toEqual(["1", "2"]);
    execFileSync("bash", ["-n"], { input: script });
  });

  it("carries a reference on to Terraform", () => {
    const script = synthesized((stack) => ({
      environment: { URL: `https://${new S3Bucket(stack, "bucket").bucketDomainName}:443/a` },
    }));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's, not JavaScript's
    expect(script).toContain('URL="https://${aws_s3_bucket.bucket.bucket_domain_name}:443/a"');
  });
});

describe("refuses", () => {
  const token = (stack: TerraformStack) => new S3Bucket(stack, "bucket").arn;

  it.each<{ what: string; props: (stack: TerraformStack) => Props; message: string }>([
    {
      what: "a line break",
      props: () => ({ environment: { A: "1\nB=2" } }),
      message: 'environment variable A: got "1\\nB=2", allowed: one line',
    },
    {
      what: "another control character",
      props: () => ({ environment: { A: "\u0000" } }),
      message: "without control characters",
    },
    {
      what: "a command's name with a blank",
      props: () => ({ commands: { "rm -rf": "inspect" } }),
      message: 'commands: got "rm -rf", allowed: names and arguments of small letters',
    },
    {
      what: "a command's argument with a semicolon",
      props: () => ({ commands: { look: "inspect; reboot" } }),
      message: 'commands: got "inspect; reboot"',
    },
    {
      what: "a name with a hyphen",
      props: () => ({ environment: { "A-B": "1" } }),
      message: 'name of an environment variable: got "A-B"',
    },
    {
      what: "a name with a line break",
      props: () => ({ environment: { "A\nB": "1" } }),
      message: "name of an environment variable",
    },
    {
      what: "a quote beside a token",
      props: (stack) => ({ environment: { A: `"${token(stack)}` } }),
      message: "environment variable A: got a Terraform token beside characters that need quotes",
    },
    {
      what: "a line break beside a token",
      props: (stack) => ({ environment: { A: `${token(stack)}\n` } }),
      message: "a Terraform token beside characters",
    },
    {
      what: "a health check path with a quote",
      props: () => ({ healthCheckPath: "/'" }),
      message: `healthCheckPath: got "/'", allowed: a path`,
    },
    {
      what: "a health check path that is none",
      props: () => ({ healthCheckPath: "healthz" }),
      message: 'healthCheckPath: got "healthz"',
    },
    {
      what: "a group's name with a quote",
      props: () => ({ launchHook: { autoScalingGroupName: "it's", hookName: "ready", timeoutSeconds: 600 } }),
      message: `name of the Auto Scaling group: got "it's", allowed: letters, digits and . _ -`,
    },
    {
      what: "more than EC2 takes",
      props: () => ({ environment: { A: "x".repeat(16_384) } }),
      message: "allowed: at most 16384 bytes",
    },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized(props)).toThrow(message);
  });
});
