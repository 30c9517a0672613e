import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Ec2Topology } from "../../../modules/ec2";
import { Network } from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { SessionApp } from "../../../modules/web-app";
import { type AwsDouble, startAwsDouble } from "../../programs/aws-double";
import { makeCertificate } from "../../programs/certificate";
import { freePort, type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";
import { type Synthesized, synthesize } from "../../synthesized";
import { bootMachine, type Machine } from "./machine";

const BUNDLE = path.join(__dirname, "..", "..", "..", "webapp", "dist", "session-app.js");
const KEY = "k".repeat(64);

function synthesizeStack(port: number): Synthesized {
  return synthesize((stack) => {
    const network = new Network(stack, "network");
    const redis = new RedisCluster(stack, "redis", { network });
    const app = new SessionApp(stack, "app", { redis, port });
    new Ec2Topology(stack, "web", { network, app, allowedCidrs: ["203.0.113.0/24"] });
  });
}

/** The users of the synthesized stack as redis-server reads them. It cannot check an IAM token, so it takes any. */
function aclOf(s: Synthesized): string[] {
  return Object.values(s.all("aws_elasticache_user")).map(
    ({ user_name, access_string }) => `user ${user_name} nopass ${access_string}`,
  );
}

/** What Terraform makes of a template: references filled in, escapes undone. */
function rendered(template: string, values: readonly (readonly [RegExp, string])[]): string {
  const filled = values.reduce((text, [reference, value]) => text.replaceAll(reference, value), template);
  if (/(?<!\$)\$\{/.test(filled)) throw new Error(`a reference is left: ${/\$\{[^}]*}?/.exec(filled)?.[0]}`);
  return filled.replaceAll("$${", "${").replaceAll("%%{", "%{");
}

/** 5000, as in the document, unless something on this host has it. */
async function appPort(): Promise<number> {
  const free = await new Promise<boolean>((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(5000, () => server.close(() => resolve(true)));
  });
  return free ? 5000 : freePort();
}

describeWith(["redis-server", "redis-cli", "openssl", "unshare", "moto_server", "aws"], "user data, run", () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "user-data-"));
  let aws: AwsDouble;
  let redis: RedisServer;
  let machine: Machine;
  let userData: (bucket: string) => string;
  let origin: string;

  beforeAll(async () => {
    const tls = makeCertificate(dir);
    const port = await appPort();
    const s = synthesizeStack(port);
    [aws, redis] = await Promise.all([startAwsDouble(), startRedis({ acl: aclOf(s), tls })]);
    const key = s.the("aws_s3_object").key;
    await Promise.all(["bundles", "tampered"].map(aws.createBucket));
    await aws.putObject("bundles", key, readFileSync(BUNDLE));
    await aws.putObject("tampered", key, `${readFileSync(BUNDLE, "utf8")}\n`);
    const arn = await aws.createSecret("secret-key", KEY);
    userData = (bucket) =>
      rendered(s.the("aws_instance").user_data, [
        [/\$\{aws_s3_bucket\.[\w-]+\.bucket}/g, bucket],
        [/\$\{aws_elasticache_replication_group\.[\w-]+\.primary_endpoint_address}:6379/g, `localhost:${redis.port}`],
        [/\$\{aws_secretsmanager_secret\.[\w-]+\.arn}/g, arn],
      ]);
    origin = `http://127.0.0.1:${port}`;
    machine = bootMachine({ ...aws.environment, REDIS_CA_FILE: tls.ca });
  }, 30_000);

  afterAll(async () => {
    await Promise.all([machine?.stop(), aws?.stop(), redis?.stop()]);
    rmSync(dir, { recursive: true });
  });

  /** Everything user data has written, by content and time, and the process that serves. */
  async function state(): Promise<string> {
    const files = "/etc/web-app /etc/systemd/system/web-app.service /opt/web-app /usr/bin/node-22 /usr/bin/redis6-cli";
    const { output } = await machine.run(
      `find ${files} -printf '%p %m %T@\\n' | sort; find ${files} -type f -exec sha256sum {} + | sort; cat "$RUN/pid"`,
    );
    return output;
  }

  it("brings the app up, which counts visits in Redis", async () => {
    const { code, output } = await machine.runUserData(userData("bundles"));
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`web-app is up: ${origin}/healthz`) });

    const visitor = new Visitor(origin);
    expect((await visitor.get("/")).body).toContain("You are not logged in");
    const first = await visitor.login("Ada");
    expect(first.body).toContain("Logged in as Ada");
    expect(first.body).toMatch(/Visits: (<[^>]*>)*1\b/);
    expect((await visitor.get("/")).body).toMatch(/Visits: (<[^>]*>)*2\b/);
  }, 30_000);

  it("installs what it needs and starts the service once", async () => {
    expect(await machine.calls()).toEqual([
      "dnf install -y -q nodejs22 redis6",
      "systemctl daemon-reload",
      "systemctl enable --quiet web-app",
      "systemctl restart web-app",
    ]);
  });

  it("tells console and log file, and keeps the secret out of every file", async () => {
    const { output } = await machine.run("cat /var/log/web-app-setup.log");
    expect(output).toContain("web-app is up");
    expect(machine.console()).toContain("web-app is up");
    // Whatever the machine has written lies in its layers.
    expect((await machine.run('grep -rlF SECRET_KEY_ARN "$LAYERS"')).output).toContain("/web-app/environment");
    const { output: holders } = await machine.run(`grep -rlF ${KEY} "$LAYERS" "$CONSOLE"`);
    expect(holders.trim()).toBe("");
  });

  it("shows the environment to root alone", async () => {
    expect((await machine.run("stat -c %a /etc/web-app/environment")).output.trim()).toBe("600");
  });

  it("changes nothing when it runs again", async () => {
    const before = await state();
    const { code } = await machine.runUserData(userData("bundles"));
    expect(code).toBe(0);
    expect(await state()).toBe(before);
    expect(await machine.calls()).toEqual(["systemctl is-active --quiet web-app"]);
  }, 30_000);

  it("puts a bundle right that was changed on the machine, and starts the app anew", async () => {
    await machine.run("echo 'process.exit(1)' | tee /opt/web-app/*/session-app.js");
    const { code } = await machine.runUserData(userData("bundles"));
    expect(code).toBe(0);
    expect(await machine.calls()).toContain("systemctl restart web-app");
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  }, 30_000);

  it("fails loudly at a bundle with another hash, and starts nothing", async () => {
    const other = bootMachine(aws.environment);
    try {
      const { code, output } = await other.runUserData(userData("tampered"));
      expect(code).not.toBe(0);
      expect(output).toContain("web-app setup FAILED: what came from s3://tampered/");
      expect(other.console()).toContain("web-app setup FAILED: what came from s3://tampered/");
      expect((await other.run("cat /var/log/web-app-setup.log")).output).toContain("web-app setup FAILED");
      expect(await other.calls()).toEqual(["dnf install -y -q nodejs22 redis6"]);
      expect((await other.run("find /opt/web-app -type f")).output.trim()).toBe("");
    } finally {
      await other.stop();
    }
  }, 30_000);
});
