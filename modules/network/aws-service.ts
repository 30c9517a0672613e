/**
 * AWS services that compute in a VPC calls, by the last part of their endpoint's name. S3 and DynamoDB have endpoints
 * that are routes and cost nothing; all others have network interfaces, paid for by zone and hour.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export const AwsService = {
  S3: "s3",
  DYNAMODB: "dynamodb",
  SECRETS_MANAGER: "secretsmanager",
  KMS: "kms",
  STS: "sts",
  CLOUDWATCH: "monitoring",
  CLOUDWATCH_LOGS: "logs",
  XRAY: "xray",
  /** Session Manager takes this one and SSM_MESSAGES; EC2_MESSAGES too below version 3.3.40 of its agent. */
  SSM: "ssm",
  SSM_MESSAGES: "ssmmessages",
  EC2_MESSAGES: "ec2messages",
  /** To pull an image takes this one, ECR_DOCKER and S3, where its layers are. */
  ECR_API: "ecr.api",
  ECR_DOCKER: "ecr.dkr",
  /** Container instances take all three of ECS; Fargate takes none. */
  ECS: "ecs",
  ECS_AGENT: "ecs-agent",
  ECS_TELEMETRY: "ecs-telemetry",
  AUTO_SCALING: "autoscaling",
  ELASTIC_LOAD_BALANCING: "elasticloadbalancing",
} as const;
export type AwsService = (typeof AwsService)[keyof typeof AwsService];

/** Services whose endpoint is a route to a prefix list. */
export type GatewayService = typeof AwsService.S3 | typeof AwsService.DYNAMODB;

/** All services whose endpoint is a route. */
export const GATEWAY_SERVICES: readonly GatewayService[] = [AwsService.S3, AwsService.DYNAMODB];

/** Whether the endpoint of a service is a route, and not a network interface. */
export function isGatewayService(service: AwsService): service is GatewayService {
  return (GATEWAY_SERVICES as readonly AwsService[]).includes(service);
}
