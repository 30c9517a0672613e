import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { TerraformStack } from "cdktf";
import { readEnvironment } from "../../../environment";
import { ArtifactBucket, ArtifactFile } from "../../../modules/artifact";
import { SecurityGroup } from "../../../modules/connections";
import { Network } from "../../../modules/network";
import { RedisAuth, RedisCluster, type RedisClusterProps } from "../../../modules/redis";
import { type Compute, Login, SessionApp, type SessionAppProps, WebApp } from "../../../modules/web-app";
import { type Synthesized, synthesize } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";

type Props = Partial<SessionAppProps>;

function sessionApp(stack: TerraformStack, props: Props = {}): { app: SessionApp; compute: Compute } {
  const network = new Network(stack, "network");
  const redis = new RedisCluster(stack, "redis", { network });
  const app = new SessionApp(stack, "app", { redis, bundle: smallBundle(), ...props });
  const role = new IamRole(stack, "role", { assumeRolePolicy: "{}" });
  const securityGroup = new SecurityGroup(stack, "group", { network, description: "Compute" });
  return { app, compute: { role, securityGroup } };
}

/** The environment of the app, carried through the JSON in a tag, where Terraform would fill in the references. */
function parseEnvironment(props: Props = {}): Record<string, string> {
  const s = synthesize((stack) => {
    const { app } = sessionApp(stack, props);
    new IamRole(stack, "carrier", { assumeRolePolicy: "{}", tags: app.environmentAt({ scheme: "https", proxies: 1 }) });
  });
  return s.at("aws_iam_role", "carrier").tags;
}

const SAMPLES: readonly (readonly [RegExp, string])[] = [
  [
    /\$\{aws_elasticache_replication_group\.[\w-]+\.(primary|configuration)_endpoint_address}/,
    "master.sessions.abc123.apne1.cache.amazonaws.com",
  ],
  [/\$\{aws_elasticache_replication_group\.[\w-]+\.replication_group_id}/, "session-test-cache"],
  [
    /\$\{aws_secretsmanager_secret\.[\w-]+\.arn}/,
    "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-20250101000000000000000001-AbCdEf",
  ],
];

function deployed(environment: Record<string, string>): Record<string, string> {
  const fill = (value: string) => SAMPLES.reduce((text, [token, sample]) => text.replace(token, sample), value);
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]));
}

function connected(props: Props = {}): Synthesized {
  return synthesize((stack) => {
    const { app, compute } = sessionApp(stack, props);
    new IamRole(stack, "waits", { assumeRolePolicy: "{}", dependsOn: app.connect(compute) });
  });
}

