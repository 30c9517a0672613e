import { isTrue } from "../../terraform/configuration";
import { ending } from "../change";
import {
  all,
  calm,
  compared,
  type Effect,
  each,
  effects,
  ended,
  interrupts,
  isOther,
  opens,
  switchedOff,
  type TypeEffects,
  unjudged,
  when,
} from "./effect";
import { groupsSwapped } from "./groups";
import { leavesHost } from "./host-name";
import { interruptOnRemoval } from "./lists";

const RULE_ARGUMENTS = [
  "cidr_ipv4",
  "cidr_ipv6",
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "prefix_list_id",
  "prefix_list_ids",
  "referenced_security_group_id",
  "source_security_group_id",
  "security_group_id",
  "ip_protocol",
  "protocol",
  "from_port",
  "to_port",
  "self",
  "type",
];

/** Rules are compared over the whole plan: what opens and what closes. */
const rule = effects("vpc/latest/userguide/security-group-rules.html", {
  created: compared,
  destroyed: compared,
  compared: RULE_ARGUMENTS,
});

const group = effects("vpc/latest/userguide/vpc-security-groups.html", {
  created: compared,
  // AWS deletes no group that is in use; a rule that is gone with its group is gone with what it let in.
  destroyed: compared,
  calm: ["revoke_rules_on_delete", "name"],
  compared: ["ingress", "egress"],
});

const noWay = (what: string): Effect => ended(what);

const address: Effect = (change, plan) => {
  const instance = plan
    .targets(change, "instance", "after", "aws_instance")
    .concat(
      plan.targets(change, "instance_id", "after", "aws_instance"),
      plan.targets(change, "network_interface", "after", "aws_network_interface"),
      plan.targets(change, "network_interface_id", "after", "aws_network_interface"),
    );
  const old = instance.filter((one) => plan.at(one)?.action !== "create");
  return old.length === 0 || change.action === "replace"
    ? []
    : [{ kind: "ports", what: `gives ${old.map((one) => plan.names.of(one)).join(", ")} an address on the internet` }];
};

const peers = ended("connections over it are cut");

