import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Token } from "cdktf";
import { Construct } from "constructs";
import type { HasArn } from "../has-arn";
import { buildName, NameLimits } from "../naming";
import { ValidationError } from "../validation";

/**
 * Days CloudWatch Logs can keep events.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Properties of a {@link LogGroup}. */
export interface LogGroupProps {
  /** First part of the name, as in `/aws/vpc/`; the construct's own name follows. */
  readonly folder: string;

  /** How long events are kept, in days; one of the values CloudWatch Logs takes. */
  readonly retentionDays: number;

  /** The prop that says so to users, for messages. @default "logRetentionDays" */
  readonly retentionProp?: string;

  /**
   * The KMS key events are encrypted with. Its policy must let CloudWatch Logs use it.
   * @default - one of CloudWatch Logs' own
   */
  readonly encryptionKey?: HasArn;
}

/**
 * A CloudWatch log group that does not keep its events for ever.
 *
 * @throws when CloudWatch Logs does not take the retention or the name is too long.
 */
export class LogGroup extends Construct {
  /** Name of the group. */
  readonly name: string;

  /** ARN of the group, without the `:*` its streams are addressed by. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    checkRetention(this, props);

    const group = new CloudwatchLogGroup(this, "group", {
      name: props.folder + this.#buildName(props),
      retentionInDays: props.retentionDays,
      ...(props.encryptionKey && { kmsKeyId: props.encryptionKey.arn }),
      tags: { Name: buildName(this, NameLimits.TAG) },
      // A service stops writing to a group before the group goes.
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