describe("creates valid Terraform", () => {
  it("matches the snapshot", () => {
    const { aws_secretsmanager_secret, aws_secretsmanager_secret_version } = connected().resources();
    expect({
      aws_secretsmanager_secret,
      aws_secretsmanager_secret_version,
      environment: parseEnvironment(),
    }).toMatchSnapshot();
  });

  it("makes the key where no plan, state or template shows it", () => {
    const s = connected();
    const [[name, password] = ["", {}]] = Object.entries(s.json.ephemeral?.aws_secretsmanager_random_password ?? {});
    expect(password).toEqual({ password_length: 64, exclude_punctuation: true });
    const version = s.the("aws_secretsmanager_secret_version");
    expect(version.secret_string_wo).toBe(`\${ephemeral.aws_secretsmanager_random_password.${name}.random_password}`);
    expect(version.secret_string_wo_version).toBe(1);
    expect(version).not.toHaveProperty("secret_string");
    expect(s.text.match(/random_password\}/g)).toHaveLength(1);
  });

  it("makes another key when its version is raised, and changes nothing else", () => {
    const [before, after] = [connected(), connected({ secretKeyVersion: 2 })];
    expect(after.text).toBe(before.text.replace('"secret_string_wo_version": 1', '"secret_string_wo_version": 2'));
    expect(after.text).not.toBe(before.text);
  });

  it.each([
    { props: {}, days: 7 },
    { props: { secretRecoveryDays: 0 }, days: 0 },
    { props: { secretRecoveryDays: 30 }, days: 30 },
  ])("keeps a deleted key for $days days under a name the next deploy does not take: $props", ({ props, days }) => {
    const secret = connected(props).the("aws_secretsmanager_secret");
    expect(secret.recovery_window_in_days).toBe(days);
    expect(secret.name_prefix).toBe("session-test-app-secret-key-");
    expect(secret).not.toHaveProperty("name");
  });

  it("gives compute its bundle, its secret and its cache, each by name", () => {
    const s = connected();
    const [[secret] = [""]] = Object.entries(s.all("aws_secretsmanager_secret"));
    const statements = Object.values(s.all("aws_iam_role_policy")).flatMap((p) => JSON.parse(p.policy).Statement);
    const granted = Object.fromEntries(statements.map(({ Action, Resource }) => [Action, Resource]));
    expect(granted).toMatchObject({
      "s3:GetObject,s3:GetObjectVersion": expect.stringMatching(/\.arn}\/\*\/session-app\.js$/),
      "secretsmanager:GetSecretValue": [`\${aws_secretsmanager_secret.${secret}.arn}`],
      "elasticache:Connect": [expect.any(String), expect.any(String)],
    });
    expect(JSON.stringify(Object.keys(granted))).not.toContain("*");
  });

  it.each([
    ["the bundle", /^aws_s3_object\.app_bundle/],
    ["the right to read it", /^aws_iam_role_policy\.role_read-app-bundle/],
    ["the right to read the secret", /^aws_iam_role_policy\.role_read-secrets-app/],
    ["the secret's value", /^aws_secretsmanager_secret_version\.app_secret-key/],
    ["the right to log in to Redis", /^aws_iam_role_policy\.role_connect-redis/],
    ["the way into Redis", /^aws_vpc_security_group_ingress_rule\..*redis/],
    ["the way out to Redis", /^aws_vpc_security_group_egress_rule\..*redis/],
  ])("makes compute wait for %s", (_what, address) => {
    expect(connected().at("aws_iam_role", "waits").depends_on).toContainEqual(expect.stringMatching(address));
  });

  it("connects the same compute twice without a second set of rules", () => {
    const once = connected().counts();
    const twice = synthesize((stack) => {
      const { app, compute } = sessionApp(stack);
      app.connect(compute);
      new IamRole(stack, "waits", { assumeRolePolicy: "{}", dependsOn: app.connect(compute) });
    });
    expect(twice.counts()).toEqual(once);
  });

  it("takes a bucket that is already there", () => {
    const s = synthesize((stack) => {
      sessionApp(stack, { artifacts: new ArtifactBucket(stack, "shared", { forceDestroy: false }) });
    });
    expect(s.the("aws_s3_bucket").force_destroy).toBe(false);
  });

  it("serves an app of one's own", () => {
    const s = synthesize((stack) => {
      const compute = sessionApp(stack).compute;
      const own = new OwnApp(stack, "own");
      new IamRole(stack, "waits", { assumeRolePolicy: "{}", dependsOn: own.connect(compute) });
    });
    expect(s.at("aws_iam_role", "waits").depends_on).toEqual([
      expect.stringMatching(/^aws_iam_role_policy\.role_read-own-file/),
      expect.stringMatching(/^aws_s3_object\.own_file/),
    ]);
  });
});

