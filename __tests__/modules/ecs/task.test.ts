import { readFileSync } from "node:fs";
import path from "node:path";
import { TerraformOutput } from "cdktf";
import { readEnvironment } from "../../../environment";
import { ArtifactBucket, ArtifactFile } from "../../../modules/artifact";
import { ContainerInsights, LaunchType } from "../../../modules/ecs";
import { Nat } from "../../../modules/network";
import { type AppDeployment, WebApp } from "../../../modules/web-app";
import { type Synthesized, synthesize } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";
import { containers, HTTP, HTTPS, IMAGE, type Props, parseEnvironment, synthesized, topology } from "./stack";

describe("a task", () => {
  it.each([HTTP, { ...HTTP, launchType: LaunchType.EC2 }, { ...HTTP, image: IMAGE }])(
    "runs without root, on a file system it cannot write, with no privilege (%#)",
    (props) => {
      for (const part of ["service-1", "service-2", "command-session-inspect"]) {
        const { app, ...others } = containers(synthesized(props), part);
        expect(app).toMatchObject({
          user: "1000:1000",
          readonlyRootFilesystem: true,
          // ECS answers with both lists, and the provider compares them literally.
          linuxParameters: { initProcessEnabled: true, capabilities: { add: [], drop: ["ALL"] } },
          ulimits: [{ name: "nofile", softLimit: 65_535, hardLimit: 65_535 }],
        });
        for (const container of [app, ...Object.values(others)]) {
          expect(container?.linuxParameters).toMatchObject({ capabilities: { add: [], drop: ["ALL"] } });
          expect(container?.privileged).toBeUndefined();
          expect(container?.readonlyRootFilesystem).toBe(true);
        }
      }
    },
  );

  it("without an image fetches the bundle before the app starts, which can only read it", () => {
    const s = synthesized(HTTP);
    const { app, "fetch-bundle": fetch } = containers(s);
    expect(s.at("aws_ecs_task_definition", "service-1").volume).toEqual([{ name: "bundle" }]);
    expect(fetch).toMatchObject({
      image: expect.stringMatching(/^public\.ecr\.aws\/aws-cli\/aws-cli:2\.\d+\.\d+$/),
      essential: false,
      user: "0",
      mountPoints: [{ sourceVolume: "bundle", containerPath: "/bundle", readOnly: false }],
    });
    expect(app).toMatchObject({
      image: expect.stringMatching(/^public\.ecr\.aws\/docker\/library\/node:24\.\d+\.\d+-bookworm-slim$/),
      entryPoint: ["node", "/bundle/session-app.js"],
      dependsOn: [{ containerName: "fetch-bundle", condition: "SUCCESS" }],
      mountPoints: [{ sourceVolume: "bundle", containerPath: "/bundle", readOnly: true }],
    });
    expect(app?.command).toBeUndefined();
    const { key } = s.at("aws_s3_object", "app_bundle");
    expect(parseEnvironment(s, "service-1", "fetch-bundle")).toEqual({
      AWS_REGION: "ap-northeast-1",
      BUCKET: "bundles",
      BUNDLE: "/bundle/session-app.js",
      HOME: "/bundle",
      FETCH_SECONDS: "900",
      KEY: key,
      SHA256: key.split("/")[0],
      VERSION: "a-version",
    });
  });

  it("runs the very Node that an image is made of", () => {
    const dockerfile = readFileSync(path.join(__dirname, "..", "..", "..", "Dockerfile"), "utf8");
    const [, base] = /^ARG NODE_IMAGE=(.*)$/m.exec(dockerfile) ?? [];
    expect(containers(synthesized(HTTP)).app?.image).toBe(base);
  });

  it("with base images of ECR pulls them, has a pull-through cache import them, and needs no way to the internet", () => {
    const cache = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/ecr-public";
    const [node, awsCli] = [`${cache}/docker/library/node:24.21.0-bookworm-slim`, `${cache}/aws-cli/aws-cli:2.36.44`];
    const s = synthesized({ ...HTTP, baseImages: { node, awsCli }, zones: { nat: Nat.NONE } });
    const { app, "fetch-bundle": fetch } = containers(s);
    expect([app?.image, fetch?.image]).toEqual([node, awsCli]);
    const { policy } = s.at("aws_iam_role_policy", "start-tasks");
    const repositories = "arn:aws:ecr:ap-northeast-1:123456789012:repository/ecr-public";
    expect(JSON.parse(policy).Statement).toContainEqual(
      expect.objectContaining({
        Action: expect.arrayContaining(["ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:CreateRepository"]),
        Resource: [`${repositories}/docker/library/node`, `${repositories}/aws-cli/aws-cli`],
      }),
    );
    const endpoints = Object.values(s.all("aws_vpc_endpoint")).map(({ service_name }) => service_name.split("-1.")[1]);
    expect(endpoints).toEqual(expect.arrayContaining(["ecr.api", "ecr.dkr", "s3"]));
  });

  it("stays a revision that ECS can go back to", () => {
    for (const definition of Object.values(synthesized(HTTP).all("aws_ecs_task_definition"))) {
      expect(definition.skip_destroy).toBe(true);
    }
  });

  it("with an image is that alone, and may read no bundle but pull the image", () => {
    const s = synthesized({ ...HTTP, image: IMAGE });
    expect(Object.keys(containers(s))).toEqual(["app"]);
    expect(containers(s).app).toMatchObject({ image: IMAGE.uri });
    expect(containers(s).app?.entryPoint).toBeUndefined();
    expect(s.at("aws_ecs_task_definition", "service-1").volume).toBeUndefined();
    expect(Object.keys(s.all("aws_iam_role_policy")).join()).not.toContain("read-app-bundle");
    const { policy } = s.at("aws_iam_role_policy", "start-tasks");
    expect(JSON.parse(policy).Statement).toContainEqual(
      expect.objectContaining({ Resource: "arn:aws:ecr:ap-northeast-1:123456789012:repository/session-app" }),
    );
  });

  it("has two roles, for tasks of this account, and neither may what the other may", () => {
    const s = synthesized(HTTP);
    const definition = s.at("aws_ecs_task_definition", "service-1");
    expect(definition.task_role_arn).toContain("web_roles_task");
    expect(definition.execution_role_arn).toContain("web_roles_execution");
    for (const id of ["task", "execution"]) {
      const { assume_role_policy } = s.at("aws_iam_role", `web_roles_${id}`);
      expect(JSON.parse(assume_role_policy).Statement[0]).toMatchObject({
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": expect.stringMatching(/^\$\{local\./) } },
      });
    }
    const actions = (part: string) =>
      JSON.parse(s.at("aws_iam_role_policy", part).policy).Statement.flatMap(
        ({ Action }: { Action: string }) => Action,
      );
    expect(actions("start-tasks")).toEqual(["logs:CreateLogStream", "logs:PutLogEvents"]);
  });

  it("writes to a log group that does not keep everything for ever, by service", () => {
    const s = synthesized({ ...HTTP, logRetentionDays: 30 });
    expect(s.at("aws_cloudwatch_log_group", "web_logs")).toMatchObject({
      name: "/ecs/session-test-web-logs",
      retention_in_days: 30,
    });
    expect(containers(s, "service-2").app?.logConfiguration).toEqual({
      logDriver: "awslogs",
      options: expect.objectContaining({ "awslogs-stream-prefix": "service-2", mode: "non-blocking" }),
    });
  });

  it.each<{ props: Props; scheme: string; origin: string | undefined }>([
    { props: HTTP, scheme: "http", origin: undefined },
    { props: { ...HTTPS, domainName: "app.example.com" }, scheme: "https", origin: "https://app.example.com" },
  ])("tells the app how visitors see it, $scheme, and where Redis is by the document's name", (given) => {
    for (const part of ["service-1", "service-2", "command-session-inspect"]) {
      const environment = parseEnvironment(synthesized(given.props), part);
      expect(environment).toMatchObject({ REDIS_CLUSTER_ENDPOINT: "redis.example.com:6379", REDIS_TLS: "true" });
      expect(environment.REDIS_URL).toBeUndefined();
      expect(readEnvironment(environment)).toMatchObject({
        production: true,
        host: "0.0.0.0",
        port: 5000,
        publicScheme: given.scheme,
        publicOrigin: given.origin,
        trustProxy: 1,
        drainSeconds: 5,
        redis: { host: "redis.example.com", port: 6379, tls: true, cluster: false, auth: { kind: "iam" } },
        secretKey: { kind: "secret" },
      });
    }
  });

  it("says it of a cache in cluster mode too", () => {
    const s = synthesized({ ...HTTP, redis: { shards: 2, replicas: 1 } });
    expect(readEnvironment(parseEnvironment(s)).redis).toMatchObject({ host: "redis.example.com", cluster: true });
  });

  it("keeps what Terraform would take for its own in a variable", () => {
    const s = synthesize((stack) => {
      topology(stack, { ...HTTP, app: new Shop(stack, "shop") });
    });
    expect(containers(s).app?.environment).toContainEqual({ name: "GREETING", value: "$${name}, 100 %%{" });
  });
});

