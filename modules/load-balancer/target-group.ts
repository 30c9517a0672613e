import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { type TerraformResource, TerraformStack, Token } from "cdktf";
import { Construct } from "constructs";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import {
  checkNumber,
  checkOneOf,
  checkProps,
  checkText,
  checkWholeNumber,
  NUMBER,
  objectOf,
  objectWith,
  type PropTypes,
  required,
  TEXT,
  ValidationError,
} from "../validation";

/** The kind of target that a target group sends requests to. */
export const TargetType = {
  /** EC2 instances, each with its own port. */
  INSTANCE: "instance",
  /** IP addresses, as of Fargate tasks. */
  IP: "ip",
} as const;
export type TargetType = (typeof TargetType)[keyof typeof TargetType];

/** Algorithms that choose among healthy targets. */
export const Balancing = {
  ROUND_ROBIN: "round_robin",
  /** The target with the fewest current requests, for requests with very different durations. */
  LEAST_OUTSTANDING_REQUESTS: "least_outstanding_requests",
} as const;
export type Balancing = (typeof Balancing)[keyof typeof Balancing];

/** Health check of a target group. */
export interface HealthCheck {
  /**
   * Time between two checks in seconds, 5 to 300.
   * @default 10
   */
  readonly intervalSeconds?: number;
  /**
   * Timeout of a check in seconds, 2 to 120, and less than the interval.
   * @default 5
   */
  readonly timeoutSeconds?: number;
  /**
   * Passed checks in a row that make a target healthy, 2 to 10.
   * @default 2
   */
  readonly healthyThreshold?: number;
  /**
   * Failed checks in a row that make a target unhealthy, 2 to 10.
   * @default 3
   */
  readonly unhealthyThreshold?: number;
}

/** Types of the props of {@link HealthCheck}. */
const HEALTH_CHECK: PropTypes<HealthCheck> = {
  intervalSeconds: NUMBER,
  timeoutSeconds: NUMBER,
  healthyThreshold: NUMBER,
  unhealthyThreshold: NUMBER,
};

/** Distribution of requests: the props of a target group that topologies pass on. */
export interface TargetGroupOptions {
  /**
   * Health check of the targets.
   * @default - every 10 s; healthy after 2 passed checks, unhealthy after 3 failed checks
   */
  readonly healthCheck?: HealthCheck;
  /**
   * Deregistration delay in seconds, up to 3600: the time in which a leaving target finishes its requests. It must be at least the longest
   * request, and more than the app's drain.
   * @default - 60, or longer if the app's requests take longer
   */
  readonly deregistrationDelaySeconds?: number;
  /**
   * Slow start of a new target in seconds, 30 to 900: the time in which it gets fewer requests than its share. Only with ROUND_ROBIN.
   * @default - no slow start
   */
  readonly slowStartSeconds?: number;
  /**
   * Algorithm that chooses among healthy targets.
   * @default Balancing.ROUND_ROBIN
   */
  readonly balancing?: Balancing;
}

/** Types of the props of {@link TargetGroupOptions}. */
export const TARGET_GROUP_OPTIONS: PropTypes<TargetGroupOptions> = {
  healthCheck: objectOf(HEALTH_CHECK),
  deregistrationDelaySeconds: NUMBER,
  slowStartSeconds: NUMBER,
  balancing: TEXT,
};

/** Properties of a {@link TargetGroup}. */
export interface TargetGroupProps extends TargetGroupOptions, ProviderProps {
  /** VPC of the targets. */
  readonly network: INetwork;
  /** The kind of its targets. */
  readonly targetType: TargetType;
  /** Port of the app. A target that is registered with another port, as by ECS with dynamic ports, gets its requests and checks there. */
  readonly port: number;
  /** Path of the health check. It must answer 200 as long as the target's process works. */
  readonly healthCheckPath: string;
  /**
   * The longest time of a request, in seconds.
   * @default 30
   */
  readonly longestRequestSeconds?: number;
  /**
   * Time in which the app still serves after SIGTERM, in seconds.
   * @default 0
   */
  readonly drainSeconds?: number;
  /**
   * Keep-alive time of the app's idle connections, in seconds. It must be above the load balancer's idle timeout, so that the load balancer
   * closes them. Otherwise some requests meet a closed connection, and get a 502.
   * @default 65
   */
  readonly keepAliveSeconds?: number;
}