describe("emits an environment the app takes", () => {
  it("with the defaults", () => {
    expect(readEnvironment(deployed(parseEnvironment()))).toMatchObject({
      production: true,
      port: 5000,
      host: "0.0.0.0",
      publicScheme: "https",
      trustProxy: 1,
      login: "demo",
      redis: {
        host: "master.sessions.abc123.apne1.cache.amazonaws.com",
        port: 6379,
        tls: true,
        auth: {
          kind: "iam",
          user: "session-test-redis-app",
          cacheId: "session-test-redis",
          region: "ap-northeast-1",
        },
      },
      secretKey: { kind: "secret", arn: expect.stringContaining(":secret:key-") },
      session: { idleSeconds: 1800, maxAgeSeconds: 43_200, limit: 10 },
    });
  });

  const passwordSecretArn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:redis-AbCdEf";
  const existingUserGroup = { userGroupId: "staff", userName: "app", passwordSecretArn };
  it.each<{ what: string; cache: Partial<RedisClusterProps>; takes: object }>([
    {
      what: "in cluster mode",
      cache: { shards: 3 },
      takes: { cluster: true, tls: true, auth: { kind: "iam", cacheId: "session-test-cache" } },
    },
    { what: "with no login", cache: { auth: RedisAuth.NONE }, takes: { tls: true, auth: { kind: "none" } } },
    {
      what: "with a password, in cluster mode",
      cache: { shards: 3, existingUserGroup },
      takes: { cluster: true, tls: true, auth: { kind: "secret", user: "app", arn: passwordSecretArn } },
    },
  ])("with Redis $what", ({ cache, takes }) => {
    const s = synthesize((stack) => {
      const redis = new RedisCluster(stack, "cache", { network: new Network(stack, "vpc"), ...cache });
      const { app } = sessionApp(stack, { redis });
      const tags = app.environmentAt({ scheme: "https", proxies: 1 });
      new IamRole(stack, "carrier", { assumeRolePolicy: "{}", tags });
    });
    const { redis } = readEnvironment(deployed(s.at("aws_iam_role", "carrier").tags));
    expect(redis).toMatchObject({ host: "master.sessions.abc123.apne1.cache.amazonaws.com", port: 6379, ...takes });
  });

  it("with each option", () => {
    const props: Props = {
      port: 8080,
      login: Login.DEMO,
      sessions: { idleSeconds: 60, maxAgeSeconds: 3600, parallelSessions: 2 },
    };
    expect(readEnvironment(deployed(parseEnvironment(props)))).toMatchObject({
      port: 8080,
      session: { idleSeconds: 60, maxAgeSeconds: 3600, limit: 2 },
    });
  });
});

describe("refuses", () => {
  it.each<{ what: string; props: Props; message: string | RegExp }>([
    {
      what: "a bundle that is not there",
      props: { bundle: "/nowhere.js" },
      message: /got \/nowhere\.js \(ENOENT\).*Fix: check the path/,
    },
    { what: "port 80", props: { port: 80 }, message: "session-test/app: port: got 80, allowed: 1024 to 65535" },
    { what: "half a port", props: { port: 5000.5 }, message: "port: got 5000.5" },
    { what: "a port too high", props: { port: 65_536 }, message: "port: got 65536" },
    {
      what: "no idle time",
      props: { sessions: { idleSeconds: 0 } },
      message: 'sessions: got {"idleSeconds":0}, allowed: idleSeconds: got "0", takes',
    },
    {
      what: "an idle time above the whole",
      props: { sessions: { idleSeconds: 3600, maxAgeSeconds: 60 } },
      message: "idleSeconds: got 3600, takes at most maxAgeSeconds (60)",
    },
    {
      what: "no session",
      props: { sessions: { parallelSessions: 0 } },
      message: 'parallelSessions: got "0", takes',
    },
    {
      what: "a key version of 0",
      props: { secretKeyVersion: 0 },
      message: "secretKeyVersion: got 0, allowed: a whole number",
    },
    {
      what: "a recovery window of a day",
      props: { secretRecoveryDays: 1 },
      message: "secretRecoveryDays: got 1, allowed: 0 (deleted at once), or 7 to 30 days",
    },
    { what: "a recovery window of 31 days", props: { secretRecoveryDays: 31 }, message: "secretRecoveryDays: got 31" },
  ])("$what", ({ props, message }) => {
    expect(() => connected(props)).toThrow(message);
  });
});

class OwnApp extends WebApp {
  readonly port = 8080;
  readonly healthCheckPath = "/";
  readonly secrets = {};
  readonly artifact = new ArtifactFile(this, "file", {
    bucket: new ArtifactBucket(this, "artifacts"),
    path: smallBundle("http.createServer().listen(8080)"),
  });

  environmentAt(): Record<string, string> {
    return {};
  }
}
