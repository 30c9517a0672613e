import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Lazy, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import { HAS_ARN, type HasArn } from "../has-arn";
import { buildKey, buildName, NameLimits } from "../naming";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { BOOLEAN, checkProps, objectWith, type PropTypes, required, TEXT } from "../validation";
import { Alarm, type AlarmProps, type AlarmSurroundings } from "./alarm";
import { dashboardBody, type Section } from "./dashboard-body";
import type { Graph } from "./metric";
import { SiteAlarm } from "./site-alarm";

/** Properties of a {@link Monitoring}. */
export interface MonitoringProps extends ProviderProps {
  /** AWS region of the alarms. */
  readonly region: string;
  /** SNS topic for notifications when an alarm goes on or off. @default - no notifications: CloudWatch shows the alarms */
  readonly topic?: HasArn;
  /** Address of the runbook. Each alarm's description adds the section. @default "docs/operations.md", in this repository */
  readonly runbookUrl?: string;
  /** Whether there is a dashboard. @default true */
  readonly dashboard?: boolean;
}

/** Types of the props of {@link MonitoringProps}. */
export const MONITORING_PROPS: PropTypes<MonitoringProps> = {
  ...PROVIDER_PROPS,
  region: required(TEXT),
  topic: HAS_ARN,
  runbookUrl: TEXT,
  dashboard: BOOLEAN,
};

/** The type of a prop that takes a Monitoring. */
export const MONITORING = required(objectWith("a Monitoring", "create a Monitoring", "alarm", "show"));

/** The sections of a dashboard, in its order. */
interface Sections {
  readonly visitors: Section[];
  readonly machines: Section[];
}

/** Place of graphs on the dashboard. */
export interface ShowOptions {
  /**
   * Whether the graphs show visitors' experience, as rate, errors and response time. They come first.
   * @default false
   */
  readonly visitors?: boolean;
  /** A construct of the stack whose dashboard shows the graphs. @default - the Monitoring */
  readonly watcher?: Construct;
}

/** A relative path, because each copy of this repository has another address. */
const RUNBOOK = "docs/operations.md";

/**
 * The alarms and the dashboard of a stack, and one composite alarm that is on while any of the alarms is on. Each topology adds its alarms
 * and graphs. For a topology in another stack, all are created in that stack: with a shared dashboard, the two stacks would depend on
 * each other.
 *
 * @throws when the topic's ARN is malformed, or of another region than the alarms.
 */
export class Monitoring extends Construct {
  readonly #surroundings: AlarmSurroundings;
  readonly #region: string;
  readonly #hasDashboard: boolean;
  readonly #sections = new Map<TerraformStack, Sections>();
  readonly #siteAlarms = new Map<TerraformStack, SiteAlarm>();

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    checkProps(this, props, MONITORING_PROPS);
    useProvider(this, props);
    const { region, topic, runbookUrl = RUNBOOK, dashboard = true } = props;
    checkArn(this, "topic", topic?.arn, { kind: ArnKinds.SNS_TOPIC, region });
    this.#surroundings = { topicArns: topic === undefined ? [] : [topic.arn], runbookUrl };
    this.#region = region;
    this.#hasDashboard = dashboard;
    if (dashboard) this.#addDashboard(this, "dashboard", buildName(this, NameLimits.DASHBOARD));
  }

  /**
   * Adds an alarm as a child of `scope`, and to the composite alarm of its stack. The id is the last part of the alarm's name, so name
   * it after the watched metric.
   *
   * @returns the alarm's name; a resource that takes it is created after the alarm.
   */
  alarm(scope: Construct, id: string, props: AlarmProps): string {
    const { resource } = new Alarm(scope, id, props, this.#surroundings);
    const stack = TerraformStack.of(scope);
    const siteAlarm = this.#siteAlarms.get(stack) ?? this.#addSiteAlarm(stack);
    siteAlarm.add(resource);
    return resource.alarmName;
  }

  /**
   * Adds graphs with a title to the dashboard, after the existing graphs of their kind.
   */
  show(title: string, graphs: readonly Graph[], { visitors = false, watcher = this }: ShowOptions = {}): void {
    if (!this.#hasDashboard) return;
    const stack = TerraformStack.of(watcher);
    const sections = this.#sections.get(stack) ?? this.#addForeignDashboard(stack);
    (visitors ? sections.visitors : sections.machines).push({ title, graphs });
  }

  #addSiteAlarm(stack: TerraformStack): SiteAlarm {
    const [scope, id] = stack === TerraformStack.of(this) ? [this, "site"] : [stack, `site-${buildKey(this, stack)}`];
    const siteAlarm = new SiteAlarm(scope, id, this.#surroundings.runbookUrl);
    this.#siteAlarms.set(stack, siteAlarm);
    return siteAlarm;
  }

  #addForeignDashboard(stack: TerraformStack): Sections {
    const key = buildKey(this, stack);
    return this.#addDashboard(stack, `dashboard-${key}`, buildName(stack, NameLimits.DASHBOARD, key));
  }

  #addDashboard(scope: Construct, id: string, dashboardName: string): Sections {
    const sections: Sections = { visitors: [], machines: [] };
    this.#sections.set(TerraformStack.of(scope), sections);
    new CloudwatchDashboard(scope, id, {
      dashboardName,
      // Written at the end, when all sections are there.
      dashboardBody: Lazy.stringValue({
        produce: () => dashboardBody(this.#region, [...sections.visitors, ...sections.machines]),
      }),
    });
    return sections;
  }
}
