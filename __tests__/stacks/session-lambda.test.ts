import { refusal, synthesizeStack } from "../synthesized/program";

describe("session-lambda", () => {
  const synthesizeLambda = (context: Record<string, unknown>) => synthesizeStack(context, "session-lambda");

  it("has one NAT gateway, unless the settings say otherwise, and all its functions watched", () => {
    const stack = synthesizeLambda({});
    expect(stack.counts()).toMatchObject({ aws_nat_gateway: 1, aws_lambda_function: 2 });
    const outputs = ["photo_function", "photo_table", "redis_endpoint", "url"];
    expect(Object.keys(stack.json.output ?? {}).sort()).toEqual(outputs);
    expect(synthesizeLambda({ lambda: { photoCache: null } }).counts()).not.toHaveProperty("aws_dynamodb_table");
    const alarms = Object.keys(stack.all("aws_cloudwatch_metric_alarm")).filter((address) =>
      address.startsWith("web-"),
    );
    expect(alarms).toHaveLength(5);
    expect(synthesizeLambda({ nat: "none" }).counts()).not.toHaveProperty("aws_nat_gateway");
  });

  it("is closed by default, and open to the networks and as fast as the settings say", () => {
    const told = (lambda: object) => {
      const stack = synthesizeLambda({ lambda: { photoCache: null, ...lambda } });
      const { ALLOWED_CIDRS } = stack.the("aws_lambda_function").environment.variables;
      const { throttling_rate_limit, throttling_burst_limit } =
        stack.the("aws_apigatewayv2_stage").default_route_settings;
      return [ALLOWED_CIDRS, throttling_rate_limit, throttling_burst_limit];
    };
    expect(told({})).toEqual(["203.0.113.0/24", 100, 200]);
    const own = { allowedCidrs: ["10.0.0.0/8", "192.168.0.0/16"], requestsPerSecond: 5, burstRequests: 10 };
    expect(told(own)).toEqual(["10.0.0.0/8,192.168.0.0/16", 5, 10]);
    expect(told({ allowedCidrs: ["0.0.0.0/0"] })).toEqual([undefined, 100, 200]);
  });

  it("takes each of its settings, under the longest name", () => {
    const stack = synthesizeLambda({
      name: "a".repeat(20),
      lambda: {
        memoryMib: 512,
        timeoutSeconds: 20,
        reservedConcurrency: 50,
        domain: {
          name: "app.example.com",
          certificateArn: "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
        },
        logRetentionDays: 30,
        tracing: true,
        kmsKeyArn: "arn:aws:kms:ap-northeast-1:123456789012:key/1",
        photoCache: { engine: "memcached", nodes: 3, tableName: "Photo", timeoutSeconds: 30, ttlSeconds: 60 },
      },
    });
    expect(stack.the("aws_elasticache_cluster").num_cache_nodes).toBe(3);
    expect(stack.the("aws_dynamodb_table").name).toBe("Photo");
    expect(stack.at("aws_lambda_function", "photo-cache")).toMatchObject({
      timeout: 30,
      environment: { variables: { PHOTO_TTL: "60", MEMCACHED_TLS: "true" } },
    });
    expect(stack.at("aws_lambda_function", "web_app")).toMatchObject({
      memory_size: 512,
      timeout: 20,
      reserved_concurrent_executions: 50,
      tracing_config: { mode: "Active" },
      kms_key_arn: "arn:aws:kms:ap-northeast-1:123456789012:key/1",
    });
    expect(stack.json.output).toMatchObject({ url: { value: "https://app.example.com" }, domain_target: {} });
  });

  it("caches photos in memcached beside an existing Redis with an existing user group", () => {
    const auth = { kind: "none" };
    const existingRedis = { host: "master.shared", securityGroupId: "sg-0123456789abcdef0", auth };
    expect(synthesizeLambda({ existingRedis }).counts()).toMatchObject({ aws_elasticache_cluster: 1 });
    const asked = { existingRedis, lambda: { photoCache: { engine: "redis" } } };
    expect(refusal(asked, "session-lambda")).toMatch(/^lambda\.photoCache: engine: got redis beside existingRedis/);
  });

  it("is refused in one line, by the name of its setting", () => {
    expect(refusal({ lambda: { timeoutSeconds: 29 } })).toMatch(
      /^lambda\.timeoutSeconds: got 29, allowed: .* Fix: .*$/,
    );
  });
});
