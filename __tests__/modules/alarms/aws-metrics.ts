import { SESSION_METRICS } from "../../../environment";

/** Metrics of a namespace that have the same dimensions, as AWS' own page lists them. */
export interface MetricTable {
  readonly namespace: string;
  /** Sets of dimensions under which AWS publishes each of the metrics. */
  readonly dimensions: readonly (readonly string[])[];
  readonly metrics: readonly string[];
  /** AWS' page, or the file by which our app writes them. */
  readonly source: string;
}

const docs = (page: string) => `https://docs.aws.amazon.com/${page}`;
const elasticache = (page: string) => docs(`AmazonElastiCache/latest/dg/CacheMetrics.${page}.html`);
const alb = docs("elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html");
const ec2 = docs("AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html");
const NODE = ["CacheClusterId", "CacheNodeId"];

/**
 * The part of AWS' tables that alarms and graphs use. CloudWatch takes an alarm on a metric that does not exist, and such
 * an alarm never goes off, or always does.
 */
export const AWS_METRICS: readonly MetricTable[] = [
  {
    namespace: "AWS/ElastiCache",
    dimensions: [NODE],
    metrics: ["CPUUtilization", "CPUCreditBalance", "FreeableMemory", "SwapUsage"],
    source: elasticache("HostLevel"),
  },
  {
    namespace: "AWS/ElastiCache",
    dimensions: [NODE],
    metrics: ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "ReplicationLag"],
    source: elasticache("Redis"),
  },
  {
    namespace: "AWS/ElastiCache",
    dimensions: [NODE],
    metrics: ["Evictions", "CurrConnections", "GetHits", "GetMisses", "UnusedMemory"],
    source: elasticache("Memcached"),
  },
  {
    namespace: "AWS/ElastiCache",
    // The page has no dimensions; CloudWatch answers this one: https://github.com/open-constructs/aws-cdk-library/pull/68
    dimensions: [["clusterId"]],
    metrics: [
      "BytesUsedForCache",
      "ElastiCacheProcessingUnits",
      "ThrottledCmds",
      "Evictions",
      "CurrConnections",
      "SuccessfulReadRequestLatency",
      "SuccessfulWriteRequestLatency",
      "AuthenticationFailures",
      "IamAuthenticationThrottling",
    ],
    source: docs("AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html"),
  },
  {
    namespace: "AWS/ApplicationELB",
    dimensions: [["LoadBalancer"]],
    metrics: ["RequestCount", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "TargetResponseTime"],
    source: alb,
  },
  {
    namespace: "AWS/ApplicationELB",
    dimensions: [["LoadBalancer", "TargetGroup"]],
    metrics: ["HealthyHostCount", "UnHealthyHostCount"],
    source: alb,
  },
  {
    namespace: "AWS/EC2",
    dimensions: [["InstanceId"], ["AutoScalingGroupName"]],
    metrics: ["CPUUtilization", "NetworkIn", "NetworkOut", "StatusCheckFailed_System", "StatusCheckFailed_Instance"],
    source: ec2,
  },
  {
    namespace: "AWS/AutoScaling",
    dimensions: [["AutoScalingGroupName"]],
    metrics: ["GroupDesiredCapacity", "GroupInServiceInstances"],
    source: docs("autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html"),
  },
  {
    namespace: "AWS/ECS",
    dimensions: [["ClusterName", "ServiceName"]],
    metrics: ["CPUUtilization", "MemoryUtilization"],
    source: docs("AmazonECS/latest/developerguide/available-metrics.html"),
  },
  {
    namespace: "AWS/Lambda",
    dimensions: [["FunctionName"]],
    metrics: ["Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"],
    source: docs("lambda/latest/dg/monitoring-metrics-types.html"),
  },
  {
    namespace: "AWS/ApiGateway",
    dimensions: [["ApiId"]],
    metrics: ["4xx", "5xx", "Count", "Latency"],
    source: docs("apigateway/latest/developerguide/http-api-metrics.html"),
  },
  {
    // Our own, which CloudWatch makes of the app's log; session-metrics.test.ts holds the app's lines against it.
    namespace: SESSION_METRICS.namespace,
    dimensions: [[SESSION_METRICS.dimension]],
    metrics: Object.keys(SESSION_METRICS.units),
    source: "environment/session-metrics.ts",
  },
];