class Shop extends WebApp {
  readonly port = 8080;
  readonly healthCheckPath = "/up";
  readonly secrets = {};
  override readonly timings = { longestRequestSeconds: 45, drainSeconds: 3, keepAliveSeconds: 75 };
  readonly artifact = new ArtifactFile(this, "file", {
    bucket: new ArtifactBucket(this, "artifacts"),
    path: smallBundle("require('http').createServer().listen(8080)", "shop.js"),
  });

  environmentAt({ scheme }: AppDeployment): Record<string, string> {
    return { SHOP_SCHEME: scheme, GREETING: "$" + "{name}, 100 %{" };
  }
}

it("an app of one's own is served as its class says", () => {
  const s = synthesize((stack) => {
    topology(stack, { ...HTTP, app: new Shop(stack, "shop") });
  });
  expect(s.at("aws_lb_target_group", "target-1")).toMatchObject({ port: 8080, health_check: { path: "/up" } });
  expect(containers(s).app).toMatchObject({ entryPoint: ["node", "/bundle/shop.js"], stopTimeout: 53 });
  expect(parseEnvironment(s)).toMatchObject({ SHOP_SCHEME: "http" });
  expect(Object.keys(s.all("aws_ecs_task_definition"))).toHaveLength(2);
});

describe("options by name", () => {
  it("open shells where the file system can be written", () => {
    const s = synthesized({ ...HTTP, executeCommand: true, readonlyRootFilesystem: false });
    expect(s.at("aws_ecs_service", "service-1").enable_execute_command).toBe(true);
    expect(containers(s).app?.readonlyRootFilesystem).toBe(false);
    // The needs of ECS Exec's agent are not documented (aws/containers-roadmap#1360).
    expect(containers(s).app?.linuxParameters).toEqual({ initProcessEnabled: true });
    expect(s.at("aws_iam_role_policy", "open-shells").role).toContain("web_roles_task");
    expect(s.at("aws_ecs_service", "service-1").depends_on).toContainEqual(expect.stringContaining("open-shells"));
  });

  it.each([
    [HTTP, "disabled"],
    [{ ...HTTP, containerInsights: ContainerInsights.ENHANCED }, "enhanced"],
  ])("measure more (%#)", (props, value) => {
    expect(synthesized(props).the("aws_ecs_cluster").setting).toEqual([{ name: "containerInsights", value }]);
  });

  it("reach the load balancer", () => {
    const webAclArn =
      "arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/w/12345678-1234-1234-1234-123456789012";
    const s = synthesized({
      ...HTTPS,
      deletionProtection: true,
      accessLogs: { bucketName: "logs" },
      webAclArn,
    });
    expect(s.the("aws_lb")).toMatchObject({ enable_deletion_protection: true, access_logs: { bucket: "logs" } });
    expect(s.the("aws_wafv2_web_acl_association").web_acl_arn).toBe(webAclArn);
  });
});

