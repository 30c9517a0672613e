import { isDeepStrictEqual } from "node:util";
import { block, isTrue } from "../../terraform/configuration";
import { type Change, ending } from "../change";
import { groupBy } from "../group-by";
import { oncePerPlan } from "../once-per-plan";
import type { Plan } from "../plan";
import {
  all,
  type Consequence,
  type Effect,
  each,
  effects,
  ended,
  interruption,
  interrupts,
  isUnknown,
  lowered,
  type Row,
  switchedOff,
  switchedOn,
  type TypeEffects,
  unjudged,
  when,
} from "./effect";
import { groupsSwapped } from "./groups";
import { leavesHost } from "./host-name";
import { type Action, LISTENERS, readActions, TARGET_GROUP } from "./listener-actions";
import { interruptOnRemoval } from "./lists";
import { nameTaken } from "./taken-name";
import { targetGroupTaken } from "./taken-target-group";

const RULES = ["aws_lb_listener_rule", "aws_alb_listener_rule"];
const GUIDE = "elasticloadbalancing/latest/application";

/** A listener or a rule that does something else with a request. */
const action =
  (argument: string): Effect =>
  (change, plan) => {
    const [was, is] = (["before", "after"] as const).map((moment) => readActions(change, plan, argument, moment));
    if (was === undefined || is === undefined) return undefined;
    return [
      ...answers(was, is),
      ...logins(was, is),
      ...otherTargets(change, plan, argument, was, is),
      ...cookies(was, is),
    ];
  };

const isLogin = ({ type }: Action) => type.startsWith("authenticate-");

function logins(was: readonly Action[], is: readonly Action[]): Consequence[] {
  if (was.some(isLogin) && !is.some(isLogin)) return [{ kind: "roles", what: "asks visitors for no login any more" }];
  if (!was.some(isLogin) && is.some(isLogin)) return [interruption("asks visitors for a login of its own")];
  return [];
}

function answers(was: readonly Action[], is: readonly Action[]): Consequence[] {
  const [from, to] = [was, is].map((actions) => actions.find((one) => !isLogin(one)));
  if (from === undefined || to === undefined) return [];
  if (from.type === to.type) {
    return isDeepStrictEqual(from.details, to.details) ? [] : [interruption(`answers by another ${to.type}`)];
  }
  return to.type === "redirect" || (from.type !== "forward" && to.type === "forward")
    ? []
    : [interruption(`answers by ${to.type} in place of ${from.type}: the app gets no requests`)];
}

function otherTargets(
  change: Change,
  plan: Plan,
  argument: string,
  was: readonly Action[],
  is: readonly Action[],
): Consequence[] {
  const [before, after] = [was, is].map((actions) => actions.flatMap(({ groups }) => groups));
  const unknown = plan.refersTo(change, argument).filter((address) => address.startsWith(`${TARGET_GROUP}.`));
  const sent = [
    ...(after ?? []),
    ...(JSON.stringify(change.unknown[argument] ?? null).includes("true") ? unknown : []),
  ];
  const gone = (before ?? []).filter((group) => !sent.includes(group));
  if (gone.length === 0 || sent.length === 0) return [];
  return [interruption(`no longer sends requests to ${gone.map((one) => plan.names.of(one)).join(", ")}`)];
}

/** This project's app names its cookie by the scheme: what was sent in plain text is no key to a site on https. */
function cookies(was: readonly Action[], is: readonly Action[]): Consequence[] {
  const [from, to] = [was[0]?.type, is[0]?.type];
  if (from === "forward" && to === "redirect") {
    return [
      {
        kind: "sessions",
        what: "sends visitors to https, where their cookie has another name (__Host-): everybody logs in once more",
      },
      interruption("redirects requests: a form that is sent meanwhile is refused"),
    ];
  }
  return from === "redirect" && to === "forward"
    ? [
        {
          kind: "sessions",
          what: "serves plain http, where visitors' cookie has another name: everybody logs in once more",
        },
      ]
    : [];
}

const CHECKED = ["path", "port", "protocol", "matcher", "enabled"];

/** Targets that answer otherwise than the check asks for get no requests. */
const healthCheck: Effect = ({ before, after, unknown }) => {
  if (unknown.health_check === true) return undefined;
  const [was, is] = [block(before?.health_check), block(after?.health_check)];
  const others = CHECKED.filter((name) => name in is && !isDeepStrictEqual(was[name] ?? null, is[name] ?? null));
  if (others.length === 0) return [];
  const what = others.map((name) => `${name} ${is[name]}`).join(", ");
  return [interruption(`checks targets otherwise (${what}): those that do not answer it get no requests`)];
};

const loadBalancer: Effect = (change) => [
  interruption(
    change.action === "replace"
      ? `${ending(change)}: its DNS name is another, and visitors are cut off until theirs points there`
      : `${ending(change)}: its clients get no answers`,
  ),
  ...(change.action === "replace" && isTrue(change.before?.internal) && change.after?.internal === false
    ? ([{ kind: "ports", what: "is on the internet, and was inside of the VPC alone" }] as const)
    : []),
];

const listener = effects(`${GUIDE}/load-balancer-listeners.html`, {
  destroyed: ended("its port does not answer any more"),
  replaced: all(ended("its port does not answer in between"), targetGroupTaken),
  changed: {
    ...each(["port", "protocol"], ({ before, after }) => [
      interruption(`answers at ${after?.protocol ?? ""} ${after?.port} in place of ${before?.port}`.replace("  ", " ")),
    ]),
    default_action: action("default_action"),
    ssl_policy: interrupts("takes other TLS versions and ciphers: visitors without those are refused"),
    certificate_arn: unjudged,
    mutual_authentication: interrupts("asks visitors for certificates otherwise"),
    tcp_idle_timeout_seconds: lowered("tcp_idle_timeout_seconds", interrupts("cuts idle connections earlier")),
  },
});

