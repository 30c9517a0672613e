import { FlowLog as FlowLogResource } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Fn, TerraformLocal, Token } from "cdktf";
import { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import { HAS_ARN, type HasArn } from "../has-arn";
import { allow, toPolicy, toTrustPolicy } from "../iam/policy";
import { LogGroup } from "../logs";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { findRegion } from "../stack/region";
import { BOOLEAN, checkOneOf, NUMBER, type PropTypes, TEXT, ValidationError } from "../validation";

/** The connections that a flow log records. */
export const FlowLogTraffic = { ALL: "ALL", ACCEPTED: "ACCEPT", REJECTED: "REJECT" } as const;
export type FlowLogTraffic = (typeof FlowLogTraffic)[keyof typeof FlowLogTraffic];

/** Options of a network's flow log. */
export interface FlowLogOptions {
  /**
   * Whether the VPC has a flow log.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Retention of records in days; one of the values that CloudWatch Logs accepts.
   * @default 14
   */
  readonly retentionDays?: number;
  /**
   * The traffic to record.
   * @default FlowLogTraffic.ALL
   */
  readonly traffic?: FlowLogTraffic;
  /**
   * Aggregation interval of a record in seconds: 60 or 600.
   * @default 600
   */
  readonly aggregationSeconds?: number;
  /**
   * KMS key that encrypts the records. Its policy must let CloudWatch Logs use it.
   * @default - a key of CloudWatch Logs
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: HasArn;
}

/** Types of the props of {@link FlowLogOptions}. */
export const FLOW_LOG_OPTIONS: PropTypes<FlowLogOptions> = {
  enabled: BOOLEAN,
  retentionDays: NUMBER,
  traffic: TEXT,
  aggregationSeconds: NUMBER,
  encryptionKey: HAS_ARN,
};

/** Properties of a {@link FlowLog}. */
export interface FlowLogProps extends Omit<FlowLogOptions, "enabled"> {
  readonly vpc: Vpc;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html */
const AGGREGATION_SECONDS = [60, 600];

/** A flow log of a VPC, with its own log group and role. */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogProps) {
    super(scope, id);
    const { vpc, traffic = FlowLogTraffic.ALL, aggregationSeconds = 600, encryptionKey } = props;
    checkOneOf(this, "traffic", traffic, FlowLogTraffic);
    checkAggregation(this, aggregationSeconds);
    checkArn(this, "flowLog.encryptionKey", encryptionKey?.arn, { kind: ArnKinds.KMS_KEY, region: findRegion(this) });
    const logGroup = new LogGroup(this, "records", {
      folder: "/aws/vpc/",
      retentionDays: props.retentionDays ?? 14,
      retentionProp: "flowLog.retentionDays",
      ...(encryptionKey && { encryptionKey }),
    });
    const role = this.#role(vpc);
    const permission = this.#permission(role, logGroup);

    new FlowLogResource(this, "log", {
      vpcId: vpc.id,
      trafficType: traffic,
      maxAggregationInterval: aggregationSeconds,
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      tags: { Name: buildName(this, NameLimits.TAG) },
      dependsOn: [permission],
    });
  }

  /**
   * The role of the flow log. Account, region and partition come from the VPC's ARN, so no data source is needed. They are in a local, so
   * that programs other than Terraform can read the policy as JSON.
   */
  #role(vpc: Vpc): IamRole {
    const flowLogs = new TerraformLocal(this, "arn", Fn.replace(vpc.arn, `:vpc/${vpc.id}`, ":vpc-flow-log/*"));
    return new IamRole(this, "role", {
      namePrefix: buildNamePrefix(this, NameLimits.IAM_PREFIX),
      description: "Lets VPC flow logs write into their log group",
      assumeRolePolicy: toTrustPolicy(
        { Service: "vpc-flow-logs.amazonaws.com" },
        { StringEquals: { "aws:SourceAccount": vpc.ownerId }, ArnLike: { "aws:SourceArn": flowLogs.asString } },
      ),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
  }

  /** The log group exists, so the role needs neither CreateLogGroup nor DescribeLogGroups. aws-cdk grants the same three actions. */
  #permission(role: IamRole, logGroup: LogGroup): IamRolePolicy {
    return new IamRolePolicy(this, "write", {
      role: role.name,
      name: "write-flow-log",
      policy: toPolicy(
        allow(
          ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          [logGroup.arn, `${logGroup.arn}:*`],
        ),
      ),
    });
  }
}

function checkAggregation(scope: Construct, seconds: number): void {
  if (AGGREGATION_SECONDS.includes(seconds) || Token.isUnresolved(seconds)) return;
  throw new ValidationError(scope, {
    what: "flowLog.aggregationSeconds",
    got: seconds,
    allowed: AGGREGATION_SECONDS.join(" or "),
    fix: "take one of those, or leave it out for 600",
  });
}
