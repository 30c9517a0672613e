import { FlowLog as FlowLogResource } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { LogGroup } from "../logs";
import { NameLimits, nameOf, namePrefixOf } from "../naming";

export interface FlowLogProps {
  readonly vpc: Vpc;
  /** How long records are kept, in days. */
  readonly retentionDays: number;
}

/** Records who spoke to whom in a VPC, in a log group and with a role of its own. */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, { vpc, retentionDays }: FlowLogProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "records", { folder: "/aws/vpc/", retentionDays });
    const role = this.#role(vpc);
    const permission = this.#permission(role, logGroup);

    new FlowLogResource(this, "log", {
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
      tags: { Name: nameOf(this, NameLimits.TAG) },
      dependsOn: [permission],
    });
  }

  /**
   * Account, region and partition come out of the VPC's own ARN, so that no data source is needed to know them; by way
   * of a local, so that the policy stays JSON to whoever reads it without Terraform.
   */
  #role(vpc: Vpc): IamRole {
    const flowLogs = new TerraformLocal(this, "arn", Fn.replace(vpc.arn, `:vpc/${vpc.id}`, ":vpc-flow-log/*"));
    return new IamRole(this, "role", {
      namePrefix: namePrefixOf(this, NameLimits.IAM_PREFIX),
      description: "Lets VPC flow logs write into their log group",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": vpc.ownerId },
              ArnLike: { "aws:SourceArn": flowLogs.asString },
            },
          },
        ],
      }),
      tags: { Name: nameOf(this, NameLimits.TAG) },
    });
  }

  /** The group exists already, so neither CreateLogGroup nor DescribeLogGroups is needed; aws-cdk grants the same three. */
  #permission(role: IamRole, logGroup: LogGroup): IamRolePolicy {
    return new IamRolePolicy(this, "write", {
      role: role.name,
      name: "write-flow-log",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [logGroup.arn, `${logGroup.arn}:*`],
          },
        ],
      }),
    });
  }
}
