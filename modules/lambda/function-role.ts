import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { NameLimits, nameOf, namePrefixOf } from "../naming";
import { regionOf } from "../stack/region";

export interface FunctionRoleProps {
  readonly functionName: string;
  /** ARN of the one log group it writes to. */
  readonly logGroupArn: string;
  readonly description: string;
  /** Whether it sends traces. */
  readonly tracing: boolean;
  /** ARN of the key its environment is encrypted with. */
  readonly encryptionKeyArn: string | undefined;
}

/** Lambda looks these up. They take no resource. */
const NETWORK_LOOKUPS = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
/** Lambda makes and removes the network interfaces of the function with these. */
const NETWORK_CHANGES = [
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

/** The role of a function: its own log group, its network interfaces, and nothing else until it is granted. */
export class FunctionRole extends Construct {
  readonly role: IamRole;
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id);
    this.role = new IamRole(this, "role", {
      namePrefix: namePrefixOf(this, NameLimits.IAM_PREFIX),
      description: props.description,
      // No aws:SourceAccount: AWS documents none here. Lambda takes on roles of the function's own account alone.
      assumeRolePolicy: policy([
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]),
      tags: { Name: nameOf(this, NameLimits.TAG) },
    });
    this.dependables = [
      new IamRolePolicy(this, "run", { role: this.role.name, policy: policy(this.#statements(props)) }),
    ];
  }

  #statements({ functionName, logGroupArn, tracing, encryptionKeyArn }: FunctionRoleProps): object[] {
    // The log group's ARN holds the account, so no data source is needed. A local keeps the policy readable as JSON.
    const account = new TerraformLocal(this, "account", Fn.element(Fn.split(":", logGroupArn), 4));
    const self = `arn:aws:lambda:${regionOf(this)}:*:function:${functionName}`;
    return [
      { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${logGroupArn}:*` },
      { Effect: "Allow", Action: NETWORK_LOOKUPS, Resource: "*" },
      // AWS asks for all resource ids of the account and region. With `network-interface/*` alone, Lambda refuses the function:
      // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, hashicorp/terraform-provider-aws#20698.
      { Effect: "Allow", Action: NETWORK_CHANGES, Resource: `arn:aws:ec2:${regionOf(this)}:${account.asString}:*/*` },
      // Lambda itself may use these, and the code in the function may not.
      {
        Effect: "Deny",
        Action: [...NETWORK_LOOKUPS, ...NETWORK_CHANGES],
        Resource: "*",
        Condition: { ArnLike: { "lambda:SourceFunctionArn": self } },
      },
      ...(tracing
        ? [{ Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" }]
        : []),
      ...(encryptionKeyArn === undefined
        ? []
        : [{ Effect: "Allow", Action: "kms:Decrypt", Resource: encryptionKeyArn }]),
    ];
  }
}

function policy(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