/** Types of the props of {@link TargetGroupProps}. */
export const TARGET_GROUP_PROPS: PropTypes<TargetGroupProps> = {
  ...PROVIDER_PROPS,
  ...TARGET_GROUP_OPTIONS,
  network: NETWORK,
  targetType: required(TEXT),
  port: required(NUMBER),
  healthCheckPath: required(TEXT),
  longestRequestSeconds: NUMBER,
  drainSeconds: NUMBER,
  keepAliveSeconds: NUMBER,
};

/** The type of a prop that takes a TargetGroup. */
export const TARGET_GROUP = objectWith("a TargetGroup", "create a TargetGroup", "arn", "keepAliveSeconds");

/** The shortest default of the deregistration delay. Seconds. */
const USUAL_DELAY_SECONDS = 60;
const DEFAULT_FIX = "leave it out for the default";

/**
 * The targets of a load balancer. Sticky sessions are off, because every target can serve every session.
 *
 * @throws when a number is out of range, the path does not begin with /, or a request can outlive its target.
 */
export class TargetGroup extends Construct {
  /** ARN of the target group. */
  readonly arn: string;
  /** The group's dimension in CloudWatch, `targetgroup/<name>/<id>`. */
  readonly arnSuffix: string;
  /** TCP port of the app. */
  readonly port: number;
  /** Keep-alive time of the app's idle connections, in seconds. */
  readonly keepAliveSeconds: number;
  readonly #group: LbTargetGroup;

  constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    checkProps(this, props, TARGET_GROUP_PROPS);
    useProvider(this, props);
    const { balancing = Balancing.ROUND_ROBIN, slowStartSeconds, keepAliveSeconds = 65 } = props;
    const check = {
      intervalSeconds: 10,
      timeoutSeconds: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
      ...props.healthCheck,
    };
    checkTimings(this, props);
    const delay = deregistrationDelay(this, props);
    checkOneOf(this, "targetType", props.targetType, TargetType);
    checkOneOf(this, "balancing", balancing, Balancing);
    checkHealthCheck(this, props.healthCheckPath, check);
    checkSlowStart(this, slowStartSeconds, balancing);
    this.port = props.port;
    this.keepAliveSeconds = keepAliveSeconds;

    const group = new LbTargetGroup(this, "group", {
      namePrefix: buildNamePrefix(this, NameLimits.TARGET_GROUP_PREFIX),
      vpcId: props.network.vpcId,
      targetType: props.targetType,
      protocol: "HTTP",
      port: props.port,
      healthCheck: {
        path: props.healthCheckPath,
        port: "traffic-port",
        protocol: "HTTP",
        matcher: "200",
        interval: check.intervalSeconds,
        timeout: check.timeoutSeconds,
        healthyThreshold: check.healthyThreshold,
        unhealthyThreshold: check.unhealthyThreshold,
      },
      deregistrationDelay: String(delay),
      loadBalancingAlgorithmType: balancing,
      ...(slowStartSeconds !== undefined && { slowStart: slowStartSeconds }),
      tags: { Name: buildName(this, NameLimits.TAG) },
      // AWS refuses to delete a group in use by a listener, so the new group is created first.
      lifecycle: { createBeforeDestroy: true },
    });
    this.#group = group;
    this.arn = group.arn;
    this.arnSuffix = group.arnSuffix;
  }

  /**
   * Replaces the group whenever its load balancer is replaced. The new load balancer is created first, and AWS refuses a group that listeners
   * of two load balancers name. {@link LoadBalancer} calls it for its groups. Terraform cannot do it for a load balancer of another stack.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
   */
  followReplacement(loadBalancer: TerraformResource): void {
    if (TerraformStack.of(loadBalancer) !== TerraformStack.of(this)) return;
    const { terraformResourceType: type, friendlyUniqueId: id } = loadBalancer;
    // The ARN alone, because it stays when AWS changes the load balancer in place.
    this.#group.lifecycle = { ...this.#group.lifecycle, replaceTriggeredBy: [`${type}.${id}.arn`] };
  }
}

