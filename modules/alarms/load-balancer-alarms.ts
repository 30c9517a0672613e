import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, listOf, NUMBER, objectWith, type PropTypes, recordOf, required } from "../validation";
import { MissingData } from "./alarm";
import type { Graph, Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** The parts of a load balancer that alarms need. A LoadBalancer is one. */
export interface WatchedLoadBalancer {
  /** The dimension of its metrics, `app/<name>/<id>`. */
  readonly arnSuffix: string;
  /** Resources that must exist before the alarms. */
  readonly dependables: readonly ITerraformDependable[];
}

/** The parts of a target group that alarms need. A TargetGroup is one. */
export interface WatchedTargetGroup {
  /** The dimension of its metrics, `targetgroup/<name>/<id>`. */
  readonly arnSuffix: string;
}

/** Properties of {@link LoadBalancerAlarms}. */
export interface LoadBalancerAlarmsProps extends ProviderProps {
  /** The watched resource. */
  readonly loadBalancer: WatchedLoadBalancer;
  /** Its target groups, keyed by a name of your choice, which is part of the alarms' names. */
  readonly targetGroups: Readonly<Record<string, WatchedTargetGroup>>;
  /** The topic and the dashboard for alarms and graphs. */
  readonly monitoring: Monitoring;
  /**
   * The alarms on groups without a healthy target are created after these, as after a service that registers targets.
   * @default - those of the load balancer
   */
  readonly dependables?: readonly ITerraformDependable[];
  /**
   * Answers of 500 and above in a minute that turn the alarm on.
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

/** Minutes in a row. A single bad minute can be one failed request of a deployment. */
const MINUTES = 3;
/** Minutes in a row, longer than the replacement or restart of a target. */
const UNHEALTHY_MINUTES = 5;

/** The errors that the load balancer counts as a whole. It writes no data for minutes without an error, so missing data is good. */
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
  /**
   * Names of the alarms that go on when a new version is bad, for {@link EcsTopology.enableDeploymentAlarms}: the app's own errors. Refused requests are
   * not among them, because the load balancer refuses requests before the first task is there.
   */
  readonly deploymentAlarmNames: readonly string[];
  readonly #props: LoadBalancerAlarmsProps;

  constructor(scope: Construct, id: string, props: LoadBalancerAlarmsProps) {
    super(scope, id);
    checkProps(this, props, LOAD_BALANCER_ALARMS_PROPS);
    useProvider(this, props);
    this.#props = props;
    this.deploymentAlarmNames = [this.#errors("app-5xx")];
    this.#errors("refused-5xx");
    this.#unhealthyTargets();
    this.#noHealthyTarget();
    props.monitoring.show("Visitors", this.#visitorGraphs(), { visitors: true, watcher: this });
    props.monitoring.show("Targets", this.#targetGraphs(), { watcher: this });
  }

  /** @returns the alarm's name */
  #errors(key: keyof typeof ERRORS): string {
    const { monitoring, loadBalancer, errorsPerMinute = 5 } = this.#props;
    const { name, description } = ERRORS[key];
    return monitoring.alarm(this, key, {
      metric: this.#metric(name, "Sum"),
      threshold: errorsPerMinute,
      periods: MINUTES,
      missingData: MissingData.NOT_BREACHING,
      description,
      runbook: `alarm-${key}`,
      dependsOn: loadBalancer.dependables,
    });
  }

  #unhealthyTargets(): void {
    const { monitoring, loadBalancer, targetGroups } = this.#props;
    for (const [key, group] of Object.entries(targetGroups)) {
      monitoring.alarm(this, `${key}-unhealthy`, {
        metric: this.#metric("UnHealthyHostCount", "Maximum", group),
        threshold: 1,
        periods: UNHEALTHY_MINUTES,
        // There is no data without a target. Requests are then refused, which another alarm counts.
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
        // Each node of the load balancer counts its own targets. One node with a healthy target is enough.
        metric: this.#metric("HealthyHostCount", "Maximum", group),
        threshold: 1,
        below: true,
        periods: UNHEALTHY_MINUTES,
        // A group without a target reports no data.
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
