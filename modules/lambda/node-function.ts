import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import { ZipFile } from "../artifact";
import { SecurityGroup } from "../connections";
import type { HasArn } from "../has-arn";
import { LogGroup } from "../logs";
import { buildName, NameLimits } from "../naming";
import type { AwsService, INetwork } from "../network";
import { dependOn } from "../stack/dependencies";
import { findRegion } from "../stack/region";
import { checkWholeNumber, NUMBER, objectWith, type PropTypes, ValidationError } from "../validation";
import type { Compute } from "../web-app";
import { FunctionRole } from "./function-role";
import { NodeRuntime, neededProvider } from "./runtime";

/** How much a function gets. */
export interface FunctionOptions {
  /**
   * Memory, in MiB, 128 to 10240; CPU comes with it, a whole one at 1769.
   * @default 1024 - a first answer takes half the time of one with 512, and a later one a few milliseconds either way
   */
  readonly memoryMib?: number;
  /**
   * When Lambda ends an invocation, in seconds; above what the function itself waits for.
   * @default 15
   */
  readonly timeoutSeconds?: number;
  /**
   * How many run at once, at most, and as many of the account's concurrency kept for this one. A new account has 10 in
   * all, of which it can reserve none.
   * @default - as many as the account has left
   */
  readonly reservedConcurrency?: number;
  /**
   * The Node.js it runs on.
   * @default NodeRuntime.NODEJS_22_X - the newest that AWS provider 5.100 takes
   */
  readonly runtime?: NodeRuntime;
}

/** Types of the props of {@link FunctionOptions}. */
export const FUNCTION_OPTIONS: PropTypes<FunctionOptions> = {
  memoryMib: NUMBER,
  timeoutSeconds: NUMBER,
  reservedConcurrency: NUMBER,
  runtime: objectWith("a NodeRuntime", "take NodeRuntime.NODEJS_22_X, or NodeRuntime.of()", "name"),
};

/** Properties of a {@link NodeFunction}. */
export interface NodeFunctionProps extends FunctionOptions {
  /** Where it stands: in all private subnets. */
  readonly network: INetwork;
  /** Its purpose, in at most 256 characters. */
  readonly description: string;
  /** A JavaScript file that exports `handler`. */
  readonly bundle: string;
  /**
   * The fix in the error about a missing bundle.
   * @default - check the path
   */
  readonly missingFix?: string;
  /** All it calls at AWS. */
  readonly awsServices: readonly AwsService[];
  /** Gives it what else it needs. */
  readonly connect: (compute: Compute) => readonly ITerraformDependable[];
  /** Its environment variables; values may be Terraform tokens, and none is a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Longest it waits for anything, all together, in seconds. */
  readonly longestAnswerSeconds: number;
  /** The longest that its caller waits, in seconds. */
  readonly callerWaitsSeconds: number;
  /**
   * Processes that what it connects to takes at a time: the bound of its concurrency.
   * @default - no bound
   */
  readonly mostAtOnce?: number;
  /** How long log events are kept, in days; one of the values CloudWatch Logs takes. */
  readonly logRetentionDays: number;
  /** Whether Lambda sends traces of invocations to X-Ray, which cost money. */
  readonly tracing: boolean;
  /**
   * The KMS key its environment is encrypted with.
   * @default - the key Lambda has for the account
   */
  readonly encryptionKey?: HasArn;
}

/**
 * A function's first link to a VPC has taken 15 minutes (AviatrixSystems/Docs#1207) and longer
 * (RJPearson94/terraform-aws-open-next#7), where the provider waits 10.
 */
