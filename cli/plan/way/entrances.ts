import { isTrue, texts } from "../../terraform/configuration";
import type { Moment, Plan } from "../plan";
import { byApis, byFunctionUrls, findApis } from "./apis";
import type { App } from "./apps";
import { type Link, openLink } from "./link";
import { byLoadBalancers, findForwarders } from "./load-balancers";
import type { Network } from "./network";
import type { Entrance, Place } from "./place";
import { readReference } from "./references";

/** Ports for the people who run a server, that visitors do not use. */
const ADMINISTRATION = [22, 3389];

/** Reads what the ways of all apps go by, once. */
export function findPlace(plan: Plan, moment: Moment, network: Network): Place {
  return {
    ...{ plan, moment, network },
    apis: findApis(plan, moment),
    forwarders: findForwarders(plan, moment),
    withAddress: findInstancesWithAddress(plan, moment),
  };
}

/** The ways of visitors to an app: by load balancers, by APIs, by its own address. */
export function findEntrances(app: App, place: Place): Entrance[] {
  return [
    ...app.targets.flatMap((target) => byLoadBalancers(app, target, place)),
    ...byApis(app, place),
    ...byFunctionUrls(app, place),
    ...byOwnAddress(app, place),
  ];
}

/** Instances that get an elastic IP address. */
function findInstancesWithAddress(plan: Plan, moment: Moment): ReadonlySet<string | undefined> {
  return new Set(
    plan
      .existing(moment, "aws_eip", "aws_eip_association")
      .flatMap((eip) =>
        ["instance", "instance_id"].map((argument) =>
          readReference(plan, eip, moment, { argument, type: "aws_instance" }),
        ),
      ),
  );
}

function byOwnAddress(app: App, { plan, moment, network, withAddress }: Place): Entrance[] {
  const change = plan.at(app.address);
  if (change?.type !== "aws_instance") return [];
  const values = change[moment];
  const isPublic =
    withAddress.has(app.address) ||
    isTrue(values?.associate_public_ip_address) ||
    texts(values?.public_ip).join("") !== "";
  if (!isPublic) return [];
  const visitors = network
    .findOpenings("ingress", app.groups)
    .filter(({ peer, ports: [from, to] }) => peer.includes("/") && !(from === to && ADMINISTRATION.includes(from)));
  const what = `visitors -> ${app.name}`;
  const admitted: Link =
    visitors.length > 0
      ? openLink(what)
      : network.knowsRules(app.groups) && app.groups.length > 0
        ? { answer: "closed", what, why: `no ingress rule of ${app.groups} lets visitors in` }
        : { answer: "unknown", what };
  return [{ at: app.address, visitors: visitors.map(({ peer }) => peer), links: [admitted, network.isPublic(app)] }];
}