/** A rule that goes is missed where a listener, or another rule of it, sends its requests to other targets. */
const ruleEnds: Effect = (change, plan) => {
  const target = onlyTarget(readActions(change, plan, "action", "before"));
  const [listener] = LISTENERS.flatMap((type) => plan.targets(change, "listener_arn", "before", type)).flatMap(
    (address) => plan.at(address) ?? [],
  );
  const rules = listener === undefined ? [] : (findRulesByListener(plan).get(listener.address) ?? []);
  const left = [
    listener?.after === undefined || isUnknown(listener.unknown.default_action)
      ? []
      : readActions(listener, plan, "default_action", "after"),
    ...rules.map((one) => (isUnknown(one.unknown.action) ? [] : readActions(one, plan, "action", "after"))),
  ];
  const isKept = target !== undefined && left.every((actions) => onlyTarget(actions) === target);
  const what = `${ending(change)}: requests that it took go by another rule`;
  return [isKept ? { kind: "note", what: `${what}, to the same targets` } : interruption(what)];
};

/** Rules that are there after the plan, by the address of their listener. */
const findRulesByListener = oncePerPlan((plan) => {
  const rules = plan.of(...RULES).filter(({ after }) => after !== undefined);
  return groupBy(rules, (one) =>
    LISTENERS.flatMap((type) => plan.targets(one, "listener_arn", "after", type)).find((address) => plan.at(address)),
  );
});

/** The target group that gets all requests; undefined where there are several, or a login or another answer. */
function onlyTarget(actions: readonly Action[]): string | undefined {
  const groups = new Set(actions.flatMap((one) => one.groups));
  return groups.size === 1 && actions.every(({ type }) => type === "forward") ? [...groups][0] : undefined;
}

const rule = effects(`${GUIDE}/listener-update-rules.html`, {
  destroyed: ruleEnds,
  replaced: all(ended("requests that it took go by another rule in between"), targetGroupTaken),
  changed: {
    action: action("action"),
    condition: interrupts("takes other requests: those it took go by another rule"),
    priority: unjudged,
  },
});

const targetGroup = effects(`${GUIDE}/load-balancer-target-groups.html`, {
  destroyed: ended("its targets get no requests"),
  replaced: all(ended("targets register again, and get requests once they are healthy"), nameTaken),
  calm: [
    "deregistration_delay",
    "stickiness",
    "slow_start",
    "load_balancing_algorithm_type",
    "load_balancing_anomaly_mitigation",
    "connection_termination",
  ],
  changed: {
    health_check: healthCheck,
    // Off, each zone has its own targets alone, and their number is not in the plan:
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
    load_balancing_cross_zone_enabled: when(
      ({ after }) => after?.load_balancing_cross_zone_enabled === "false",
      unjudged,
    ),
  },
});

const balancer = effects(`${GUIDE}/application-load-balancers.html`, {
  destroyed: all(leavesHost("dns_name"), loadBalancer, nameTaken),
  calm: [
    "access_logs",
    "connection_logs",
    "enable_deletion_protection",
    "enable_http2",
    "client_keep_alive",
    "minimum_load_balancer_capacity",
  ],
  changed: {
    security_groups: groupsSwapped,
    subnets: interruptOnRemoval("subnets", "is no longer in", "aws_subnet"),
    idle_timeout: lowered("idle_timeout", interrupts("cuts idle connections earlier")),
    enable_waf_fail_open: switchedOn("enable_waf_fail_open", () => [
      { kind: "ports", what: "lets requests through where its firewall does not answer" },
    ]),
    enable_cross_zone_load_balancing: switchedOff("enable_cross_zone_load_balancing", unjudged),
    ip_address_type: unjudged,
  },
});

const ATTACHMENT: Row = {
  destroyed: ended("its target gets no requests"),
  replaced: ended("its target gets no requests in between"),
};
const attachment = effects(`${GUIDE}/target-group-register-targets.html`, ATTACHMENT);

/** Effects of changes to load balancers, listeners and target groups, by resource type. */
export const LOAD_BALANCING: Readonly<Record<string, TypeEffects>> = {
  aws_lb: balancer,
  aws_alb: balancer,
  aws_elb: effects("elasticloadbalancing/latest/classic/introduction.html", {
    destroyed: all(leavesHost("dns_name"), loadBalancer, nameTaken),
    calm: ["access_logs", "connection_draining", "connection_draining_timeout", "cross_zone_load_balancing"],
    changed: {
      security_groups: groupsSwapped,
      instances: interruptOnRemoval("instances", "no longer sends requests to", "aws_instance"),
      subnets: interruptOnRemoval("subnets", "is no longer in", "aws_subnet"),
      listener: interrupts("answers at other ports"),
      health_check: interrupts("checks instances otherwise: those that do not answer it get no requests"),
      idle_timeout: lowered("idle_timeout", interrupts("cuts idle connections earlier")),
    },
  }),
  aws_lb_listener: listener,
  aws_alb_listener: listener,
  aws_lb_listener_rule: rule,
  aws_alb_listener_rule: rule,
  aws_lb_target_group: targetGroup,
  aws_alb_target_group: targetGroup,
  aws_lb_target_group_attachment: attachment,
  aws_alb_target_group_attachment: attachment,
  aws_elb_attachment: effects("elasticloadbalancing/latest/classic/elb-deregister-register-instances.html", ATTACHMENT),
  aws_lb_listener_certificate: effects(`${GUIDE}/https-listener-certificates.html`, {
    destroyed: ended("browsers are shown the wrong certificate for its names"),
  }),
};
