import { isUnknown } from "../effects/effect";
import { groupBy } from "../group-by";
import type { Moment, Plan } from "../plan";
import { covers, isUnconditional, meets } from "../policies/covers";
import { findGrants, type Grant } from "../policies/grant";
import { type Attachment, attachments } from "../policies/holders";
import type { Answer } from "./link";

/** Policies of AWS that roles of servers have, and that allow nothing of ElastiCache. */
const OTHER_POLICIES = /:aws:policy\/(service-role\/|AmazonSSMManagedInstanceCore$|CloudWatch|AWSXRay)/;

/** The permissions that the policies of a plan give to roles, at one moment. */
export class Permissions {
  readonly #plan: Plan;
  readonly #grants: ReadonlyMap<string, readonly Grant[]>;
  readonly #attachments: ReadonlyMap<string, readonly Attachment[]>;
  /** Whether a policy is known only after apply. */
  readonly #isLater: boolean;

  constructor(plan: Plan, moment: Moment) {
    this.#plan = plan;
    this.#grants = groupBy(findGrants(plan, moment), ({ owner }) => owner);
    this.#attachments = groupBy(attachments(plan, moment), ({ holder }) => holder);
    this.#isLater =
      moment === "after" &&
      plan.changes.some(({ type, unknown }) => type.startsWith("aws_iam_") && isUnknown(unknown.policy));
  }

  /** Whether a role may do something with a resource; `unknown` where the ARN is undefined. */
  allows(role: string, action: string, arn: string | undefined): Answer {
    if (arn === undefined) return "unknown";
    const request: Grant = {
      ...{ address: role, owner: role, effect: "Allow", principal: undefined, conditions: [] },
      action: { only: action },
      resource: { only: arn },
    };
    const own = this.#grants.get(role) ?? [];
    const denials = own.filter((one) => one.effect === "Deny" && meets(one, request));
    if (denials.some((one) => isUnconditional(one) && covers(one, request))) return "closed";
    const allowing = own.filter((one) => one.effect === "Allow");
    if (allowing.some((one) => covers(one, request))) return denials.length === 0 ? "open" : "unknown";
    const isElsewhere = (this.#attachments.get(role) ?? []).some(
      ({ policy }) => this.#plan.at(policy) === undefined && !OTHER_POLICIES.test(policy),
    );
    const mayAllow = allowing.some((one) => meets(one, request));
    return this.#isLater || isElsewhere || mayAllow ? "unknown" : "closed";
  }
}
