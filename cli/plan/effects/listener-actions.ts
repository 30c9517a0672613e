import { block, blocks, type Value, type Values } from "../../terraform/configuration";
import type { Change } from "../change";
import type { Moment, Plan } from "../plan";

/** Type of target groups. */
export const TARGET_GROUP = "aws_lb_target_group";
/** Types of listeners. */
export const LISTENERS = ["aws_lb_listener", "aws_alb_listener"];

/** An action of a listener or a rule, less what a replaced target group is called by. */
export interface Action {
  readonly type: string;
  readonly groups: readonly string[];
  readonly details: Values;
}

/** The actions of a listener or a rule. @param argument - the argument that has them */
export function readActions(change: Change, plan: Plan, argument: string, moment: Moment): Action[] {
  return blocks(change[moment]?.[argument]).map((action) => {
    const groups = [action.target_group_arn, ...forwarded(action)].filter(
      (arn) => typeof arn === "string" && arn !== "",
    );
    return {
      type: String(action.type),
      groups: groups.map((arn) => plan.find(TARGET_GROUP, String(arn), moment) ?? String(arn)),
      details: { redirect: action.redirect ?? null, fixed: action.fixed_response ?? null },
    };
  });
}

function forwarded(action: Values): readonly (Value | undefined)[] {
  return blocks(block(action.forward).target_group).map(({ arn }) => arn);
}
