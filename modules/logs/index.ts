import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Token } from "cdktf";
import { Construct } from "constructs";
import type { HasArn } from "../has-arn";
import { buildName, NameLimits } from "../naming";
import { ValidationError } from "../validation";

/**
 * Retention times that CloudWatch Logs accepts, in days.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Properties of a {@link LogGroup}. */
export interface LogGroupProps {
  /** First part of the name, as in `/aws/vpc/`; the construct's own name follows. */
  readonly folder: string;

  /** Retention of events in days; one of the values that CloudWatch Logs accepts. */
  readonly retentionDays: number;

  /** Name of the user's prop, for error messages. @default "logRetentionDays" */
  readonly retentionProp?: string;

  /**
   * KMS key that encrypts the events. Its policy must let CloudWatch Logs use it.
   * @default - a key of CloudWatch Logs
   */
  readonly encryptionKey?: HasArn;
}

/**
 * A CloudWatch log group with a retention.
 *
 * @throws when CloudWatch Logs does not accept the retention, or the name is too long.
 */
export class LogGroup extends Construct {
  /** Name of the group. */
  readonly name: string;

  /** ARN of the group, without the `:*` for its streams. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    checkRetention(this, props);

    const group = new CloudwatchLogGroup(this, "group", {
      name: props.folder + this.#buildName(props),
      retentionInDays: props.retentionDays,
      ...(props.encryptionKey && { kmsKeyId: props.encryptionKey.arn }),
      tags: { Name: buildName(this, NameLimits.TAG) },
      // A service stops writing to a group before the group is deleted.
      lifecycle: { createBeforeDestroy: true },
    });
    this.name = group.name;
    this.arn = group.arn;
  }

  #buildName({ folder }: LogGroupProps): string {
    const { LOG_GROUP } = NameLimits;
    return buildName(this, { ...LOG_GROUP, folder, maxLength: LOG_GROUP.maxLength - folder.length });
  }
}

function checkRetention(scope: Construct, { retentionDays: days, retentionProp }: LogGroupProps): void {
  if (Token.isUnresolved(days) || RETENTION_DAYS.includes(days)) return;
  throw new ValidationError(scope, {
    what: retentionProp ?? "logRetentionDays",
    got: days,
    allowed: RETENTION_DAYS.join(", "),
    fix: `take ${RETENTION_DAYS.find((allowed) => allowed >= days) ?? RETENTION_DAYS.at(-1)}`,
  });
}
