import { createHash } from "node:crypto";
import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { ValidationError } from "../validation";

/**
 * The most alarms in a rule, and its most characters.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
const MOST_ALARMS = 100;
const MOST_CHARACTERS = 10_240;
const HASH_LENGTH = 8;

/** An alarm that a rule names. */
interface Child {
  readonly name: string;
  /** The name as a reference, by which Terraform creates the alarm first. */
  readonly reference: string;
}

/**
 * One alarm that is on while any alarm of a stack is on. It notifies no topic, because each alarm does that with its own description.
 * With more alarms than a rule takes, there is a composite alarm for each part of them, and this one combines the parts.
 *
 * AWS refuses to delete an alarm that a composite alarm names, and Terraform deletes an alarm before it updates the composite one
 * (hashicorp/terraform-provider-aws#34807). So the name ends in a hash of the rule: with another set of alarms, Terraform deletes the
 * composite alarm, then the alarm, and creates the composite alarm again.
 */
export class SiteAlarm extends Construct {
  readonly #parts: Child[][] = [];
  readonly #combined: Child[] = [];

  constructor(scope: Construct, id: string, runbookUrl: string) {
    super(scope, id);
    const description = `The site needs a person: at least one alarm of this stack is on. More: ${runbookUrl}#alarms`;
    this.#combine(this, description, {
      alarms: () => this.#parts.flat(),
      children: () => (this.#combined.length > 0 ? this.#combined : this.#parts.flat()),
    });
  }

  /** Adds an alarm of the stack. */
  add({ alarmNameInput = "", alarmName }: CloudwatchMetricAlarm): void {
    const child = { name: alarmNameInput, reference: alarmName };
    const last = this.#parts.at(-1);
    if (last !== undefined && fits([...last, child])) last.push(child);
    else this.#parts.push([child]);
    while (this.#parts.length > 1 && this.#combined.length < this.#parts.length) this.#addPart();
  }

  #addPart(): void {
    const index = this.#combined.length;
    const scope = new Construct(this, `part-${index + 1}`);
    const children = () => this.#parts[index] ?? [];
    const description = "A part of the alarms of this stack: at least one of them is on.";
    this.#combined.push(this.#combine(scope, description, { alarms: children, children }));
  }

  /** @param members - the alarms by whose names the hash is made, and the children of the rule, both known at the end of synthesis */
  #combine(scope: Construct, alarmDescription: string, { alarms, children }: Members): Child {
    const limit = { ...NameLimits.ALARM, maxLength: NameLimits.ALARM.maxLength - HASH_LENGTH - 1 };
    const prefix = buildName(scope, limit);
    const { alarmName } = new CloudwatchCompositeAlarm(scope, "alarm", {
      alarmName: Lazy.stringValue({ produce: () => `${prefix}-${hash(combine(alarms(), "name"))}` }),
      alarmRule: Lazy.stringValue({ produce: () => buildRule(this, children()) }),
      alarmDescription,
      tags: { Name: buildName(scope, NameLimits.TAG) },
    });
    return { name: `${prefix}-${hash("")}`, reference: alarmName };
  }
}

interface Members {
  readonly alarms: () => readonly Child[];
  readonly children: () => readonly Child[];
}

function fits(children: readonly Child[]): boolean {
  return children.length <= MOST_ALARMS && combine(children, "name").length <= MOST_CHARACTERS;
}

function buildRule(scope: Construct, children: readonly Child[]): string {
  if (fits(children)) return combine(children, "reference");
  throw new ValidationError(scope, {
    what: "alarms of a stack",
    got: `${children.length} parts with ${combine(children, "name").length} characters in the rule of the composite alarm`,
    allowed: `at most ${MOST_ALARMS} parts and ${MOST_CHARACTERS} characters`,
    fix: "use a shorter namePrefix, or put a part of the alarms into another stack",
  });
}

function combine(children: readonly Child[], by: keyof Child): string {
  return children.map((child) => `ALARM("${child[by]}")`).join(" OR ");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH_LENGTH);
}
