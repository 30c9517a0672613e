import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, objectWith, type PropTypes, recordOf, required, TEXT } from "../validation";
import { MissingData } from "./alarm";
import type { Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** The parts of an ECS service that alarms need, as of an EcsTopology's services. */
export interface WatchedService {
  /** The dimension of its metrics. */
  readonly serviceName: string;
  /** The smallest number of tasks. */
  readonly minTasks: number;
  /** Resources that must exist before the alarms. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of {@link ServiceAlarms}. */
export interface ServiceAlarmsProps extends ProviderProps {
  /** Name of the cluster, the dimension of its metrics. */
  readonly clusterName: string;
  /** The services, keyed by a name of your choice, which is part of the alarms' names. */
  readonly services: Readonly<Record<string, WatchedService>>;
  /** The topic and the dashboard for alarms and graphs. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link ServiceAlarmsProps}. */
export const SERVICE_ALARMS_PROPS: PropTypes<ServiceAlarmsProps> = {
  ...PROVIDER_PROPS,
  clusterName: required(TEXT),
  services: required(recordOf(objectWith("a service", "give those of an EcsTopology", "serviceName", "minTasks"))),
  monitoring: MONITORING,
};

/** Minutes in a row, longer than the replacement of a task. */
const MINUTES = 5;

/**
 * An alarm on each service with fewer tasks than its smallest number, and its graphs. The count of tasks works without Container Insights,
 * because each task writes its processor time once a minute.
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
