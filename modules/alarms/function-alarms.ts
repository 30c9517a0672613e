import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkNumber, checkProps, objectWith, type PropTypes, required, TEXT } from "../validation";
import { type AlarmProps, MissingData } from "./alarm";
import type { Graph, Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** The parts of a function that alarms need. */
export interface WatchedFunction {
  /** Name of the function, the dimension of its metrics. */
  readonly functionName: string;
  /** When Lambda ends an invocation, in seconds. */
  readonly timeoutSeconds: number;
  /** Resources that must exist before the alarms. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of {@link FunctionAlarms}. */
export interface FunctionAlarmsProps extends ProviderProps {
  /** The function that the alarms watch. */
  readonly function: WatchedFunction;
  /** Id of the HTTP API in front of it. @default - none */
  readonly apiId?: string;
  /** The topic and the dashboard for alarms and graphs. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link FunctionAlarmsProps}. */
export const FUNCTION_ALARMS_PROPS: PropTypes<FunctionAlarmsProps> = {
  ...PROVIDER_PROPS,
  function: required(
    objectWith("a function", "give that of a LambdaTopology or PhotoCache", "functionName", "timeoutSeconds"),
  ),
  apiId: TEXT,
  monitoring: MONITORING,
};

/** The share of its timeout above which a function is too slow. */
const SLOW = 0.8;
/** Minutes in a row. A single bad minute can be one failed request of a deployment. */
const MINUTES = 3;
/** Answers of 500 and above in a minute that turn the alarm on. */
const ERRORS_PER_MINUTE = 5;
/** Refused requests in a minute: more than typing errors and outdated forms of visitors cause. */
const REFUSED_PER_MINUTE = 300;

/**
 * Alarms and graphs of a function and, if there is one, of the API in front of it. Neither writes metrics without calls, so missing
 * data is good.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 */
export class FunctionAlarms extends Construct {
  readonly #props: FunctionAlarmsProps;

  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    checkProps(this, props, FUNCTION_ALARMS_PROPS);
    useProvider(this, props);
    this.#props = props;
    const { function: watched, apiId, monitoring } = props;
    const { functionName } = watched;
    checkNumber(this, "function.timeoutSeconds", watched.timeoutSeconds, {
      min: 0,
      max: 900,
      fix: "give the function's timeout in seconds",
      atSynth: true,
    });
    const slowMs = watched.timeoutSeconds * 1000 * SLOW;
    this.#alarm("errors", {
      metric: this.#metric("Errors", "Sum"),
      threshold: 1,
      description: `${functionName}: an invocation failed or ran out of time. Look at its log.`,
    });
    this.#alarm("throttles", {
      metric: this.#metric("Throttles", "Sum"),
      threshold: 1,
      description: `${functionName}: Lambda turned a request away. Raise reservedConcurrency, or the account's limit.`,
    });
    this.#alarm("duration", {
      metric: this.#metric("Duration", "Maximum"),
      threshold: slowMs,
      periods: MINUTES,
      description: `${functionName}: answers take most of the ${watched.timeoutSeconds} s it has. Look at what it waits for.`,
    });
    if (apiId !== undefined) {
      this.#alarm("api-5xx", {
        metric: apiMetric(apiId, "5xx", "Sum"),
        threshold: ERRORS_PER_MINUTE,
        periods: MINUTES,
        description: `${functionName}: visitors get 500 and above. Look at its log, and at Redis: without it the app answers 503.`,
      });
      this.#alarm("api-4xx", {
        metric: apiMetric(apiId, "4xx", "Sum"),
        threshold: REFUSED_PER_MINUTE,
        periods: MINUTES,
        description: `${functionName}: many requests are refused. Look at the API's log: 429 is above its rate, 403 another network.`,
      });
      monitoring.show("Visitors", apiGraphs(apiId), { visitors: true, watcher: this });
    }
    const graphs = [
      { title: "Invocations a minute", metrics: [this.#metric("Invocations", "Sum")] },
      {
        title: "Errors and throttles a minute",
        metrics: [this.#metric("Errors", "Sum"), this.#metric("Throttles", "Sum")],
      },
      { title: "Milliseconds", metrics: [this.#metric("Duration", "Average"), this.#metric("Duration", "Maximum")] },
      { title: "At once", metrics: [this.#metric("ConcurrentExecutions", "Maximum")] },
    ];
    monitoring.show(`Function: ${functionName}`, graphs, { watcher: this });
  }

  #alarm(id: string, alarm: Omit<AlarmProps, "missingData" | "dependsOn">): void {
    const { function: watched, monitoring } = this.#props;
    const { dependables } = watched;
    monitoring.alarm(this, id, {
      ...alarm,
      runbook: `alarm-function-${id}`,
      missingData: MissingData.NOT_BREACHING,
      dependsOn: dependables,
    });
  }

  #metric(name: string, statistic: Metric["statistic"]): Metric {
    const { functionName } = this.#props.function;
    return { namespace: "AWS/Lambda", name, statistic, dimensions: { FunctionName: functionName } };
  }
}

function apiGraphs(apiId: string): Graph[] {
  return [
    { title: "Requests a minute", metrics: [apiMetric(apiId, "Count", "Sum")] },
    { title: "Errors a minute", metrics: [apiMetric(apiId, "4xx", "Sum"), apiMetric(apiId, "5xx", "Sum")] },
    {
      title: "Response time, milliseconds: half of them, and 95 %",
      metrics: [apiMetric(apiId, "Latency", "p50"), apiMetric(apiId, "Latency", "p95")],
    },
  ];
}

function apiMetric(apiId: string, name: string, statistic: Metric["statistic"]): Metric {
  return { namespace: "AWS/ApiGateway", name, statistic, dimensions: { ApiId: apiId } };
}
