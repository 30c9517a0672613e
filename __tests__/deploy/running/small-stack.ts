import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { accessString, type EnvironmentVariables } from "../../../environment";
import type { StrictAws } from "../aws-double/start";
import { region } from "../synthesize";

const BUNDLE = path.join(__dirname, "..", "..", "..", "webapp", "dist", "session-app.js");
const BUCKET = "bundles";
const PRIMARY = "master.cache.example.com";
const CACHE_ARN = `arn:aws:elasticache:${region()}:123456789012:replicationgroup:cache`;
const USER_ARN = `arn:aws:elasticache:${region()}:123456789012:user:app`;

/** The objects in the local AWS that a state refers to. */
interface Stored {
  readonly key: string;
  readonly sha256: string;
  readonly versionId: string;
  readonly secretArn: string;
}

/** Puts the app's bundle and its secret there. */
export async function store({ aws }: StrictAws): Promise<Stored> {
  const place = `LocationConstraint=${region()}`;
  await aws("s3api", "create-bucket", "--bucket", BUCKET, "--create-bucket-configuration", place);
  await aws("s3api", "put-bucket-versioning", "--bucket", BUCKET, "--versioning-configuration", "Status=Enabled");
  const key = "session-app.js";
  const { VersionId } = await aws("s3api", "put-object", "--bucket", BUCKET, "--key", key, "--body", BUNDLE);
  const secret = ["--name", "key", "--secret-string", "k".repeat(64)];
  const { ARN } = await aws("secretsmanager", "create-secret", ...secret);
  const sha256 = createHash("sha256").update(readFileSync(BUNDLE)).digest("hex");
  return { key, sha256, versionId: VersionId, secretArn: ARN };
}

/** Resources by type and name, each with the attributes that matter; a test takes one out, or changes it. */
// biome-ignore lint/suspicious/noExplicitAny: attributes of any resource
export type SmallStack = Record<string, Record<string, any>>;

/** The state of one task behind a load balancer with one Redis node: as small as it can be and still be used. */
export function smallStack({ key, sha256, versionId, secretArn }: Stored): SmallStack {
  const environment: EnvironmentVariables = {
    AWS_REGION: region(),
    HOST: "0.0.0.0",
    LOGIN: "demo",
    NODE_ENV: "production",
    PORT: "5000",
    PUBLIC_SCHEME: "http",
    REDIS_AUTH: "iam",
    REDIS_CACHE_ID: "cache",
    REDIS_CLUSTER_ENDPOINT: `${PRIMARY}:6379`,
    REDIS_TLS: "true",
    REDIS_USER: "app",
    SECRET_KEY_ARN: secretArn,
    TRUST_PROXY: "1",
  };
  const fetched = {
    AWS_REGION: region(),
    BUCKET,
    KEY: key,
    VERSION: versionId,
    SHA256: sha256,
    BUNDLE: "/bundle/app.js",
  };
  const rule = (from: string, port: number, other: object) => ({
    security_group_id: from,
    ip_protocol: "tcp",
    from_port: port,
    to_port: port,
    ...other,
  });
  const allows = (Action: string | string[], Resource: string | string[]) => ({
    role: "role",
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] }),
  });
  const everybody = { cidr_ipv4: "0.0.0.0/0" };
  return {
    aws_elasticache_parameter_group: {
      parameters: { name: "parameters", parameter: [{ name: "maxmemory-policy", value: "volatile-lru" }] },
    },
    aws_elasticache_user: {
      app: {
        arn: USER_ARN,
        user_id: "app",
        user_name: "app",
        access_string: accessString("session:"),
        authentication_mode: [{ type: "iam" }],
      },
      default: { user_id: "nobody", user_name: "default", access_string: "off -@all" },
    },
    aws_elasticache_user_group: { users: { user_group_id: "users", user_ids: ["app", "nobody"] } },
    aws_elasticache_replication_group: {
      cache: {
        arn: CACHE_ARN,
        replication_group_id: "cache",
        member_clusters: ["cache-001"],
        parameter_group_name: "parameters",
        user_group_ids: ["users"],
        security_group_ids: ["sg-cache"],
        transit_encryption_enabled: true,
        primary_endpoint_address: PRIMARY,
        port: 6379,
      },
    },
    aws_subnet: { private: { id: "subnet-a", availability_zone: `${region()}a` } },
    aws_route_table_association: { private: { subnet_id: "subnet-a", route_table_id: "rtb-a" } },
    aws_route: { out: { route_table_id: "rtb-a", destination_cidr_block: "0.0.0.0/0", nat_gateway_id: "nat-a" } },
    aws_vpc_security_group_ingress_rule: {
      visitors: rule("sg-alb", 80, everybody),
      app: rule("sg-web", 5000, { referenced_security_group_id: "sg-alb" }),
      cache: rule("sg-cache", 6379, { referenced_security_group_id: "sg-web" }),
    },
    aws_vpc_security_group_egress_rule: {
      app: rule("sg-alb", 5000, { referenced_security_group_id: "sg-web" }),
      cache: rule("sg-web", 6379, { referenced_security_group_id: "sg-cache" }),
      aws: rule("sg-web", 443, everybody),
    },
    aws_s3_bucket: { bundles: { bucket: BUCKET } },
    aws_lb: { alb: { arn: "alb", name: "alb", dns_name: "alb.example.com", security_groups: ["sg-alb"], subnets: [] } },
    aws_lb_listener: {
      http: {
        arn: "listener",
        load_balancer_arn: "alb",
        port: 80,
        protocol: "HTTP",
        default_action: [{ type: "forward", target_group_arn: "group" }],
      },
    },
    aws_lb_target_group: {
      app: {
        arn: "group",
        name: "group",
        deregistration_delay: "60",
        health_check: [{ path: "/healthz", matcher: "200", unhealthy_threshold: 3 }],
      },
    },
    aws_iam_role_policy: {
      bundle: allows(["s3:GetObject*"], `arn:aws:s3:::${BUCKET}/*`),
      secret: allows("secretsmanager:GetSecretValue", secretArn),
      connect: allows("elasticache:Connect", [CACHE_ARN, USER_ARN]),
    },
    aws_ecs_service: {
      web: {
        name: "web",
        task_definition: "task:1",
        desired_count: 1,
        network_configuration: [{ security_groups: ["sg-web"], subnets: ["subnet-a"] }],
        load_balancer: [{ target_group_arn: "group", container_name: "app", container_port: 5000 }],
      },
    },
    aws_ecs_task_definition: {
      web: {
        arn: "task:1",
        task_role_arn: "role",
        containers: [
          {
            name: "app",
            entryPoint: ["node", "/bundle/app.js"],
            environment,
            user: "1000:1000",
            readonlyRootFilesystem: true,
            dependsOn: [{ containerName: "fetch", condition: "SUCCESS" }],
            mountPoints: [{ sourceVolume: "bundle", containerPath: "/bundle", readOnly: true }],
            portMappings: [{ containerPort: 5000, hostPort: 5000 }],
          },
          {
            name: "fetch",
            entryPoint: ["/bin/sh", "-ec"],
            command: [
              'aws s3api get-object --bucket "$BUCKET" --key "$KEY" --version-id "$VERSION" "$BUNDLE"\necho "$SHA256  $BUNDLE" | sha256sum -c -',
            ],
            environment: { ...fetched, AWS_DEFAULT_REGION: region() },
            mountPoints: [{ sourceVolume: "bundle", containerPath: "/bundle" }],
          },
        ],
      },
    },
  };
}