describe("the inspect task", () => {
  const lines = (props: Props): { start: string; log: string; s: Synthesized } => {
    const s = synthesize((stack) => {
      const command = topology(stack, props).commands["session-inspect"];
      new TerraformOutput(stack, "lines", { value: [command?.startLine, command?.logLine], staticId: true });
    });
    const [start = "", log = ""] = (s.json.output?.lines?.value ?? []) as string[];
    return { start, log, s };
  };

  it("runs the app's command once, with no port", () => {
    const { app } = containers(synthesized(HTTP), "command-session-inspect");
    expect(app?.command).toEqual(["inspect"]);
    expect(app?.portMappings).toBeUndefined();
  });

  it("is started by one line, on Fargate with its place in the network", () => {
    const { start, log } = lines(HTTP);
    expect(start.replaceAll(/\$\{[^}]+\.(\w+)}/g, "<$1>")).toBe(
      "aws ecs run-task --region ap-northeast-1 --cluster <name> --task-definition <family> --launch-type FARGATE " +
        "--network-configuration 'awsvpcConfiguration={subnets=[<id>,<id>],securityGroups=[<id>],assignPublicIp=DISABLED}' " +
        "--query 'tasks[0].taskArn' --output text",
    );
    expect(log.replaceAll(/\$\{[^}]+\.(\w+)}/g, "<$1>")).toBe(
      "aws logs tail <name> --region ap-northeast-1 --log-stream-name-prefix session-inspect/ --since 10m --follow",
    );
  });

  it("on instances goes where the cluster's own strategy says", () => {
    const { start, s } = lines({ ...HTTP, launchType: LaunchType.EC2 });
    expect(start).not.toContain("--network-configuration");
    expect(start).not.toContain("--launch-type");
    expect(s.the("aws_ecs_cluster_capacity_providers").default_capacity_provider_strategy).toEqual([
      { capacity_provider: expect.stringContaining("aws_ecs_capacity_provider"), weight: 1 },
    ]);
  });
});
