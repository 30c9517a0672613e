import { block, blocks, isTrue, texts, type Values } from "../../terraform/configuration";
import type { Change } from "../change";
import { isUnknown } from "../effects/effect";
import type { Moment, Plan } from "../plan";
import type { App } from "./apps";
import type { Link } from "./link";
import type { End, Network } from "./network";
import { readReference, readReferences } from "./references";

const TARGET_GROUP = "aws_lb_target_group";
const FUNCTION = "aws_lambda_function";
const LISTENERS = ["aws_lb_listener", "aws_alb_listener"];
const EVERYBODY = ["0.0.0.0/0"];
/** Ports for the people who run a server, that visitors do not use. */
const ADMINISTRATION = [22, 3389];

/** A way of visitors to an app. */
export interface Entrance {
  /** Address of the load balancer, API, function URL or instance that they come to. */
  readonly at: string;
  /** Networks and groups that may enter. */
  readonly visitors: readonly string[];
  readonly links: readonly Link[];
}

/** A plan at one moment, with what the ways of all apps go by. */
export interface Place {
  readonly plan: Plan;
  readonly moment: Moment;
  readonly network: Network;
  readonly forwarders: ReadonlyMap<string, readonly Forwarder[]>;
}

/** The ways of visitors to an app: by load balancers, by APIs, by its own address. */
export function findEntrances(app: App, at: Place): Entrance[] {
  const { plan, moment, network } = at;
  return [
    ...app.targets.flatMap((target) => byLoadBalancers(app, target, at)),
    ...(plan.at(app.address)?.type === FUNCTION
      ? [...byApis(plan, app, moment), ...byFunctionUrl(plan, app, moment)]
      : []),
    ...byOwnAddress(plan, app, moment, network),
  ];
}

function there(plan: Plan, moment: Moment, ...types: readonly string[]): Change[] {
  return plan.of(...types).filter((change) => change[moment] !== undefined);
}

const open = (what: string, by?: string): Link => ({ answer: "open", what, ...(by !== undefined && { by }) });

/** A listener, or a rule of it, that sends requests to target groups. */
export interface Forwarder {
  readonly from: string;
  readonly listener: Change;
  readonly isKnown: boolean;
}

/** Listeners and their rules by the target groups that they send requests to. */
export function findForwarders(plan: Plan, moment: Moment): ReadonlyMap<string, readonly Forwarder[]> {
  const forwarders = new Map<string, Forwarder[]>();
  const add = (change: Change, listener: Change, argument: string) => {
    const { groups, isKnown } = forwardedBy(plan, change, moment, argument);
    for (const group of groups) {
      forwarders.set(group, [...(forwarders.get(group) ?? []), { from: change.address, listener, isKnown }]);
    }
  };
  for (const listener of there(plan, moment, ...LISTENERS)) add(listener, listener, "default_action");
  for (const rule of there(plan, moment, "aws_lb_listener_rule", "aws_alb_listener_rule")) {
    const listener = LISTENERS.map((type) => readReference(plan, rule, moment, { argument: "listener_arn", type }))
      .map((address) => (address === undefined ? undefined : plan.at(address)))
      .find((one) => one?.[moment] !== undefined);
    if (listener !== undefined) add(rule, listener, "action");
  }
  return forwarders;
}

