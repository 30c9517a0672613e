import { blocks } from "../../terraform/configuration";
import { calm, type Effect, each, effects, ended, interrupts, opens, type TypeEffects, unjudged, when } from "./effect";

/** Entries of a network ACL, each as one text. */
const entries: Effect = ({ before, after }) => {
  const of = (values: typeof before, action: string) =>
    [...blocks(values?.ingress), ...blocks(values?.egress)]
      .filter((entry) => (entry.action ?? entry.rule_action) === action)
      .map(
        (entry) => `${entry.cidr_block || entry.ipv6_cidr_block} ${entry.protocol} ${entry.from_port}-${entry.to_port}`,
      );
  const more = (action: string, from: typeof before, to: typeof before) =>
    of(to, action).some((one) => !of(from, action).includes(one));
  return [
    ...(more("allow", after, before) || more("deny", before, after)
      ? ([{ kind: "interruptions", what: "lets less through: connections of its subnets are cut" }] as const)
      : []),
    ...(more("allow", before, after) || more("deny", after, before)
      ? ([{ kind: "ports", what: "lets more through to its subnets" }] as const)
      : []),
  ];
};

const isAllowed = (values: Readonly<Record<string, unknown>> | undefined) => values?.rule_action === "allow";
const aclRule = effects("vpc/latest/userguide/nacl-rules.html", {
  created: when(
    ({ after }) => isAllowed(after),
    opens("lets more through to the subnets of its ACL"),
    interrupts("denies what was let through to the subnets of its ACL"),
  ),
  destroyed: when(
    ({ before }) => isAllowed(before),
    ended("what it let through to the subnets of its ACL is cut"),
    opens("no longer denies: more is let through to the subnets of its ACL"),
  ),
  changed: each(["cidr_block", "ipv6_cidr_block", "from_port", "to_port", "protocol", "rule_action", "egress"], () => [
    { kind: "ports", what: "lets other connections through to the subnets of its ACL" },
    { kind: "interruptions", what: "lets other connections through: those it let through before may be cut" },
  ]),
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
