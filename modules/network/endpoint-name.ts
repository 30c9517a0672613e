import { Fn, Op, Token } from "cdktf";
import type { Construct } from "constructs";
import { findPartition, findRegion } from "../stack/region";
import { AwsService } from "./aws-service";

/**
 * Services whose interface endpoints have names of China's own there. In both of its regions they are the same ones.
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts (getDefaultEndpointPrefix)
 */
const CHINESE_NAMES: ReadonlySet<AwsService> = new Set([
  AwsService.AUTO_SCALING,
  AwsService.CLOUDWATCH,
  AwsService.ECR_API,
  AwsService.ECR_DOCKER,
  AwsService.STS,
  AwsService.XRAY,
]);

/** The name of a service's endpoint in the region of a construct. */
export function findEndpointName(construct: Construct, service: AwsService): string {
  return `${findPrefix(construct, service)}.${findRegion(construct)}.${service}`;
}

function findPrefix(construct: Construct, service: AwsService): string {
  const [usual, chinese] = ["com.amazonaws", "cn.com.amazonaws"];
  if (!CHINESE_NAMES.has(service)) return usual;
  const { name } = findPartition(construct);
  if (!Token.isUnresolved(name)) return name === "aws-cn" ? chinese : usual;
  return Token.asString(Fn.conditional(Op.eq(name, "aws-cn"), chinese, usual));
}
