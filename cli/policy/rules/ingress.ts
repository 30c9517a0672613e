import { type Configuration, type Resource, UnknownValueError } from "../../terraform/configuration";
import {
  findCachePorts,
  findGroups,
  INGRESS_TYPES,
  type Ingress,
  includesPort,
  isFromWorld,
  readIngress,
} from "../ingress";
import type { Rule } from "../rule";

const SSH = 22;
/** Each with the argument that names its security groups. */
const LOAD_BALANCERS = ["aws_lb", "aws_alb", "aws_elb"];
const LOAD_BALANCER_GROUPS = "security_groups";

/** Rules for what security groups let in, in each of the forms that Terraform has for it. */
export const ingressRules: readonly Rule[] = [
  {
    id: "ingress-not-all-protocols",
    on: INGRESS_TYPES,
    finds: (resource, configuration) =>
      readIngress(resource, configuration).some(({ protocol }) => protocol === "-1")
        ? "lets every protocol and port in"
        : undefined,
  },
  {
    id: "ingress-cache-from-groups-only",
    on: INGRESS_TYPES,
    finds(resource, configuration) {
      const ports = findCachePorts(configuration);
      const open = readIngress(resource, configuration).some(
        (ingress) => ingress.isFromAddresses && includesPort(ingress, ports),
      );
      return open ? "opens a cache port to addresses: name the security group that may connect" : undefined;
    },
  },
  {
    id: "ingress-world-to-load-balancer-only",
    also: "CKV_AWS_260, EC2.18",
    on: INGRESS_TYPES,
    finds(resource, configuration) {
      const open = readIngress(resource, configuration).filter(isFromWorld);
      const wide = open.find((ingress) => !isWeb(ingress));
      if (wide !== undefined) return `lets everybody in on ${describePorts(wide)}`;
      return open.length === 0 || isOfLoadBalancer(resource, configuration)
        ? undefined
        : "lets everybody in where there is no load balancer";
    },
  },
  {
    id: "ingress-ssh-not-from-world",
    also: "EC2.13, CKV_AWS_24",
    on: INGRESS_TYPES,
    finds: (resource, configuration) =>
      readIngress(resource, configuration).some((ingress) => isFromWorld(ingress) && includesPort(ingress, [SSH]))
        ? "opens SSH to everybody"
        : undefined,
  },
];

function isWeb({ protocol, from, to }: Ingress): boolean {
  return protocol === "tcp" && from === to && [80, 443].includes(from);
}

function describePorts({ protocol, from, to }: Ingress): string {
  return protocol === "-1" ? "every port" : `ports ${from} to ${to}`;
}

/** @throws {UnknownValueError} where the file does not tell whose a group is: modules pass it on, or it is there already. */
function isOfLoadBalancer(resource: Resource, configuration: Configuration): boolean {
  const groups = findGroups(resource, configuration);
  const isFound = groups.some((group) =>
    LOAD_BALANCERS.some((type) => configuration.pointingAt(group, type, LOAD_BALANCER_GROUPS).length > 0),
  );
  if (isFound) return true;
  const isNamed = resource.refersTo("security_group_id").some((address) => address.includes("aws_security_group."));
  if (groups.length === 0 && !isNamed) throw new UnknownValueError("security_group_id");
  const balancers = configuration.of(...LOAD_BALANCERS);
  if (balancers.some((balancer) => balancer.refersTo(LOAD_BALANCER_GROUPS).some(isPassedOn)))
    throw new UnknownValueError(LOAD_BALANCER_GROUPS);
  return false;
}

/** Whether an address is none of a resource, but a variable, an output of a module, or a local. */
function isPassedOn(address: string): boolean {
  const own = address.replace(/^(module\.[^.[]+(\[[^\]]*\])?\.)+/, "");
  return /^(var|local|module|each|data)\./.test(own);
}
