import { TerraformOutput, TerraformVariable } from "cdktf";
import { readEnvironment } from "../../../environment";
import { NodeRuntime } from "../../../modules/lambda";
import { Nat } from "../../../modules/network";
import { type Block, type Synthesized, synthesize } from "../../synthesized";
import { CERTIFICATE, type Props, synthesized, topology, withOwn } from "./stack";

/** Rules that belong to the function's own group. */
function rules(s: Synthesized, type: "ingress" | "egress"): Block[] {
  return Object.values(s.all(`aws_vpc_security_group_${type}_rule`)).filter(({ security_group_id }) =>
    security_group_id.includes("web_app_security-group"),
  );
}

function statements(s: Synthesized, address: string): Block[] {
  return JSON.parse(s.at("aws_iam_role_policy", address).policy).Statement;
}

describe("creates valid Terraform", () => {
  it("matches the snapshot", () => {
    const own = Object.entries(synthesized().resources()).map(([type, blocks]) => [
      type,
      Object.fromEntries(Object.entries(blocks).filter(([address]) => address.startsWith("web_"))),
    ]);
    expect(Object.fromEntries(own.filter(([, blocks]) => Object.keys(blocks as object).length > 0))).toMatchSnapshot();
  });

  it("runs in every private subnet, on Node 22 and arm64, below the API's patience", () => {
    const s = synthesized();
    const { vpc_config, ...one } = s.the("aws_lambda_function");
    expect(one).toMatchObject({ runtime: "nodejs22.x", architectures: ["arm64"], handler: "session-lambda.handler" });
    expect(vpc_config.subnet_ids).toEqual([
      expect.stringMatching(/^\$\{aws_subnet\.network_private-a_/),
      expect.stringMatching(/^\$\{aws_subnet\.network_private-c_/),
    ]);
    expect(s.the("aws_apigatewayv2_integration")).toMatchObject({
      payload_format_version: "2.0",
      timeout_milliseconds: 29_000,
    });
    expect(one.timeout).toBeLessThan(29);
  });

  it("runs on the runtime it is given; a token is Terraform's to fill in", () => {
    const s = synthesize((stack) => {
      const variable = new TerraformVariable(stack, "runtime", { type: "string" });
      topology(stack, { runtime: NodeRuntime.of(variable.stringValue) });
    });
    expect(s.the("aws_lambda_function").runtime).toMatch(/^\$\{var\.runtime}$/);
  });

  it("needs no bucket: a function comes with its code", () => {
    const s = synthesized();
    expect(s.counts()).not.toHaveProperty("aws_s3_bucket");
    expect(s.text).not.toContain("s3:GetObject");
  });

  it("has no ingress, and egress to AWS and Redis alone", () => {
    const s = synthesized();
    expect(rules(s, "ingress")).toEqual([]);
    const [https, cache, ...more] = rules(s, "egress");
    expect(https).toMatchObject({ cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443 });
    expect(cache).toMatchObject({ from_port: 6379, to_port: 6379 });
    expect(cache?.referenced_security_group_id).toMatch(/^\$\{aws_security_group\.redis_/);
    expect(more).toEqual([]);
  });

  it("without NAT reaches Secrets Manager by an endpoint, and nothing else", () => {
    const s = synthesized({}, { nat: Nat.NONE });
    expect(s.counts()).not.toHaveProperty("aws_nat_gateway");
    const endpoints = Object.values(s.all("aws_vpc_endpoint"));
    const interfaces = endpoints.filter(({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface");
    expect(interfaces.map(({ service_name }) => service_name)).toEqual(["com.amazonaws.ap-northeast-1.secretsmanager"]);
    expect(rules(s, "egress").every(({ cidr_ipv4 }) => cidr_ipv4 === undefined)).toBe(true);
    expect(s.the("aws_lambda_function").depends_on).toContainEqual(
      expect.stringMatching(/^aws_vpc_endpoint\.network_endpoints_secretsmanager/),
    );
  });

  it("may write to its own log group, run in a VPC, read its key and log in to Redis, and no more", () => {
    const s = synthesized();
    const [logs, lookups, changes, denied, ...more] = statements(s, "web_app_role_run");
    expect(logs).toEqual({
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.web_app_logs_.*\.arn}:\*$/),
    });
    expect(lookups).toMatchObject({ Effect: "Allow", Resource: "*" });
    expect(changes).toMatchObject({
      Effect: "Allow",
      Resource: expect.stringMatching(/^arn:aws:ec2:ap-northeast-1:\$\{local\.web_app_role_account_\w+\}:\*\/\*$/),
    });
    expect(denied?.Action).toEqual([lookups, changes].flatMap((one) => one?.Action));
    expect(denied).toMatchObject({
      Effect: "Deny",
      Condition: {
        ArnLike: { "lambda:SourceFunctionArn": "arn:aws:lambda:ap-northeast-1:*:function:session-test-web-app" },
      },
    });
    expect(more).toEqual([]);
    const granted = Object.keys(s.all("aws_iam_role_policy")).filter((address) => address.startsWith("web_app_role"));
    expect(granted.map((address) => address.replace(/_[0-9A-F]{8}$/, "")).sort()).toEqual([
      "web_app_role_connect-redis",
      "web_app_role_read-secrets-app",
      "web_app_role_run",
    ]);
    expect(s.counts()).not.toHaveProperty("aws_iam_role_policy_attachment");
  });

  it("is called by its API alone", () => {
    const s = synthesized();
    expect(s.the("aws_lambda_permission")).toMatchObject({
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      source_arn: expect.stringMatching(/^\$\{aws_apigatewayv2_api\.web_api_\w+\.execution_arn}\/\*\/\$default$/),
    });
    expect(s.the("aws_apigatewayv2_route").depends_on).toEqual([expect.stringMatching(/^aws_lambda_permission\.web_/)]);
    expect(s.the("aws_apigatewayv2_route").route_key).toBe("$default");
    expect(s.the("aws_apigatewayv2_stage")).toMatchObject({ name: "$default", auto_deploy: true });
  });

  it("has an environment that the app takes: https, its own origin, no header believed, no region of our own", () => {
    const { variables } = synthesized().the("aws_lambda_function").environment;
    expect(variables).not.toHaveProperty("AWS_REGION");
    const text = JSON.stringify(variables)
      .replace(
        /\$\{aws_apigatewayv2_api\.\w+\.api_endpoint}/,
        "https://abc123.execute-api.ap-northeast-1.amazonaws.com",
      )
      .replace(/\$\{aws_elasticache_replication_group\.[^}]+}/, "master.example.cache.amazonaws.com")
      .replace(
        /\$\{aws_secretsmanager_secret\.[^}]+}/,
        "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf",
      );
    expect(readEnvironment({ ...JSON.parse(text), AWS_REGION: "ap-northeast-1" })).toMatchObject({
      publicScheme: "https",
      publicOrigin: "https://abc123.execute-api.ap-northeast-1.amazonaws.com",
      trustProxy: 0,
      redis: { tls: true, auth: { kind: "iam" } },
      drainSeconds: 0,
      metricsPort: undefined,
    });
  });

  it.each([
    ["the routes of its subnets", /^aws_route_table_association\.network_private-c/],
    ["the way out of them", /^aws_route\.network_private_default/],
    ["its role's own rights", /^aws_iam_role_policy\.web_app_role_run/],
    ["the right to read the secret", /^aws_iam_role_policy\.web_app_role_read-secrets-app/],
    ["the secret's value", /^aws_secretsmanager_secret_version\.app_secret-key/],
    ["the right to log in to Redis", /^aws_iam_role_policy\.web_app_role_connect-redis/],
    ["the way into Redis", /^aws_vpc_security_group_ingress_rule\..*redis-security-group-tcp-6379/],
    ["the way out to Redis", /^aws_vpc_security_group_egress_rule\..*redis-security-group-tcp-6379/],
  ])("is there after %s, and waits for nothing twice", (_what, address) => {
    const { depends_on } = synthesized().the("aws_lambda_function");
    expect(depends_on).toContainEqual(expect.stringMatching(address));
    expect(new Set(depends_on).size).toBe(depends_on.length);
  });

  it("can be destroyed: group and subnets are waited for while Lambda holds them", () => {
    const s = synthesized();
    expect(s.at("aws_security_group", "web_app_security-group").timeouts).toEqual({ delete: "60m" });
    for (const subnet of Object.values(s.all("aws_subnet"))) expect(subnet.timeouts).toEqual({ delete: "60m" });
  });

  it("keeps both logs for as long as asked", () => {
    const groups = Object.entries(synthesized({ logRetentionDays: 30 }).all("aws_cloudwatch_log_group"));
    const own = groups.filter(([address]) => address.startsWith("web_")).map(([, group]) => group);
    expect(own.map(({ name, retention_in_days }) => [name, retention_in_days]).sort()).toEqual([
      ["/aws/lambda/session-test-web-app-logs", 30],
      ["/aws/vendedlogs/http-api/session-test-web-api-access-logs", 30],
    ]);
  });

  it("logs no header, query or cookie", () => {
    const { format } = synthesized().the("aws_apigatewayv2_stage").access_log_settings;
    expect(format).not.toMatch(/query|header|cookie|authorizer/i);
  });

  it("answers under a name of one's own, and then under no other", () => {
    const s = synthesize((stack) => {
      const web = topology(stack, { domain: { name: "app.example.com", certificateArn: CERTIFICATE } });
      new TerraformOutput(stack, "url", { value: web.url, staticId: true });
      new TerraformOutput(stack, "target", { value: web.api.domainTarget as string, staticId: true });
    });
    expect(s.json.output?.url?.value).toBe("https://app.example.com");
    expect(s.json.output?.target?.value).toMatch(/^\$\{aws_apigatewayv2_domain_name\..*target_domain_name}$/);
    expect(s.the("aws_apigatewayv2_api").disable_execute_api_endpoint).toBe(true);
    expect(s.the("aws_apigatewayv2_domain_name").domain_name_configuration.security_policy).toBe("TLS_1_2");
    expect(s.the("aws_lambda_function").environment.variables.PUBLIC_ORIGIN).toBe("https://app.example.com");
  });

  it("tells the app which networks may come, unless all may", () => {
    const variables = (props: Props) => synthesized(props).the("aws_lambda_function").environment.variables;
    const networks = ["10.0.0.0/8", "198.51.100.7/32"];
    expect(variables({ allowedCidrs: networks })).toMatchObject({ ALLOWED_CIDRS: networks.join(",") });
    expect(variables({})).not.toHaveProperty("ALLOWED_CIDRS");
    expect(variables({ allowedCidrs: ["0.0.0.0/0"] })).not.toHaveProperty("ALLOWED_CIDRS");
  });

  it("lets 100 requests a second through, and 200 at the same moment, unless told", () => {
    const settings = (props: Props) => synthesized(props).the("aws_apigatewayv2_stage").default_route_settings;
    expect(settings({})).toEqual({ throttling_rate_limit: 100, throttling_burst_limit: 200 });
    const own = { throttling_rate_limit: 10, throttling_burst_limit: 20 };
    expect(settings({ requestsPerSecond: 10, burstRequests: 20 })).toEqual(own);
  });

  it("sends traces, keeps concurrency and encrypts its environment when asked", () => {
    const key = "arn:aws:kms:ap-northeast-1:123456789012:key/1";
    const s = synthesized({ tracing: true, reservedConcurrency: 16_000, memoryMib: 512, encryptionKey: { arn: key } });
    expect(s.the("aws_lambda_function")).toMatchObject({
      tracing_config: { mode: "Active" },
      reserved_concurrent_executions: 16_000,
      memory_size: 512,
      kms_key_arn: key,
    });
    expect(statements(s, "web_app_role_run").slice(4)).toEqual([
      { Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" },
      { Effect: "Allow", Action: "kms:Decrypt", Resource: key },
    ]);
  });
});

it("serves an app of one's own", () => {
  const one = withOwn((app) => Object.assign(app.environment, { GREETING: "hello", AWS_REGION: "ap-northeast-1" }));
  expect(one.the("aws_lambda_function").environment.variables).toEqual({ GREETING: "hello" });
});