/** As `terraform show -json` writes it. */
export function shown(stack: SmallStack): string {
  const resources = Object.entries(stack).flatMap(([type, named]) =>
    Object.entries(named).map(([name, values]) => ({
      address: `${type}.${name}`,
      type,
      mode: "managed",
      values: type === "aws_ecs_task_definition" ? withDefinitions(values) : values,
    })),
  );
  return JSON.stringify({
    values: { outputs: { url: { value: "http://alb.example.com" } }, root_module: { resources } },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function withDefinitions({ containers, ...values }: Record<string, any>): object {
  const listed = containers.map((container: { environment: Record<string, string> }) => ({
    ...container,
    environment: Object.entries(container.environment).map(([name, value]) => ({ name, value })),
  }));
  return { ...values, container_definitions: JSON.stringify(listed) };
}

/** The stack with a task and a node more, in another zone. */
export function inTwoZones(stack: SmallStack): SmallStack {
  const { aws_subnet, aws_route_table_association, aws_elasticache_replication_group, aws_ecs_service } = stack;
  Object.assign(aws_subnet ?? {}, { other: { id: "subnet-c", availability_zone: `${region()}c` } });
  Object.assign(aws_route_table_association ?? {}, { other: { subnet_id: "subnet-c", route_table_id: "rtb-a" } });
  aws_elasticache_replication_group?.cache.member_clusters.push("cache-002");
  const { web } = aws_ecs_service ?? {};
  web.desired_count = 2;
  web.network_configuration[0].subnets.push("subnet-c");
  return stack;
}

/** Where the cache's nodes stand, which a state does not tell. */
export const NODES = {
  CacheClusters: ["a", "c"].map((zone, n) => ({
    CacheClusterId: `cache-00${n + 1}`,
    PreferredAvailabilityZone: `${region()}${zone}`,
    Engine: "redis",
    CacheNodes: [{ Endpoint: { Address: `cache-00${n + 1}.cache.example.com` } }],
  })),
};