/** Effects of changes to VPCs, subnets, routes, gateways and endpoints, by resource type. */
export const NETWORK: Readonly<Record<string, TypeEffects>> = {
  aws_vpc: effects("vpc/latest/userguide/vpc-dns.html", {
    destroyed: ended("everything in it is created again"),
    calm: ["enable_network_address_usage_metrics"],
    changed: {
      ...each(["enable_dns_support", "enable_dns_hostnames"], (change, plan) =>
        ["enable_dns_support", "enable_dns_hostnames"].some(
          (one) => isOther(change, one) && !isTrue(change.after?.[one]),
        )
          ? interrupts("has no DNS for what is in it: names of caches and endpoints are not found")(change, plan)
          : [],
      ),
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html
      assign_generated_ipv6_cidr_block: switchedOff(
        "assign_generated_ipv6_cidr_block",
        interrupts("gives up its IPv6 addresses"),
      ),
    },
  }),
  aws_subnet: effects("vpc/latest/userguide/configure-subnets.html", {
    // AWS deletes no subnet that something is in.
    destroyed: (change) =>
      change.action === "replace"
        ? [{ kind: "interruptions", what: `${ending(change)}: all that is in it moves` }]
        : [],
    calm: ["private_dns_hostname_type_on_launch"],
    changed: {
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html
      assign_ipv6_address_on_creation: switchedOff(
        "assign_ipv6_address_on_creation",
        interrupts("gives no IPv6 address to new instances: those that visitors reach by IPv6 are not replaced"),
      ),
      map_public_ip_on_launch: switchedOff(
        "map_public_ip_on_launch",
        interrupts("gives no public address to new instances: without a NAT gateway they reach nothing"),
        opens("gives a public address to each new instance"),
      ),
    },
  }),
  aws_route_table: effects("vpc/latest/userguide/VPC_Route_Tables.html", {
    destroyed: ended("its subnets fall back to the main route table"),
    compared: ["route"],
    // AWS removes the routes that the gateway has propagated:
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisableVgwRoutePropagation.html
    changed: { propagating_vgws: interruptOnRemoval("propagating_vgws", "has no more routes of", "aws_vpn_gateway") },
  }),
  aws_default_route_table: effects("vpc/latest/userguide/VPC_Route_Tables.html", {
    created: unjudged,
    destroyed: calm,
    compared: ["route"],
  }),
  aws_route: effects("vpc/latest/userguide/VPC_Route_Tables.html", {
    destroyed: compared,
    compared: [
      "gateway_id",
      "nat_gateway_id",
      "transit_gateway_id",
      "vpc_peering_connection_id",
      "network_interface_id",
      "egress_only_gateway_id",
      "vpc_endpoint_id",
      "route_table_id",
      "destination_cidr_block",
      "destination_ipv6_cidr_block",
      "destination_prefix_list_id",
    ],
  }),
  aws_route_table_association: effects("vpc/latest/userguide/VPC_Route_Tables.html", {
    destroyed: compared,
    compared: ["route_table_id", "subnet_id", "gateway_id"],
  }),
  aws_main_route_table_association: effects("vpc/latest/userguide/VPC_Route_Tables.html", {
    created: when(({ unknown }) => unknown.vpc_id === true, calm, unjudged),
    destroyed: ended("subnets without a table of their own get another one"),
  }),
  aws_internet_gateway: effects("vpc/latest/userguide/VPC_Internet_Gateway.html", {
    destroyed: noWay("nothing in the VPC reaches the internet or is reached from there"),
  }),
  aws_internet_gateway_attachment: effects("vpc/latest/userguide/VPC_Internet_Gateway.html", {
    destroyed: noWay("nothing in the VPC reaches the internet or is reached from there"),
  }),
  aws_egress_only_internet_gateway: effects("vpc/latest/userguide/egress-only-internet-gateway.html", {
    destroyed: noWay("nothing behind it reaches the internet over IPv6"),
  }),
  aws_nat_gateway: effects("vpc/latest/userguide/vpc-nat-gateway.html", {
    destroyed: noWay("nothing reaches the internet by it any more"),
    replaced: noWay("nothing behind it reaches the internet in between"),
    changed: each(["secondary_allocation_ids", "secondary_private_ip_addresses"], calm),
  }),
  aws_vpc_endpoint: effects("vpc/latest/privatelink/create-interface-endpoint.html", {
    destroyed: noWay("calls to its service find no way where no NAT gateway is"),
    calm: ["auto_accept", "ip_address_type"],
    compared: ["policy"],
    changed: {
      security_group_ids: groupsSwapped,
      subnet_ids: interruptOnRemoval("subnet_ids", "is no longer in"),
      route_table_ids: interruptOnRemoval("route_table_ids", "is no longer in the routes of"),
      private_dns_enabled: switchedOff(
        "private_dns_enabled",
        interrupts("is no longer found by its service's name: calls go by the internet, or nowhere"),
      ),
    },
  }),
  ...Object.fromEntries(
    [
      "aws_vpc_endpoint_route_table_association",
      "aws_vpc_endpoint_subnet_association",
      "aws_vpc_endpoint_security_group_association",
    ].map((type) => [
      type,
      effects("vpc/latest/privatelink/create-interface-endpoint.html", {
        destroyed: noWay("calls from there find no way where no NAT gateway is"),
      }),
    ]),
  ),
  aws_vpc_endpoint_policy: effects("vpc/latest/privatelink/vpc-endpoints-access.html", { compared: ["policy"] }),
  ...Object.fromEntries(
    [
      "aws_vpc_peering_connection",
      "aws_vpc_peering_connection_accepter",
      "aws_ec2_transit_gateway",
      "aws_ec2_transit_gateway_vpc_attachment",
      "aws_ec2_transit_gateway_route",
      "aws_vpn_connection",
      "aws_vpn_gateway",
      "aws_vpn_gateway_attachment",
      "aws_dx_connection",
    ].map((type) => [type, effects("vpc/latest/userguide/extend-intro.html", { created: unjudged, destroyed: peers })]),
  ),
  aws_security_group: group,
  aws_default_security_group: group,
  aws_vpc_security_group_ingress_rule: rule,
  aws_vpc_security_group_egress_rule: rule,
  aws_security_group_rule: rule,
  aws_ec2_managed_prefix_list: effects("vpc/latest/userguide/managed-prefix-lists.html", {
    destroyed: ended("rules for it let no connection in"),
    calm: ["name", "max_entries"],
    compared: ["entry"],
  }),
  aws_ec2_managed_prefix_list_entry: effects("vpc/latest/userguide/managed-prefix-lists.html", {
    created: compared,
    destroyed: compared,
    compared: ["cidr", "prefix_list_id"],
  }),
  aws_network_interface: effects("AWSEC2/latest/UserGuide/using-eni.html", {
    destroyed: ended("its address answers no more"),
    changed: { security_groups: groupsSwapped, source_dest_check: unjudged },
  }),
  aws_network_interface_sg_attachment: effects("vpc/latest/userguide/security-groups.html", {
    created: (change, plan) => [
      {
        kind: "ports",
        what: `puts one more interface behind ${plan.targets(change, "security_group_id", "after", "aws_security_group").map((one) => plan.names.of(one))}: what that lets in reaches it`,
      },
    ],
    destroyed: ended("connections that its group let in are cut"),
  }),
  aws_network_interface_attachment: effects("AWSEC2/latest/UserGuide/using-eni.html", {
    destroyed: ended("the address of its interface answers no more"),
  }),
  aws_eip: effects("AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html", {
    created: address,
    destroyed: all(leavesHost("public_ip"), ended("its address does not answer any more")),
    replaced: all(leavesHost("public_ip"), ended("the address is another")),
    changed: each(["instance", "network_interface"], all(address, interrupts("leads to another instance"))),
  }),
  aws_eip_association: effects("AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html", {
    created: address,
    destroyed: ended("its address leads nowhere"),
    replaced: ended("its address leads nowhere in between"),
  }),
  aws_flow_log: effects("vpc/latest/userguide/flow-logs.html", { destroyed: calm }),
  aws_vpc_dhcp_options: effects("vpc/latest/userguide/VPC_DHCP_Options.html", {}),
};
