import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, listOf, NUMBER, objectWith, type PropTypes, recordOf, required } from "../validation";
import { MissingData } from "./alarm";
import type { Graph, Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** A load balancer as far as alarms need to know it. A LoadBalancer is one. */
export interface WatchedLoadBalancer {
  /** Its dimension in CloudWatch, `app/<name>/<id>`. */
  readonly arnSuffix: string;
  /** Resources that exist before its alarms do. */
  readonly dependables: readonly ITerraformDependable[];
}

/** A target group as far as alarms need to know it. A TargetGroup is one. */
export interface WatchedTargetGroup {
  /** Its dimension in CloudWatch, `targetgroup/<name>/<id>`. */
  readonly arnSuffix: string;
}

/** Properties of {@link LoadBalancerAlarms}. */
export interface LoadBalancerAlarmsProps extends ProviderProps {
  /** The watched resource. */
  readonly loadBalancer: WatchedLoadBalancer;
  /** Where it sends requests, by a name of the caller's: it is part of the alarms' names. */
  readonly targetGroups: Readonly<Record<string, WatchedTargetGroup>>;
  /** Where alarms and graphs go. */
  readonly monitoring: Monitoring;
  /**
   * The alarms on groups without a healthy target are created after these, as after a service that registers targets.
   * @default - those of the load balancer
   */
  readonly dependables?: readonly ITerraformDependable[];
  /**
   * Requests that failed with 500 and above in a minute, from which on the alarm is on.
   * @default 5
   */
  readonly errorsPerMinute?: number;
}

/** Types of the props of {@link LoadBalancerAlarmsProps}. */
export const LOAD_BALANCER_ALARMS_PROPS: PropTypes<LoadBalancerAlarmsProps> = {
  ...PROVIDER_PROPS,
  loadBalancer: required(objectWith("a LoadBalancer", "give that of a topology", "arnSuffix")),
  targetGroups: required(recordOf(objectWith("a TargetGroup", "give those of a topology", "arnSuffix"))),
  monitoring: MONITORING,
  dependables: listOf(objectWith("a resource", "give resources of this program", "fqn")),
  errorsPerMinute: NUMBER,
};

/** A single bad minute is a failed request during a deployment, and over. */
const MINUTES = 3;
/** Time until a target that is replaced or restarts is back. */
const UNHEALTHY_MINUTES = 5;

/** The errors that the load balancer counts as a whole. It writes nothing for minutes without an error, so silence is good. */
const ERRORS = {
  "refused-5xx": {
    name: "HTTPCode_ELB_5XX_Count",
    description:
      "the load balancer itself answered 500 and above: no target is registered, one closed its connection, or one took too long.",
  },
  "app-5xx": {
    name: "HTTPCode_Target_5XX_Count",
    description: "the app answered 500 and above. Look at its log, and at Redis: without it the app answers 503.",
  },
} as const;

/**
 * Alarms on a load balancer and each target group behind it, and its graphs.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export class LoadBalancerAlarms extends Construct {
  readonly #props: LoadBalancerAlarmsProps;

  constructor(scope: Construct, id: string, props: LoadBalancerAlarmsProps) {
    super(scope, id);
    checkProps(this, props, LOAD_BALANCER_ALARMS_PROPS);
    useProvider(this, props);
    this.#props = props;
    this.#errors();
    this.#unhealthyTargets();
    this.#noHealthyTarget();
    props.monitoring.show("Visitors", this.#visitorGraphs(), { visitors: true, watcher: this });
    props.monitoring.show("Targets", this.#targetGraphs(), { watcher: this });
  }

  #errors(): void {
    const { monitoring, loadBalancer, errorsPerMinute = 5 } = this.#props;
    for (const [key, { name, description }] of Object.entries(ERRORS)) {
      monitoring.alarm(this, key, {
        metric: this.#metric(name, "Sum"),
        threshold: errorsPerMinute,
        periods: MINUTES,
        missingData: MissingData.NOT_BREACHING,
        description,
        runbook: `alarm-${key}`,
        dependsOn: loadBalancer.dependables,
      });
    }
  }

  #unhealthyTargets(): void {
    const { monitoring, loadBalancer, targetGroups } = this.#props;
    for (const [key, group] of Object.entries(targetGroups)) {
      monitoring.alarm(this, `${key}-unhealthy`, {
        metric: this.#metric("UnHealthyHostCount", "Maximum", group),
        threshold: 1,
        periods: UNHEALTHY_MINUTES,
        // Nothing is reported while there is no target; who comes then is refused, and counted above.
        missingData: MissingData.NOT_BREACHING,
        description: `${key}: a target does not answer its health check, and is not replaced either. Look at its log.`,
        runbook: "alarm-unhealthy-targets",
        dependsOn: loadBalancer.dependables,
      });
    }
  }

  #noHealthyTarget(): void {
    const { monitoring, loadBalancer, targetGroups, dependables = loadBalancer.dependables } = this.#props;
    for (const [key, group] of Object.entries(targetGroups)) {
      monitoring.alarm(this, `${key}-no-healthy`, {
        // Each of the load balancer's nodes counts: one that has a healthy target is enough.
        metric: this.#metric("HealthyHostCount", "Maximum", group),
        threshold: 1,
        below: true,
        periods: UNHEALTHY_MINUTES,
        // Nothing is reported of a group without a target.
        missingData: MissingData.BREACHING,
        description: `${key}: no target is healthy, or none is registered. Look at launches, tasks, and the app's log.`,
        runbook: "alarm-no-healthy-target",
        dependsOn: dependables,
      });
    }
  }

  #visitorGraphs(): Graph[] {
    return [
      { title: "Requests a minute", metrics: [this.#metric("RequestCount", "Sum")] },
      { title: "Errors a minute", metrics: Object.values(ERRORS).map(({ name }) => this.#metric(name, "Sum")) },
      {
        title: "Response time, seconds: half of them, and 95 %",
        metrics: [this.#metric("TargetResponseTime", "p50"), this.#metric("TargetResponseTime", "p95")],
      },
    ];
  }

  #targetGraphs(): Graph[] {
    const groups = Object.values(this.#props.targetGroups);
    return [
      {
        title: "Healthy and unhealthy targets",
        metrics: groups.flatMap((group) => [
          this.#metric("HealthyHostCount", "Minimum", group),
          this.#metric("UnHealthyHostCount", "Maximum", group),
        ]),
      },
    ];
  }

  #metric(name: string, statistic: Metric["statistic"], group?: WatchedTargetGroup): Metric {
    const { arnSuffix } = this.#props.loadBalancer;
    return {
      namespace: "AWS/ApplicationELB",
      name,
      statistic,
      dimensions: { ...(group && { TargetGroup: group.arnSuffix }), LoadBalancer: arnSuffix },
    };
  }
}
