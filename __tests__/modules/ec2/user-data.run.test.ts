import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Ec2Fleet, Ec2Topology } from "../../../modules/ec2";
import { Network } from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { SessionApp } from "../../../modules/web-app";
import { type AwsDouble, startAwsDouble } from "../../programs/aws-double";
import { makeCertificate } from "../../programs/certificate";
import { startLateS3 } from "../../programs/late-s3";
import { type Machine, startMachine } from "../../programs/machine";
import { freePort, type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";
import { type Synthesized, synthesize } from "../../synthesized";

const REGION = "ap-northeast-1";
const BUCKET = "bundles";
/** The bundle that `npm run build` makes and the stack deploys. */
const BUNDLE = path.join(__dirname, "..", "..", "..", "webapp", "dist", "session-app.js");
const programs = ["redis-server", "redis-cli", "openssl", "unshare", "nsenter", "moto_server", "aws"] as const;

describeWith(programs, "the user data, run for real", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "user-data-"));
  let stack: Synthesized;
  let double: AwsDouble;
  let redis: RedisServer;
  let machine: Machine;
  let script: string;
  /** The same with logs in CloudWatch. */
  let logged: string;
  let certificate: ReturnType<typeof makeCertificate>;
  let bundleVersion: string;
  let fleetEnd: string;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const instance = (logs: boolean) =>
      synthesize((scope) => {
        const network = new Network(scope, "network");
        const cluster = new RedisCluster(scope, "redis", { network });
        const app = new SessionApp(scope, "app", { redis: cluster, port });
        new Ec2Topology(scope, "web", { network, app, allowedCidrs: ["203.0.113.0/24"], logs });
      });
    stack = instance(false);
    fleetEnd = endOfFleetScript();
    const user = Object.values(stack.all("aws_elasticache_user")).find(({ user_name }) => user_name !== "default");
    // An IAM token can't be checked outside of AWS, so any password is right; what the user may do is as deployed.
    const acl = [`user ${user?.user_name} nopass ${user?.access_string}`, "user default off"];
    certificate = makeCertificate(folder);
    [double, redis] = await Promise.all([startAwsDouble(REGION), startRedis({ acl, tls: certificate })]);
    const secret = double.aws("secretsmanager", "create-secret", "--name", "key", "--secret-string", "k".repeat(64));
    await double.aws(
      "s3api",
      "create-bucket",
      "--bucket",
      BUCKET,
      "--create-bucket-configuration",
      `LocationConstraint=${REGION}`,
    );
    const versioning = ["--bucket", BUCKET, "--versioning-configuration", "Status=Enabled"];
    await double.aws("s3api", "put-bucket-versioning", ...versioning);
    bundleVersion = await upload(BUNDLE);
    const { ARN } = await secret;
    script = rendered(stack.the("aws_instance").user_data, ARN as string);
    logged = rendered(instance(true).the("aws_instance").user_data, ARN as string);
    machine = await startMachine({ ...double.environment, REDIS_CA_FILE: certificate.ca });
  }, 60_000);

  afterAll(async () => {
    await machine?.stop();
    await redis?.stop();
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function endOfFleetScript(): string {
    const { json } = synthesize((scope) => {
      const network = new Network(scope, "network");
      const app = new SessionApp(scope, "app", { redis: new RedisCluster(scope, "redis", { network }) });
      new Ec2Fleet(scope, "web", { network, app, http: true, allowedCidrs: ["203.0.113.0/24"], logs: false });
    });
    const fleet = Object.values(json.locals ?? {}).find((local) => local.startsWith("#!/bin/bash")) ?? "";
    return fleet.slice(fleet.indexOf("# report CONTINUE|ABANDON"));
  }

  /** @returns the version it got. */
  async function upload(file: string): Promise<string> {
    const { VersionId } = await double.aws("s3api", "put-object", ...object(), "--body", file);
    return VersionId as string;
  }

  function object(): string[] {
    return ["--bucket", BUCKET, "--key", stack.at("aws_s3_object", "bundle_object").key];
  }

  /** Terraform's references by what stands for them here; one that nothing stands for fails the test. */
  function rendered(template: string, secretArn: string): string {
    const values: Record<string, string> = {
      "aws_s3_bucket.bucket": BUCKET,
      "aws_s3_object.bucket": BUCKET,
      "aws_s3_object.version_id": bundleVersion,
      "aws_elasticache_replication_group.primary_endpoint_address": "localhost",
      "aws_secretsmanager_secret.arn": secretArn,
      "aws_cloudwatch_log_group.name": "/ec2/session-test-web",
    };
    const user = Object.values(stack.all("aws_elasticache_user")).find(({ user_name }) => user_name !== "default");
    const text = template.replaceAll(/(?<!\$)\$\{([^}]*)}/g, (_, reference: string) => {
      const [type = "", , attribute = ""] = reference.split(".");
      const own = attribute === "user_name" || attribute === "user_id" ? user?.[attribute] : undefined;
      const value = own ?? values[`${type}.${attribute}`];
      if (value === undefined) throw new Error(`nothing stands for ${reference}`);
      return value;
    });
    return text.replaceAll("$${", "${").replaceAll("%%{", "%{").replace("localhost:6379", `localhost:${redis.port}`);
  }

  const listFiles = (of: Machine) =>
    of.run("stat -c '%n %a %Y %s' /etc/web-app/* /etc/systemd/system/web-app.service $(find /opt/web-app -type f)");

  it("brings up the app, which counts visits in Redis over TLS as the deployed user", async () => {
    const { code, output } = await machine.boot(script);
    expect([code, output]).toEqual([0, expect.stringContaining("web-app is up")]);
    expect(machine.calls()).toEqual([
      "dnf install -y -q nodejs24 redis6",
      "systemctl daemon-reload",
      "systemctl enable --quiet web-app",
      "systemctl restart web-app",
    ]);
    const ann = new Visitor(url);
    expect((await ann.login("ann")).body).toMatch(/Visits: <strong>1</);
    expect((await ann.get("/")).body).toMatch(/Visits: <strong>2</);
    expect((await ann.get("/readyz")).status).toBe(200);
    expect((await ann.get("/session")).body).toContain("session:s:");
    expect((await ann.post("/logout")).status).toBe(303);
    expect((await ann.get("/")).body).toContain("You are not logged in");
  });

  it("has the app's own command to look into Redis with", async () => {
    await new Visitor(url).login("eve");
    const listed = machine.run("session-inspect user eve --json");
    expect(listed).toContain('"ttl');
    expect(machine.run("session-inspect")).toContain("session:s:");
  });

  it("leaves no secret on the disk, and the environment to root", () => {
    expect(
      machine.run(
        "grep -rl kkkkkkkk /etc/web-app /opt/web-app /etc/systemd/system/web-app.service /var/log/web-app-setup.log || true",
      ),
    ).toBe("");
    expect(machine.run("stat -c %a /etc/web-app/environment").trim()).toBe("600");
  });

  it("changes nothing when it runs again", async () => {
    const [files, calls] = [listFiles(machine), machine.calls()];
    const { code, output } = await machine.boot(script);
    expect([code, output]).toEqual([0, expect.stringContaining("web-app is up")]);
    expect(listFiles(machine)).toBe(files);
    expect(machine.calls()).toEqual(calls);
  });

  it("restarts the app, and only that, when its settings change", async () => {
    const before = machine.calls().length;
    expect((await machine.boot(script.replace('LOGIN="demo"', 'LOGIN="demo"\nLOG_LEVEL="warn"'))).code).toBe(0);
    expect(machine.calls().slice(before)).toEqual([
      "systemctl daemon-reload",
      "systemctl enable --quiet web-app",
      "systemctl restart web-app",
    ]);
  });

  describe("in an Auto Scaling group", () => {
    const report = (result: string) =>
      "aws autoscaling complete-lifecycle-action --region ap-northeast-1 --auto-scaling-group-name session-test-web " +
      `--lifecycle-hook-name ready --lifecycle-action-result ${result} --instance-id i-0123456789abcdef0`;
    /** The fleet's script differs from the instance's in its end alone. */
    const inGroup = () => script.replace(/\nsetup 2>&1.*$/s, `\n${fleetEnd}`);

    it("reports that it is ready once the app answers, and not before", async () => {
      expect((await machine.boot(inGroup())).output).toMatch(/web-app is up: .*\n.*web-app setup reports CONTINUE\n$/);
      expect(machine.calls().at(-1)).toBe(report("CONTINUE"));
    });

    it("reports that it failed, so that it is replaced at once, and starts nothing", async () => {
      const other = await startMachine(double.environment);
      try {
        const wrong = await upload(path.join(__dirname, "user-data.run.test.ts"));
        const { code, output } = await other.boot(inGroup().replace(bundleVersion, wrong));
        expect(code).toBe(1);
        expect(output).toContain("web-app setup FAILED: what came from s3://bundles/");
        expect(other.calls()).toEqual(["dnf install -y -q nodejs24 redis6", report("ABANDON")]);
        expect(other.run("cat /var/log/web-app-setup.log")).toContain("web-app setup reports ABANDON");
      } finally {
        await other.stop();
      }
    });
  });

  describe("with logs in CloudWatch", () => {
    const GROUP = "/ec2/session-test-web";
    const AGENT_CALLS = [
      "dnf install -y -q amazon-cloudwatch-agent logrotate",
      "systemctl daemon-reload",
      "systemctl enable --quiet --now logrotate.timer",
      expect.stringMatching(/^agent -a fetch-config -m ec2 -s -c file:\/etc\/web-app\/logs\.json$/),
    ];
    let other: Machine;
    beforeAll(async () => {
      await double.aws("logs", "create-log-group", "--log-group-name", GROUP);
    });
    beforeEach(async () => {
      machine.run("systemctl stop web-app");
      other = await startMachine({ ...double.environment, REDIS_CA_FILE: certificate.ca });
    });
    afterEach(() => other.stop());

    it("sends the setup's log to its group, and has the app write to the file that the agent reads", async () => {
      expect((await other.boot(logged)).code).toBe(0);
      expect(other.calls().slice(1, 5)).toEqual(AGENT_CALLS);
      const { logStreams } = await double.aws("logs", "describe-log-streams", "--log-group-name", GROUP);
      const names = (logStreams as { logStreamName: string }[]).map(({ logStreamName }) => logStreamName);
      expect(names.sort()).toEqual(["i-0123456789abcdef0/app", "i-0123456789abcdef0/setup"]);
      expect(other.run("cat /var/log/web-app.log")).toContain('"msg":"listening on ');
      expect(other.journal()).toBe("");
      const before = other.calls();
      expect((await other.boot(logged)).code).toBe(0);
      expect(other.calls()).toEqual(before);
    });

    it("serves without the agent, says why, and leaves the app's log in the journal", async () => {
      other.withoutPackage("amazon-cloudwatch-agent");
      const { code, output } = await other.boot(logged);
      expect(code).toBe(0);
      expect(output).toMatch(
        /Unable to find a match: amazon-cloudwatch-agent\n.*the logs stay on this instance, because the CloudWatch agent did not start\n.*web-app is up/s,
      );
      expect(other.journal()).toContain('"msg":"listening on ');
    });

    it("serves too when the agent refuses to start: its log group is gone", async () => {
      await double.aws("logs", "delete-log-group", "--log-group-name", GROUP);
      const { code, output } = await other.boot(logged);
      expect([code, output]).toEqual([0, expect.stringContaining("the CloudWatch agent did not start")]);
      expect((await new Visitor(url).get("/healthz")).status).toBe(200);
    });
  });

  it("still finds the bundle of its own release after a later deploy has replaced it: a group can go back", async () => {
    await double.aws("s3api", "delete-object", ...object());
    machine.run("rm -r /opt/web-app");
    expect(await machine.boot(script)).toMatchObject({ code: 0, output: expect.stringContaining("web-app is up") });
  });

  it("tries again while S3 finds neither version nor key, which it may do for a quarter of an hour in a new bucket", async () => {
    await upload(BUNDLE);
    const late = await startLateS3(double.environment.AWS_ENDPOINT_URL as string, (_, asked) => asked > 4);
    const other = await startMachine({ ...double.environment, AWS_ENDPOINT_URL: late.url });
    try {
      const fetching = script
        .replace("\nRETRY_SECONDS=5\n", "\nRETRY_SECONDS=0.05\n")
        .replace("  start_service\n  wait_until_healthy\n", "");
      const { code, output } = await other.boot(fetching);
      expect(code).toBe(0);
      expect(output).toMatch(/attempt 2 failed, the next in 0\.05 s: get_version_or_key/);
      expect(late.asked).toEqual(["version", "key", "version", "key", "version"]);
      expect(other.run("find /opt/web-app -name session-app.js")).toContain("session-app.js");
    } finally {
      await other.stop();
      await late.stop();
    }
    // Seven starts of the AWS CLI, each a second of CPU.
  }, 120_000);

  it("fails loudly on a bundle that is not the one that was deployed, and starts nothing", async () => {
    const other = await startMachine(double.environment);
    try {
      const wrong = await upload(path.join(__dirname, "user-data.run.test.ts"));
      const { code, output } = await other.boot(script.replace(bundleVersion, wrong));
      expect(code).not.toBe(0);
      expect(output).toContain("web-app setup FAILED: what came from s3://bundles/");
      expect(output).toContain("does not have the SHA-256");
      expect(other.run("cat /var/log/web-app-setup.log")).toContain("web-app setup FAILED");
      expect(other.calls()).toEqual(["dnf install -y -q nodejs24 redis6"]);
      expect(other.run("find /opt/web-app -type f")).toBe("");
    } finally {
      await other.stop();
    }
  });
});
