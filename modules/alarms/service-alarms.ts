import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, objectWith, type PropTypes, recordOf, required, TEXT } from "../validation";
import { MissingData } from "./alarm";
import type { Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** A service of ECS as far as alarms need to know it. One of an EcsTopology is one. */
export interface WatchedService {
  /** Its dimension in CloudWatch. */
  readonly serviceName: string;
  /** Tasks there ought to be at least. */
  readonly minTasks: number;
  /** Resources that exist before its alarms do. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of {@link ServiceAlarms}. */
export interface ServiceAlarmsProps extends ProviderProps {
  /** Name of the cluster, its dimension in CloudWatch. */
  readonly clusterName: string;
  /** By a name of the caller's: it is part of the alarms' names. */
  readonly services: Readonly<Record<string, WatchedService>>;
  /** Where alarms and graphs go. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link ServiceAlarmsProps}. */
export const SERVICE_ALARMS_PROPS: PropTypes<ServiceAlarmsProps> = {
  ...PROVIDER_PROPS,
  clusterName: required(TEXT),
  services: required(recordOf(objectWith("a service", "give those of an EcsTopology", "serviceName", "minTasks"))),
  monitoring: MONITORING,
};

/** Longer than a task takes that is replaced. */
const MINUTES = 5;

/**
 * An alarm on each service that has fewer tasks than it ought to, and its graphs. Tasks are counted without Container
 * Insights: each writes its processor time once a minute.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html
 */
export class ServiceAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    checkProps(this, props, SERVICE_ALARMS_PROPS);
    useProvider(this, props);
    const { clusterName, services, monitoring } = props;
    const metric = ({ serviceName }: WatchedService, name: string, statistic: Metric["statistic"]): Metric => ({
      namespace: "AWS/ECS",
      name,
      statistic,
      dimensions: { ClusterName: clusterName, ServiceName: serviceName },
    });
    for (const [key, service] of Object.entries(services)) {
      monitoring.alarm(this, `${key}-tasks`, {
        metric: metric(service, "CPUUtilization", "SampleCount"),
        threshold: service.minTasks,
        below: true,
        periods: MINUTES,
        // Without a task there are no values.
        missingData: MissingData.BREACHING,
        description: `${key}: fewer tasks run than ought to. Look at the service's events: images, places, health checks.`,
        runbook: "alarm-missing-tasks",
        dependsOn: service.dependables,
      });
    }
    const all = Object.values(services);
    const graph = (title: string, name: string, statistic: Metric["statistic"]) => ({
      title,
      metrics: all.map((service) => metric(service, name, statistic)),
    });
    const graphs = [
      graph("Running tasks", "CPUUtilization", "SampleCount"),
      graph("CPU, percent of what tasks are given", "CPUUtilization", "Average"),
      graph("Memory, percent of what tasks are given", "MemoryUtilization", "Maximum"),
    ];
    monitoring.show("Services", graphs, { watcher: this });
  }
}
