import { block, blocks, isTrue, texts, type Values } from "../../terraform/configuration";
import type { Change } from "../change";
import { isUnknown } from "../effects/effect";
import { groupBy } from "../group-by";
import type { Moment, Plan } from "../plan";
import type { App } from "./apps";
import { type Link, openLink } from "./link";
import type { End, Network } from "./network";
import type { Entrance, Forwarder, Place } from "./place";
import { readReference, readReferences } from "./references";

const TARGET_GROUP = "aws_lb_target_group";
const LISTENERS = ["aws_lb_listener", "aws_alb_listener"];

/** Listeners and their rules by the target groups that they send requests to. */
export function findForwarders(plan: Plan, moment: Moment): ReadonlyMap<string, readonly Forwarder[]> {
  const of = (change: Change, listener: Change, argument: string): Forwarder[] => {
    const { groups, isKnown } = forwardedBy(plan, change, moment, argument);
    return groups.map((group) => ({ from: change.address, listener, group, isKnown }));
  };
  const listeners = plan.existing(moment, ...LISTENERS).flatMap((one) => of(one, one, "default_action"));
  const rules = plan.existing(moment, "aws_lb_listener_rule", "aws_alb_listener_rule").flatMap((rule) => {
    const listener = LISTENERS.map((type) => readReference(plan, rule, moment, { argument: "listener_arn", type }))
      .map((address) => (address === undefined ? undefined : plan.at(address)))
      .find((one) => one?.[moment] !== undefined);
    return listener === undefined ? [] : of(rule, listener, "action");
  });
  return groupBy([...listeners, ...rules], ({ group }) => group);
}

/** The ways of visitors to an app by the listeners that send requests to one of its target groups. */
export function byLoadBalancers(app: App, target: App["targets"][number], place: Place): Entrance[] {
  const { plan, moment, network, forwarders } = place;
  const group = plan.at(target.group);
  const registered = `${plan.names.of(target.group)} -> ${app.name}`;
  if (group === undefined) {
    // The listeners of a target group that is not in the plan are not either.
    return [{ at: target.group, visitors: [], links: [{ answer: "unknown", what: registered }] }];
  }
  const ownPort = Number(group[moment]?.port);
  const ports = target.ports ?? (Number.isNaN(ownPort) ? [] : [ownPort]);
  return (forwarders.get(target.group) ?? []).map(({ from, listener, isKnown }): Entrance => {
    const what = `${plan.names.of(from)} -> ${plan.names.of(target.group)}`;
    const forwards: Link = { answer: isKnown ? "open" : "unknown", what, by: from };
    const balancer = findBalancer(plan, listener, moment);
    if (balancer === undefined) {
      // The rules of a load balancer that is not in the plan are not either.
      return { at: listener.address, visitors: [], links: [{ ...forwards, answer: "unknown" }] };
    }
    const { end, isPublic } = balancer;
    const port = Number(listener[moment]?.port);
    const visitors = network.findVisitors(end, port);
    return {
      at: balancer.address,
      visitors,
      links: [
        network.admits("visitors", end, port),
        ...(isPublic ? [network.isPublic(end)] : []),
        openLink(`${end.name} -> ${plan.names.of(listener.address)}`, listener.address),
        forwards,
        openLink(registered),
        ...(plan.at(app.address)?.type === "aws_lambda_function" ? [] : connections(network, end, app, ports)),
      ],
    };
  });
}

function connections(network: Network, from: End, app: App, ports: readonly number[]): Link[] {
  if (ports.length === 0) return [{ answer: "unknown", what: `${from.name} -> ${app.name}` }];
  return ports.map((port) => network.connects(from, app, port));
}

function findBalancer(plan: Plan, listener: Change, moment: Moment) {
  const address = ["aws_lb", "aws_alb"]
    .map((type) => readReference(plan, listener, moment, { argument: "load_balancer_arn", type }))
    .find((one) => one !== undefined && plan.at(one) !== undefined);
  const change = address === undefined ? undefined : plan.at(address);
  if (change?.[moment] === undefined) return undefined;
  const groups = readReferences(plan, change, moment, { argument: "security_groups", type: "aws_security_group" });
  const end: End = {
    name: plan.names.of(change.address),
    groups: groups.names,
    subnets: readReferences(plan, change, moment, { argument: "subnets", type: "aws_subnet" }).names,
  };
  return { address: change.address, end, isPublic: !isTrue(change[moment]?.internal) };
}

/** Target groups that an action sends requests to; those with no weight get none. */
function forwardedBy(plan: Plan, change: Change, moment: Moment, argument: string) {
  const actions = blocks(change[moment]?.[argument]);
  const arns = actions.flatMap((action: Values) => [
    ...texts(action.target_group_arn),
    ...blocks(block(action.forward).target_group).flatMap(({ arn, weight }) => (weight === 0 ? [] : texts(arn))),
  ]);
  const known = arns.filter((arn) => arn !== "").map((arn) => plan.find(TARGET_GROUP, arn, moment) ?? arn);
  const isLater = moment === "after" && isUnknown(change.unknown[argument]);
  const later = isLater ? plan.refersTo(change, argument).filter((one) => plan.at(one)?.type === TARGET_GROUP) : [];
  return { groups: [...new Set([...known, ...later])], isKnown: !isLater || known.length > 0 || later.length === 1 };
}
