import { type Change, ending, ends } from "../change";
import type { Plan } from "../plan";
import {
  type Consequence,
  calm,
  type Effect,
  each,
  effects,
  ended,
  isUnknown,
  type TypeEffects,
  unjudged,
} from "./effect";
import { type AclComparison, compareAcl, findAcl, readInlineRules, readSeparateRule } from "./network-acl-rules";

/** Rules inside of an ACL. */
const entries: Effect = (change, plan) => {
  if (isUnknown(change.unknown.ingress) || isUnknown(change.unknown.egress)) return undefined;
  const rules = [change.before, change.after].flatMap(readInlineRules);
  const { letsMore, letsLess } = compareAcl(plan, change.address, rules);
  const found: Consequence[] = [];
  if (letsLess) found.push({ kind: "interruptions", what: "lets less through: connections of its subnets are cut" });
  if (letsMore) found.push({ kind: "ports", what: "lets more through to its subnets" });
  return found;
};

const RULE_ARGUMENTS = [
  ...["rule_number", "rule_action", "egress", "protocol", "from_port", "to_port", "icmp_type", "icmp_code"],
  ...["cidr_block", "ipv6_cidr_block"],
];

/** A rule that is a resource by itself. */
const rule: Effect = (change, plan) => {
  const { letsMore, letsLess } = compareRule(change, plan);
  const how = ends(change) ? `${ending(change)}: ` : "";
  const found: Consequence[] = [];
  if (letsLess) found.push({ kind: "interruptions", what: `${how}connections of the subnets of its ACL are cut` });
  if (letsMore) found.push({ kind: "ports", what: `${how}more is let through to the subnets of its ACL` });
  return found;
};

function compareRule(change: Change, plan: Plan): AclComparison {
  const { before, after, unknown, action } = change;
  if (RULE_ARGUMENTS.some((argument) => isUnknown(unknown[argument]))) return { letsMore: true, letsLess: true };
  const rules = [before, after].flatMap((values) => (values === undefined ? [] : readSeparateRule(values)));
  const acls = (["before", "after"] as const)
    .filter((moment) => change[moment] !== undefined)
    .map((moment) => findAcl(plan, change, moment));
  const compared = [...new Set(acls)].map((acl) => compareAcl(plan, acl, rules));
  // Between the end of the old rule and the new one, the others decide.
  const inBetween = action === "replace" ? before?.rule_action : undefined;
  return {
    letsMore: inBetween === "deny" || compared.some(({ letsMore }) => letsMore),
    letsLess: inBetween === "allow" || compared.some(({ letsLess }) => letsLess),
  };
}

const aclRule = effects("vpc/latest/userguide/nacl-rules.html", {
  created: rule,
  destroyed: rule,
  changed: each(RULE_ARGUMENTS, rule),
});

/** Effects of changes to network ACLs, by resource type. */
export const NETWORK_ACLS: Readonly<Record<string, TypeEffects>> = {
  aws_network_acl: effects("vpc/latest/userguide/vpc-network-acls.html", {
    destroyed: ended("its subnets get the default ACL, which may let more through", "ports"),
    changed: {
      ...each(["ingress", "egress"], entries),
      subnet_ids: () => [
        { kind: "ports", what: "applies to other subnets: those it left get the default ACL" },
        { kind: "interruptions", what: "applies to other subnets: connections that it denies are cut there" },
      ],
    },
  }),
  aws_default_network_acl: effects("vpc/latest/userguide/default-network-acl.html", {
    created: unjudged,
    destroyed: calm,
    changed: each(["ingress", "egress"], entries),
  }),
  aws_network_acl_rule: aclRule,
  aws_network_acl_association: effects("vpc/latest/userguide/vpc-network-acls.html", {
    created: unjudged,
    destroyed: ended("its subnet gets the default ACL, which may let more through", "ports"),
  }),
};
