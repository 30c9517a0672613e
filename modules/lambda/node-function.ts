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

/** Size, limits and runtime of a function. */
export interface FunctionOptions {
  /**
   * Memory in MiB, 128 to 10240. CPU grows with memory; 1769 MiB are one vCPU.
   * @default 1024 - a first answer takes half of the time that it takes with 512; later answers take a few milliseconds with both
   */
  readonly memoryMib?: number;
  /**
   * Timeout of an invocation in seconds. It must be above the function's own longest wait.
   * @default 15
   */
  readonly timeoutSeconds?: number;
  /**
   * Reserved concurrency: the most invocations at once, which are also reserved in the account. A new account has a concurrency of 10,
   * of which none can be reserved.
   * @default - not reserved: the function uses the account's unreserved concurrency
   */
  readonly reservedConcurrency?: number;
  /**
   * Node.js runtime of the function.
   * @default NodeRuntime.NODEJS_22_X - the newest that AWS provider 5.100 accepts
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
  /** The network of the function. The function uses all of its private subnets. */
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
  /** AWS services that the function calls. */
  readonly awsServices: readonly AwsService[];
  /** Grants the function its permissions and opens its ports. Returns resources that it must depend on. */
  readonly connect: (compute: Compute) => readonly ITerraformDependable[];
  /** Its environment variables; values may be Terraform tokens, and none is a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** The function's longest wait for all of its dependencies together, in seconds. */
  readonly longestAnswerSeconds: number;
  /** The longest wait of its caller, in seconds. */
  readonly callerWaitsSeconds: number;
  /**
   * The most processes that can connect to its dependencies at a time. It limits the reserved concurrency.
   * @default - no limit
   */
  readonly mostAtOnce?: number;
  /** Retention of log events in days; one of the values that CloudWatch Logs accepts. */
  readonly logRetentionDays: number;
  /** Whether Lambda sends traces of invocations to X-Ray. AWS charges for traces. */
  readonly tracing: boolean;
  /**
   * KMS key that encrypts the environment.
   * @default - the AWS managed key of Lambda
   */
  readonly encryptionKey?: HasArn;
}

/**
 * The first connection of a function to a VPC has taken 15 minutes (AviatrixSystems/Docs#1207) and longer
 * (RJPearson94/terraform-aws-open-next#7). The provider waits 10 minutes.
 */
const TIMEOUTS = { create: "30m", update: "30m", delete: "30m" };
/** Lambda keeps a function's network interfaces, which use the security group, for up to 45 minutes after the function's deletion. */
const DELETE_TIMEOUT_MINUTES = 60;
/** Lambda sets this variable itself, to the same region, and refuses it in a function's configuration. */
const SET_BY_LAMBDA = "AWS_REGION";
const RESERVED =
  /^(_HANDLER|_X_AMZN_\w+|AWS_(DEFAULT_REGION|EXECUTION_ENV|LAMBDA_\w+|ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

/**
 * A function with Node.js on arm64 in a network's private subnets. It has its own security group, role and log group.
 *
 * @throws when memory, timeout or concurrency are out of range, the timeout is not between the function's own
 * longest wait and its caller's, the bundle does not exist, the key is of another region, or the AWS provider is older than the
 * runtime.
 */
export class NodeFunction extends Construct implements Compute {
  readonly securityGroup: SecurityGroup;
  readonly role: IamRole;
  /** The function's package contains the code. */
  readonly bringsApp = true;
  /** Name of the function, known after its creation. */
  readonly functionName: string;
  /** Timeout of an invocation, in seconds. */
  readonly timeoutSeconds: number;
  /** ARN of the function. */
  readonly arn: string;
  /** ARN with which API Gateway calls the function. */
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

  /** Checks the runtime against the provider version of the user's bindings, which only the resource knows. */
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

/** The timeout must be above the function's own longest wait, so that the function answers first, and below its caller's. */
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
