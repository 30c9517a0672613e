/**
 * AWS services that compute in a VPC calls, named by the last part of their endpoint's name. S3 and DynamoDB have gateway endpoints, which are
 * routes and free of charge. All others have interface endpoints, for which AWS charges by zone and hour.
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
  /** Session Manager needs this one and SSM_MESSAGES, and EC2_MESSAGES below version 3.3.40 of its agent. */
  SSM: "ssm",
  SSM_MESSAGES: "ssmmessages",
  EC2_MESSAGES: "ec2messages",
  /** A pull of an image needs this one, ECR_DOCKER, and S3 for its layers. */
  ECR_API: "ecr.api",
  ECR_DOCKER: "ecr.dkr",
  /** Container instances need all three ECS services; Fargate needs none. */
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