function checkHealthCheck(scope: Construct, path: string, check: Required<HealthCheck>): void {
  checkText(scope, "healthCheckPath", path, {
    pattern: /^\/[\x21-\x7e]{0,1023}$/,
    allowed: "a path of at most 1024 characters that begins with /",
    fix: `take one like "/healthz"`,
  });
  const { intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold } = check;
  const seconds = { fix: DEFAULT_FIX, atSynth: true };
  const answers = { min: 2, max: 10, fix: DEFAULT_FIX };
  const longest = Math.min(120, intervalSeconds - 1);
  checkWholeNumber(scope, "healthCheck.intervalSeconds", intervalSeconds, { ...seconds, min: 5, max: 300 });
  checkWholeNumber(scope, "healthCheck.timeoutSeconds", timeoutSeconds, { ...seconds, min: 2, max: longest });
  checkWholeNumber(scope, "healthCheck.healthyThreshold", healthyThreshold, answers);
  checkWholeNumber(scope, "healthCheck.unhealthyThreshold", unhealthyThreshold, answers);
}

function checkTimings(scope: Construct, props: TargetGroupProps): void {
  const { port, longestRequestSeconds, drainSeconds, keepAliveSeconds } = props;
  const seconds = { min: 0, fix: DEFAULT_FIX, atSynth: true };
  checkWholeNumber(scope, "port", port, {
    min: 1,
    max: 65_535,
    fix: "give the port the app listens on",
    atSynth: true,
  });
  checkNumber(scope, "longestRequestSeconds", longestRequestSeconds, { ...seconds, max: 4000 });
  checkNumber(scope, "drainSeconds", drainSeconds, { ...seconds, max: 3600 });
  checkNumber(scope, "keepAliveSeconds", keepAliveSeconds, { ...seconds, max: 86_400 });
}

/** Seconds, at least as many as a request can take that is under way. */
function deregistrationDelay(scope: Construct, props: TargetGroupProps): number {
  const { longestRequestSeconds = 30, drainSeconds = 0 } = props;
  const enough = Math.max(longestRequestSeconds, drainSeconds + 1);
  const { deregistrationDelaySeconds: delay = Math.max(USUAL_DELAY_SECONDS, enough) } = props;
  checkWholeNumber(scope, "deregistrationDelaySeconds", delay, {
    min: 0,
    max: 3600,
    fix: DEFAULT_FIX,
    atSynth: true,
  });
  if (delay >= enough) return delay;
  throw new ValidationError(scope, {
    what: "deregistrationDelaySeconds",
    got: delay,
    allowed: `at least the longest request (${longestRequestSeconds} s), and more than the app drains (${drainSeconds} s)`,
    fix: `take ${enough} or more, or requests are cut off`,
  });
}

function checkSlowStart(scope: Construct, seconds: number | undefined, balancing: Balancing): void {
  checkWholeNumber(scope, "slowStartSeconds", seconds, { min: 30, max: 900, fix: DEFAULT_FIX });
  if (seconds === undefined || balancing === Balancing.ROUND_ROBIN || Token.isUnresolved(balancing)) return;
  throw new ValidationError(scope, {
    what: "slowStartSeconds",
    got: `${seconds} with ${balancing}`,
    allowed: "slow start with round_robin alone",
    fix: "leave one of the two out",
  });
}