function byLoadBalancers(app: App, target: App["targets"][number], at: Place): Entrance[] {
  const { plan, moment, network, forwarders } = at;
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
        open(`${end.name} -> ${plan.names.of(listener.address)}`, listener.address),
        forwards,
        open(registered),
        ...(plan.at(app.address)?.type === FUNCTION ? [] : connections(network, end, app, ports)),
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

/** HTTP APIs: a stage, a route, its integration, and the function's permission. */
function byApis(plan: Plan, app: App, moment: Moment): Entrance[] {
  const integrations = there(plan, moment, "aws_apigatewayv2_integration").filter(
    (change) => invokedBy(plan, change, moment, "integration_uri") === app.address,
  );
  return integrations.flatMap((integration) => {
    const api = readReference(plan, integration, moment, { argument: "api_id", type: "aws_apigatewayv2_api" });
    if (api === undefined || plan.at(api)?.[moment] === undefined) return [];
    const name = plan.names.of(api);
    const [routed, staged] = [
      there(plan, moment, "aws_apigatewayv2_route").some((route) => leadsTo(plan, route, integration, moment)),
      there(plan, moment, "aws_apigatewayv2_stage").some(
        (stage) => readReference(plan, stage, moment, { argument: "api_id", type: "aws_apigatewayv2_api" }) === api,
      ),
    ];
    const step = (isOpen: boolean, what: string, why: string): Link =>
      isOpen ? open(what) : { answer: "closed", what, why };
    return [
      {
        at: api,
        visitors: EVERYBODY,
        links: [
          step(staged, `visitors -> a stage of ${name}`, "the API has no stage"),
          step(routed, `${name} -> ${plan.names.of(integration.address)}`, "no route leads there"),
          open(`${plan.names.of(integration.address)} -> ${app.name}`, integration.address),
          permission(plan, app, api, moment),
        ],
      },
    ];
  });
}

/** The function that an argument names by its ARN to invoke it. */
function invokedBy(plan: Plan, change: Change, moment: Moment, argument: string): string | undefined {
  const uri = change[moment]?.[argument];
  const named = there(plan, moment, FUNCTION).find(
    (one) => typeof uri === "string" && [one[moment]?.invoke_arn, one[moment]?.arn].includes(uri),
  );
  return named?.address ?? readReference(plan, change, moment, { argument, type: FUNCTION });
}

function leadsTo(plan: Plan, route: Change, integration: Change, moment: Moment): boolean {
  const target = route[moment]?.target;
  if (typeof target === "string") return target === `integrations/${integration[moment]?.id ?? integration.before?.id}`;
  return moment === "after" && plan.refersTo(route, "target").includes(integration.address);
}

function permission(plan: Plan, app: App, api: string, moment: Moment): Link {
  const what = `${plan.names.of(api)} may invoke ${app.name}`;
  const arn = plan.at(api)?.[moment]?.execution_arn;
  const given = there(plan, moment, "aws_lambda_permission").filter(
    (change) =>
      readReference(plan, change, moment, { argument: "function_name", type: FUNCTION }) === app.address &&
      change[moment]?.principal === "apigateway.amazonaws.com",
  );
  const answers = given.map((change): Link["answer"] => {
    const source = change[moment]?.source_arn;
    if (moment === "after" && change.unknown.source_arn === true) {
      return plan.refersTo(change, "source_arn").includes(api) ? "open" : "unknown";
    }
    if (typeof source !== "string") return "open";
    return typeof arn !== "string" ? "unknown" : source.startsWith(arn) ? "open" : "closed";
  });
  if (answers.includes("open")) return open(what);
  if (answers.includes("unknown")) return { answer: "unknown", what };
  return { answer: "closed", what, why: `no permission lets it invoke ${app.name}` };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
function byFunctionUrl(plan: Plan, app: App, moment: Moment): Entrance[] {
  return there(plan, moment, "aws_lambda_function_url")
    .filter(
      (change) =>
        change[moment]?.authorization_type === "NONE" &&
        readReference(plan, change, moment, { argument: "function_name", type: FUNCTION }) === app.address,
    )
    .map((url) => ({
      at: url.address,
      visitors: EVERYBODY,
      links: [open(`${plan.names.of(url.address)} -> ${app.name}`, url.address)],
    }));
}

function byOwnAddress(plan: Plan, app: App, moment: Moment, network: Network): Entrance[] {
  const change = plan.at(app.address);
  if (change?.type !== "aws_instance") return [];
  const values = change[moment];
  const isGiven = there(plan, moment, "aws_eip", "aws_eip_association").some((eip) =>
    ["instance", "instance_id"].some(
      (argument) => readReference(plan, eip, moment, { argument, type: "aws_instance" }) === app.address,
    ),
  );
  const isPublic = isGiven || isTrue(values?.associate_public_ip_address) || texts(values?.public_ip).join("") !== "";
  if (!isPublic) return [];
  const visitors = network
    .findOpenings("ingress", app.groups)
    .filter(({ peer, ports: [from, to] }) => peer.includes("/") && !(from === to && ADMINISTRATION.includes(from)));
  const what = `visitors -> ${app.name}`;
  const admitted: Link =
    visitors.length > 0
      ? open(what)
      : network.knowsRules(app.groups) && app.groups.length > 0
        ? { answer: "closed", what, why: `no ingress rule of ${app.groups} lets visitors in` }
        : { answer: "unknown", what };
  return [{ at: app.address, visitors: visitors.map(({ peer }) => peer), links: [admitted, network.isPublic(app)] }];
}
