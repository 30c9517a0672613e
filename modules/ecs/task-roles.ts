import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { allow, type Statement, toPolicy, toTrustPolicy } from "../iam/policy";
import type { LogGroup } from "../logs";
import { buildName, buildNamePrefix, NameLimits } from "../naming";

/** Properties of {@link TaskRoles}. */
export interface TaskRolesProps {
  readonly logGroup: LogGroup;
  /** ARNs of the ECR repositories that images come from; none for public ones. */
  readonly repositoryArns: readonly string[];
  /** Whether a repository may be that of a pull-through cache, to which the first pull brings the image. */
  readonly importsImages: boolean;
  /** Whether ECS opens shells in the tasks. */
  readonly executeCommand: boolean;
}

/** The roles of a task: the task role of the app, and the execution role with which ECS starts the task. They share no permission. */
export class TaskRoles extends Construct {
  /** The task role. It has no permissions until a grant adds them. */
  readonly task: IamRole;
  /** ARN of the execution role, which pulls the image and writes the log. */
  readonly executionArn: string;
  /** Resources that a task must depend on before it starts. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TaskRolesProps) {
    super(scope, id);
    // The account comes from the log group's ARN, without a data source. The local keeps the policy readable as JSON.
    const account = new TerraformLocal(this, "account", Fn.element(Fn.split(":", props.logGroup.arn), 4)).asString;
    this.task = this.#role("task", "Permissions of the web app's tasks", account);
    const execution = this.#role("execution", "Permissions of ECS to start the web app's tasks", account);
    this.executionArn = execution.arn;
    this.dependables = [
      this.#policy(execution, "start-tasks", [...writeLog(props.logGroup), ...pullImages(props)]),
      ...(props.executeCommand ? [this.#policy(this.task, "open-shells", [OPEN_SHELLS])] : []),
    ];
  }

  #role(id: string, description: string, account: string): IamRole {
    return new IamRole(this, id, {
      namePrefix: buildNamePrefix(this, NameLimits.IAM_PREFIX),
      description,
      assumeRolePolicy: toTrustPolicy(
        { Service: "ecs-tasks.amazonaws.com" },
        { StringEquals: { "aws:SourceAccount": account } },
      ),
      tags: { Name: buildName(this, NameLimits.TAG, id) },
    });
  }

  #policy(role: IamRole, id: string, statements: readonly Statement[]): IamRolePolicy {
    return new IamRolePolicy(this, id, { name: id, role: role.name, policy: toPolicy(...statements) });
  }
}

function writeLog(logGroup: LogGroup): Statement[] {
  return [allow(["logs:CreateLogStream", "logs:PutLogEvents"], `${logGroup.arn}:*`)];
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html */
const IMPORT = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];

function pullImages({ repositoryArns, importsImages }: TaskRolesProps): Statement[] {
  if (repositoryArns.length === 0) return [];
  const pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
  return [
    allow(
      [...pull, ...(importsImages ? IMPORT : [])],
      repositoryArns.length === 1 ? String(repositoryArns[0]) : repositoryArns,
    ),
    // The action supports no resource.
    allow("ecr:GetAuthorizationToken", "*"),
  ];
}

/** The actions support no resource. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions */
const OPEN_SHELLS = allow(
  [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  "*",
);
