import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { allow, deny, type Statement, toPolicy, toTrustPolicy } from "../iam/policy";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { findPartition, findRegion } from "../stack/region";

/** Properties of a {@link FunctionRole}. */
export interface FunctionRoleProps {
  readonly functionName: string;
  /** ARN of the only log group that it can write to. */
  readonly logGroupArn: string;
  readonly description: string;
  /** Whether the function sends traces. */
  readonly tracing: boolean;
  /** ARN of the key that encrypts the environment. */
  readonly encryptionKeyArn: string | undefined;
}

/** Lambda's read actions. They support no resource. */
const NETWORK_LOOKUPS = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
/** Lambda's actions to create and delete the function's network interfaces. */
const NETWORK_CHANGES = [
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

/** The role of a function, with permissions for its log group and its network interfaces. Grants add further permissions. */
export class FunctionRole extends Construct {
  readonly role: IamRole;
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id);
    this.role = new IamRole(this, "role", {
      namePrefix: buildNamePrefix(this, NameLimits.IAM_PREFIX),
      description: props.description,
      // No aws:SourceAccount: AWS documents none here. Lambda takes on roles of the function's own account alone.
      assumeRolePolicy: toTrustPolicy({ Service: "lambda.amazonaws.com" }),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.dependables = [
      new IamRolePolicy(this, "run", { role: this.role.name, policy: toPolicy(...this.#statements(props)) }),
    ];
  }

  #statements({ functionName, logGroupArn, tracing, encryptionKeyArn }: FunctionRoleProps): Statement[] {
    // The log group's ARN holds the account, so no data source is needed. A local keeps the policy readable as JSON.
    const account = new TerraformLocal(this, "account", Fn.element(Fn.split(":", logGroupArn), 4));
    const { name: partition } = findPartition(this);
    const self = `arn:${partition}:lambda:${findRegion(this)}:*:function:${functionName}`;
    return [
      allow(["logs:CreateLogStream", "logs:PutLogEvents"], `${logGroupArn}:*`),
      allow(NETWORK_LOOKUPS, "*"),
      // AWS asks for all resource ids of the account and region. With `network-interface/*` alone, Lambda refuses the function:
      // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, hashicorp/terraform-provider-aws#20698.
      allow(NETWORK_CHANGES, `arn:${partition}:ec2:${findRegion(this)}:${account.asString}:*/*`),
      // Lambda itself may use these, and the code in the function may not.
      deny([...NETWORK_LOOKUPS, ...NETWORK_CHANGES], "*", { ArnLike: { "lambda:SourceFunctionArn": self } }),
      ...(tracing ? [allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")] : []),
      ...(encryptionKeyArn === undefined ? [] : [allow("kms:Decrypt", encryptionKeyArn)]),
    ];
  }
}