const TIMEOUTS = { create: "30m", update: "30m", delete: "30m" };
/** Lambda keeps a function's network interfaces, and with them its group, for up to 45 minutes after it. */
const DELETE_TIMEOUT_MINUTES = 60;
/** AWS sets these itself and refuses them from anybody else; the region is the one it would be set to. */
const SET_BY_LAMBDA = "AWS_REGION";
const RESERVED =
  /^(_HANDLER|_X_AMZN_\w+|AWS_(DEFAULT_REGION|EXECUTION_ENV|LAMBDA_\w+|ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/**
 * A function on Node.js and arm64 in a network's private subnets, with a security group, a role and a log group of its
 * own.
 *
 * @throws when memory, timeout or concurrency are out of range, the timeout is not between what the function waits for
 * and what its caller does, the bundle is not there, the key is of another region, or the AWS provider is older than the
 * runtime.
 */
export class NodeFunction extends Construct implements Compute {
  readonly securityGroup: SecurityGroup;
  readonly role: IamRole;
  /** Its code comes with it. */
  readonly bringsApp = true;
  /** Its name, once it is there. */
  readonly functionName: string;
  /** When Lambda ends an invocation, in seconds. */
  readonly timeoutSeconds: number;
  /** ARN of the function. */
  readonly arn: string;
  /** The ARN that API Gateway calls. */
  readonly invokeArn: string;
  /** Resources that exist once the function does. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { network, description, environment, tracing, encryptionKey, runtime = NodeRuntime.NODEJS_22_X } = props;
    const { memoryMib = 1024, timeoutSeconds = 15, reservedConcurrency, missingFix } = props;
    this.timeoutSeconds = timeoutSeconds;
    checkArn(this, "encryptionKey", encryptionKey?.arn, { kind: ArnKinds.KMS_KEY, region: findRegion(this) });
    checkWholeNumber(this, "memoryMib", memoryMib, { min: 128, max: 10_240, fix: "leave it out for 1024" });
    checkTimeout(this, timeoutSeconds, props);
    checkWholeNumber(this, "reservedConcurrency", reservedConcurrency, {
      min: 1,
      max: props.mostAtOnce,
      because: props.mostAtOnce === undefined ? "" : ", for which the cache has connections",
      fix: "leave it out for what the account has left",
    });
    const functionName = buildName(this, NameLimits.FUNCTION);
    this.securityGroup = new SecurityGroup(this, "security-group", {
      network,
      description: "A function: nobody gets in, it gets out to what it needs",
      deleteTimeoutMinutes: DELETE_TIMEOUT_MINUTES,
    });
    const logs = new LogGroup(this, "logs", { folder: "/aws/lambda/", retentionDays: props.logRetentionDays });
    const role = new FunctionRole(this, "role", {
      functionName,
      logGroupArn: logs.arn,
      description,
      tracing,
      encryptionKeyArn: encryptionKey?.arn,
    });
    this.role = role.role;

    const { privateSubnets } = network;
    const code = new ZipFile(this, "code", { path: props.bundle, ...(missingFix !== undefined && { missingFix }) });
    const resource = new LambdaFunction(this, "function", {
      functionName,
      description,
      runtime: runtime.name,
      architectures: ["arm64"],
      handler: `${code.fileName.replace(/\.js$/, "")}.handler`,
      filename: code.path,
      sourceCodeHash: code.sha256Base64,
      role: this.role.arn,
      memorySize: memoryMib,
      timeout: timeoutSeconds,
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      vpcConfig: {
        subnetIds: privateSubnets.map((subnet) => subnet.subnetId),
        securityGroupIds: [this.securityGroup.id],
      },
      environment: { variables: this.#variables(environment) },
      ...(encryptionKey && { kmsKeyArn: encryptionKey.arn }),
      loggingConfig: { logFormat: "Text", logGroup: logs.name },
      ...(tracing && { tracingConfig: { mode: "Active" } }),
      tags: { Name: functionName },
      timeouts: TIMEOUTS,
      dependsOn: dependOn(
        this,
        new Set([
          ...role.dependables,
          ...privateSubnets.flatMap((subnet) => subnet.dependables),
          ...network.reachAws(this, privateSubnets, props.awsServices),
          ...props.connect(this),
        ]),
      ),
    });
    this.#checkProvider(runtime, resource.terraformGeneratorMetadata?.providerVersion);
    this.functionName = resource.functionName;
    this.arn = resource.arn;
    this.invokeArn = resource.invokeArn;
    this.dependables = [resource];
  }

  #variables(environment: Readonly<Record<string, string>>): Record<string, string> {
    const { [SET_BY_LAMBDA]: _, ...variables } = environment;
    const reserved = Object.keys(variables).filter((name) => RESERVED.test(name));
    if (reserved.length === 0) return variables;
    throw new ValidationError(this, {
      what: "environment",
      got: reserved.join(", "),
      allowed: "names that Lambda does not set itself",
      fix: "take other names",
    });
  }

  /** Only the resource knows which provider the user's bindings are made of. */
  #checkProvider(runtime: NodeRuntime, provider: string | undefined): void {
    const needed = provider && neededProvider(runtime, provider);
    if (!needed) return;
    throw new ValidationError(this, {
      what: "runtime",
      got: `${runtime.name} with AWS provider ${provider}`,
      allowed: `${NodeRuntime.NODEJS_22_X.name}, or AWS provider ${needed} or later, which comes with @cdktf/provider-aws 21`,
      fix: `take NodeRuntime.NODEJS_22_X ("${NodeRuntime.NODEJS_22_X.name}"), or newer provider bindings`,
    });
  }
}

/** The function itself answers before Lambda ends it, and Lambda ends it before its caller gives up. */
function checkTimeout(
  scope: Construct,
  timeoutSeconds: number,
  { longestAnswerSeconds, callerWaitsSeconds }: NodeFunctionProps,
): void {
  checkWholeNumber(scope, "timeoutSeconds", timeoutSeconds, {
    min: Math.floor(longestAnswerSeconds) + 1,
    max: Math.ceil(callerWaitsSeconds) - 1,
    because: `: above the ${longestAnswerSeconds} s the function waits for what it needs, below the ${callerWaitsSeconds} s its caller waits`,
    fix: "leave it out for 15",
    atSynth: true,
  });
}
