import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import type { HasArn } from "../has-arn";
import { buildName, NameLimits } from "../naming";
import { Alarm, type AlarmProps, type AlarmSurroundings } from "./alarm";
import { dashboardBody, type Section } from "./dashboard-body";
import type { Graph } from "./metric";

/** Properties of a {@link Monitoring}. */
export interface MonitoringProps {
  /** AWS region that is watched. */
  readonly region: string;
  /** SNS topic that hears of each alarm, and of its end. @default - alarms are seen in CloudWatch alone */
  readonly topic?: HasArn;
  /** Address of the runbook, to which each alarm adds its own section. @default "docs/operations.md", in this repository */
  readonly runbookUrl?: string;
  /** Whether there is a dashboard. @default true */
  readonly dashboard?: boolean;
}

/** Where graphs are on the dashboard. */
export interface ShowOptions {
  /**
   * Whether they show what visitors notice, as rate, errors and response time: those come first.
   * @default false
   */
  readonly visitors?: boolean;
}

/** Relative, since nobody knows where a copy of this repository lies. */
const RUNBOOK = "docs/operations.md";

/**
 * The alarms and the one dashboard of a stack. Whatever is deployed adds its own.
 *
 * @throws when the topic's ARN is malformed, or of another region than the one that is watched.
 */
export class Monitoring extends Construct {
  readonly #surroundings: AlarmSurroundings;
  /** About visitors. */
  readonly #upper: Section[] = [];
  /** About machines. */
  readonly #lower: Section[] = [];

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { region, topic, runbookUrl = RUNBOOK, dashboard = true } = props;
    checkArn(this, "topic", topic?.arn, { kind: ArnKinds.SNS_TOPIC, region });
    this.#surroundings = { topicArns: topic === undefined ? [] : [topic.arn], runbookUrl };
    if (!dashboard) return;
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: buildName(this, NameLimits.DASHBOARD),
      // Written at the end, when everybody has said what to show.
      dashboardBody: Lazy.stringValue({ produce: () => dashboardBody(region, [...this.#upper, ...this.#lower]) }),
    });
  }

  /**
   * Adds an alarm below `scope`; its id is the last part of the alarm's name, so key it by what it watches.
   */
  alarm(scope: Construct, id: string, props: AlarmProps): void {
    new Alarm(scope, id, props, this.#surroundings);
  }

  /** Adds graphs to the dashboard, under a title, behind those of their kind that are there. */
  show(title: string, graphs: readonly Graph[], { visitors = false }: ShowOptions = {}): void {
    (visitors ? this.#upper : this.#lower).push({ title, graphs });
  }
}
