import type { Change } from "../change";
import type { Plan } from "../plan";
import type { Effect } from "./effect";
import { goneFrom } from "./lists";

/** Arguments that list security groups. */
export const GROUP_LISTS = ["security_group_ids", "security_groups", "vpc_security_group_ids"];

/** Rules of a group hold for its members alone: what one let in is cut when a member leaves it. */
export const groupsSwapped: Effect = (change: Change, plan: Plan) => {
  const gone = GROUP_LISTS.flatMap((argument) => goneFrom(change, plan, argument, "aws_security_group"));
  return gone.length === 0
    ? []
    : [
        {
          kind: "interruptions",
          what: `leaves the security group ${gone.join(", ")}: connections that it let in are cut`,
        },
      ];
};
