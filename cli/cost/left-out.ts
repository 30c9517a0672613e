import { SESSION_METRICS } from "../../environment";
import { block, type Configuration, isTrue, type Resource, texts, UnknownValueError } from "../terraform/configuration";

/** Parts of a bill that the table leaves out: most depend on use, and some have no price here. */
const PARTS: readonly {
  readonly on: readonly string[];
  readonly says: string;
  readonly isFor?: (resource: Resource) => boolean;
}[] = [
  {
    on: ["aws_instance", "aws_launch_template"],
    says: "surplus CPU credits of instances whose type is not known",
    isFor: ({ values }) => String(values.instance_type).includes("${"),
  },
  {
    on: ["aws_launch_template"],
    says: "public addresses of a fleet's instances",
    isFor: ({ values }) => isTrue(block(values.network_interfaces).associate_public_ip_address),
  },
  {
    on: ["aws_autoscaling_policy", "aws_appautoscaling_policy"],
    says: "alarms that target tracking makes",
    isFor: ({ values }) => values.policy_type === "TargetTrackingScaling",
  },
  {
    on: ["aws_elasticache_replication_group", "aws_elasticache_cluster", "aws_elasticache_serverless_cache"],
    says: "snapshots of a cache beyond the first",
    isFor: ({ values }) => Number(values.snapshot_retention_limit) > 1,
  },
  {
    on: ["aws_elasticache_serverless_cache"],
    says: "data of a serverless cache beyond the least that AWS bills, and ECPUs of large or slow commands",
  },
  { on: ["aws_cloudwatch_log_group"], says: "storage of logs" },
  {
    on: ["aws_cloudwatch_metric_alarm"],
    says: "custom metrics that the app writes to its log",
    isFor: ({ values }) => values.namespace === SESSION_METRICS.namespace,
  },
  {
    on: ["aws_vpc_endpoint"],
    says: "data through interface endpoints",
    isFor: ({ values }) => texts(values.subnet_ids).length > 0,
  },
  { on: ["aws_dynamodb_table"], says: "storage of DynamoDB and its recovery to a point in time" },
  { on: ["aws_kms_key"], says: "KMS keys and calls to them" },
  {
    on: ["aws_ecs_cluster"],
    says: "Container Insights",
    isFor: ({ values }) => /enabled|enhanced/.test(JSON.stringify(values.setting ?? "")),
  },
  { on: ["aws_s3_bucket"], says: "storage in S3 and requests to it" },
];

/** Types with a price by the hour or by use that the table has no lines for. */
const BILLED =
  /^aws_(db_|rds_|memorydb_cluster|opensearch|elasticsearch|msk_|eks_(cluster|node)|efs_file|wafv2_web_acl|cloudfront_distribution|vpn_connection|ec2_transit_gateway|globalaccelerator|kinesis|redshift|docdb|neptune|mq_broker|spot_)/;

/** Lists the parts of a stack's bill that the table leaves out. */
export function listLeftOut(stack: Configuration): string[] {
  const parts = PARTS.filter(({ on, isFor = () => true }) =>
    stack.of(...on).some((resource) => applies(resource, isFor)),
  );
  const types = new Set(stack.resources.map(({ type }) => type).filter((type) => BILLED.test(type)));
  return [...parts.map(({ says }) => says), ...[...types].sort().map((type) => `\`${type}\``)];
}

/** An argument that is known only after apply may be the one that costs. */
function applies(resource: Resource, isFor: (resource: Resource) => boolean): boolean {
  try {
    return isFor(resource);
  } catch (error) {
    if (error instanceof UnknownValueError) return true;
    throw error;
  }
}
