import { readPlan } from "../../../../cli/plan/read-plan";
import { compareWays } from "../../../../cli/plan/way/compare";
import { combineLinks } from "../../../../cli/plan/way/link";
import { walk } from "../../../../cli/plan/way/ways";
import { planJson, risks } from "../planned";
import { ecs, edited, fleet, instance, lambda, planned, type Stack, without } from "./stacks";

const STACKS = { ecs: ecs(), fleet: fleet(), instance: instance(), lambda: lambda() };
type Topology = keyof typeof STACKS;

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
const plan = (before: Stack, after: Stack) => readPlan(planJson(...planned(before, after)));
const ways = (before: Stack, after: Stack) => {
  const { cut, opened } = compareWays(plan(before, after));
  return { cut: cut.map(({ what }) => what), opened: opened.map(({ what }) => what) };
};
const NOTHING = { cut: [], opened: [] };

describe.each(Object.entries(STACKS))("the way of %s", (_, stack) => {
  it("is open from the visitors to the sessions", () => {
    const [walked] = [...walk(plan(stack, stack), "after").values()];
    expect(walked?.entrances.map(({ visitors, links }) => [visitors, combineLinks(links)])).toEqual([
      [["0.0.0.0/0"], "open"],
    ]);
    expect(walked?.listCaches().map((cache) => combineLinks(walked.linksTo(cache) ?? []))).toEqual(["open"]);
  });

  it("stays where nothing changes", () => {
    expect(ways(stack, stack)).toEqual(NOTHING);
  });
});

const SERVICE = "aws_ecs_service.web";
const FUNCTION = "aws_lambda_function.web";
const CACHE = "aws_elasticache_replication_group.cache";
const ROLE = "no policy of aws_iam_role.app allows elasticache:Connect";

describe("a way is cut", () => {
  const links: readonly (readonly [topology: Topology, link: string, says: string])[] = [
    ["ecs", `${INGRESS}.visitors`, "visitors -> aws_lb.alb, port 80: no ingress rule"],
    ["ecs", "aws_route.public", "no route leads to an internet gateway"],
    ["ecs", "aws_lb_listener.http", "no more aws_lb.alb -> aws_lb_listener.http"],
    ["ecs", `${EGRESS}.web`, `aws_lb.alb -> ${SERVICE}, port 5000: no egress rule`],
    ["ecs", `${INGRESS}.web`, `aws_lb.alb -> ${SERVICE}, port 5000: no ingress rule`],
    ["ecs", `${EGRESS}.cache`, `${SERVICE} -> ${CACHE}, port 6379: no egress rule`],
    ["ecs", `${INGRESS}.cache`, `${SERVICE} -> ${CACHE}, port 6379: no ingress rule`],
    ["ecs", "aws_iam_role_policy.connect", ROLE],
    ["fleet", `${INGRESS}.visitors`, "visitors -> aws_lb.alb, port 80: no ingress rule"],
    ["fleet", "aws_lb_listener.http", "no more aws_lb.alb -> aws_lb_listener.http"],
    ["fleet", `${INGRESS}.web`, "aws_lb.alb -> aws_autoscaling_group.web, port 8080: no ingress rule"],
    ["fleet", `${INGRESS}.cache`, `aws_autoscaling_group.web -> ${CACHE}, port 6379: no ingress rule`],
    ["fleet", "aws_iam_role_policy.connect", ROLE],
    ["instance", `${INGRESS}.visitors`, "visitors -> aws_instance.web: no ingress rule"],
    ["instance", "aws_route.public", "no route leads to an internet gateway"],
    ["instance", `${EGRESS}.cache`, `aws_instance.web -> ${CACHE}, port 6379: no egress rule`],
    ["instance", "aws_iam_role_policy.connect", ROLE],
    ["lambda", "aws_apigatewayv2_stage.default", "the API has no stage"],
    ["lambda", "aws_apigatewayv2_route.default", "no route leads there"],
    ["lambda", "aws_apigatewayv2_integration.web", `no more aws_apigatewayv2_integration.web -> ${FUNCTION}`],
    ["lambda", "aws_lambda_permission.api", `no permission lets it invoke ${FUNCTION}`],
    ["lambda", `${INGRESS}.cache`, "port 6379: no ingress rule"],
    ["lambda", "aws_iam_role_policy.connect", ROLE],
  ];
  it.each(links)("of %s without %s", (topology, link, says) => {
    const stack = STACKS[topology];
    expect(ways(stack, without(stack, link))).toEqual({ cut: [expect.stringContaining(says)], opened: [] });
  });

  const edits: readonly (readonly [what: string, topology: Topology, address: string, values: object, says: string])[] =
    [
      [
        "the user is switched off",
        "ecs",
        "aws_elasticache_user.app",
        { access_string: "off ~* +@all" },
        "is switched off",
      ],
      ["a command is missing", "ecs", "aws_elasticache_user.app", { access_string: "on ~* +get" }, "may not send"],
      ["the user leaves its group", "ecs", "aws_elasticache_user_group.users", { user_ids: [] }, "have no users"],
      [
        "a rule sends requests elsewhere",
        "ecs",
        "aws_lb_listener.http",
        { default_action: [{ type: "forward", forward: [{ target_group: [{ arn: "targets", weight: 0 }] }] }] },
        "no more aws_lb_listener.http -> aws_lb_target_group.web",
      ],
      [
        "the function leaves its group",
        "lambda",
        FUNCTION,
        { vpc_config: [{ security_group_ids: ["sg-cache"], subnet_ids: [] }] },
        "port 6379: no egress rule of aws_security_group.cache",
      ],
      ["the function has another role", "lambda", "aws_iam_role_policy.connect", { role: "another" }, ROLE],
      ["the instance has no public address", "instance", "aws_instance.web", { public_ip: "" }, "no more visitors"],
    ];
  it.each(edits)("where %s", (_, topology, address, values, says) => {
    const stack = STACKS[topology];
    expect(ways(stack, edited(stack, address, { ...values })).cut).toEqual([expect.stringContaining(says)]);
  });
});

describe("a way is cut by changes of which none takes a link away", () => {
  const combinations: readonly (readonly [what: string, after: Stack, says: readonly string[]])[] = [
    [
      "the cache gets another port than its rules",
      edited(STACKS.ecs, CACHE, { port: 6380 }),
      [`${SERVICE} -> ${CACHE}, port 6380: no egress rule`],
    ],
    [
      "the service is in a new group that the rules of the others do not have",
      edited({ ...STACKS.ecs, "aws_security_group.new": { id: "sg-new" } }, SERVICE, {
        network_configuration: [{ security_groups: ["sg-new"], subnets: ["subnet-private"] }],
      }),
      [
        `aws_lb.alb -> ${SERVICE}, port 5000: no egress rule`,
        `${SERVICE} -> ${CACHE}, port 6379: no egress rule of aws_security_group.new`,
      ],
    ],
    [
      "the tasks answer at another port than their rules",
      edited(STACKS.ecs, SERVICE, {
        load_balancer: [{ target_group_arn: "targets", container_name: "app", container_port: 5001 }],
      }),
      [`aws_lb.alb -> ${SERVICE}, port 5001: no egress rule`],
    ],
    [
      "the load balancer moves to subnets without a gateway",
      edited(
        {
          ...STACKS.ecs,
          "aws_route_table.private": { id: "rtb-private" },
          "aws_route_table_association.private": {
            ...{ id: "b", subnet_id: "subnet-private", route_table_id: "rtb-private" },
          },
        },
        "aws_lb.alb",
        { subnets: ["subnet-private"] },
      ),
      ["no route leads to an internet gateway"],
    ],
  ];
  it.each(combinations)("where %s", (_, after, says) => {
    const { cut } = ways(STACKS.ecs, after);
    expect(cut).toEqual(says.map((one) => expect.stringContaining(one)));
  });
});

describe("a way is not cut", () => {
  const SECOND = "aws_lb_listener.second";
  const second = { id: "second", arn: "second", load_balancer_arn: "alb", port: 80 };
  const twice: Stack = {
    ...STACKS.ecs,
    [SECOND]: { ...second, default_action: [{ type: "forward", target_group_arn: "targets" }] },
    [`${INGRESS}.again`]: STACKS.ecs[`${INGRESS}.cache`] ?? {},
  };

  it.each([["aws_lb_listener.http"], [SECOND], [`${INGRESS}.again`], [`${INGRESS}.cache`]])(
    "without %s while a second one leads there",
    (link) => expect(ways(twice, without(twice, link))).toEqual(NOTHING),
  );

  it("where a reference leads to a variable, which may be any resource", () => {
    const after = edited(STACKS.ecs, CACHE, { port: 6380 });
    const changes = planned(STACKS.ecs, after).map((one) =>
      one.address === SERVICE
        ? { ...one, unknown: { network_configuration: true }, refers: { network_configuration: "var.network" } }
        : one,
    );
    expect(compareWays(readPlan(planJson(...changes)))).toEqual(NOTHING);
  });

  it.each<[what: string, topology: Topology, link: string]>([
    ["a port", "ecs", "aws_ecs_task_definition.web"],
    ["a group", "fleet", "aws_launch_template.web"],
  ])("where the plan does not tell %s of the app any more", (_, topology, link) => {
    expect(ways(STACKS[topology], without(STACKS[topology], link))).toEqual(NOTHING);
  });

  it("where its target group is not in the plan", () => {
    const after = edited(STACKS.ecs, SERVICE, {
      load_balancer: [{ target_group_arn: "arn:of-another-stack", container_name: "app", container_port: 5000 }],
    });
    expect(ways(STACKS.ecs, after)).toEqual(NOTHING);
  });
});

describe("a link that is on no way from a visitor to the cache", () => {
  const OTHER = "aws_elasticache_replication_group.other";
  const other = { ...STACKS.instance[CACHE], id: "other", primary_endpoint_address: "master.other.example.com" };
  const others: Stack = {
    "aws_security_group.other": { id: "sg-other" },
    [OTHER]: { ...other, security_group_ids: ["sg-other"] },
    [`${INGRESS}.other`]: { ...STACKS.instance[`${INGRESS}.cache`], security_group_id: "sg-other" },
    [`${EGRESS}.other`]: { ...STACKS.instance[`${EGRESS}.cache`], referenced_security_group_id: "sg-other" },
  };
  const NO_RULE = "port 6379: no ingress rule of";

  it("cuts nothing where another cache is the one that the app uses", () => {
    const before = { ...STACKS.ecs, ...others };
    expect(ways(before, without(before, `${INGRESS}.other`))).toEqual(NOTHING);
  });

  it("cuts nothing where the plan does not tell which of two caches the app uses, and one of them stays", () => {
    const before = { ...STACKS.instance, ...others };
    expect(ways(before, without(before, `${INGRESS}.other`))).toEqual(NOTHING);
    expect(ways(before, without(before, `${INGRESS}.other`, `${INGRESS}.cache`)).cut).toEqual([
      expect.stringContaining(`aws_security_group.cache lets it in`),
      expect.stringContaining(`aws_security_group.other lets it in`),
    ]);
  });

  it("cuts nothing where no visitor reaches the app, before the plan and after it", () => {
    const worker = without(STACKS.ecs, "aws_lb_listener.http");
    expect(ways(worker, without(worker, `${INGRESS}.cache`))).toEqual(NOTHING);
  });

  it("cuts where visitors may reach the app by an entrance that the walk does not follow", () => {
    const before = { ...without(STACKS.ecs, "aws_lb_listener.http"), "aws_elb.classic": { id: "classic" } };
    expect(ways(before, without(before, `${INGRESS}.cache`)).cut).toEqual([expect.stringContaining(NO_RULE)]);
  });

  it("is not named in the place of the one that goes", () => {
    const closed = { id: "closed", arn: "closed", load_balancer_arn: "alb", port: 8080 };
    const actions = { default_action: STACKS.ecs["aws_lb_listener.http"]?.default_action };
    const before: Stack = { "aws_lb_listener.closed": { ...closed, ...actions }, ...STACKS.ecs };
    expect(ways(before, without(before, "aws_lb_listener.http")).cut).toEqual([
      expect.stringContaining("no more aws_lb.alb -> aws_lb_listener.http"),
    ]);
  });
});

describe("a listener rule that is destroyed", () => {
  const RULE = "aws_lb_listener_rule.path";
  const rule = (arn: string) => ({
    id: "rule",
    listener_arn: "http",
    action: [{ type: "forward", target_group_arn: arn }],
  });
  const destroyed = (arn: string) => {
    const before: Stack = { ...STACKS.ecs, [RULE]: rule(arn), "aws_lb_target_group.other": { id: "o", arn: "o" } };
    return planned(before, without(before, RULE));
  };

  it("interrupts nothing where the listener sends its requests to the same targets", () => {
    expect(risks("interruptions", ...destroyed("targets"))).toEqual([]);
    expect(risks("notes", ...destroyed("targets"))).toEqual([
      `${RULE} is destroyed: requests that it took go by another rule, to the same targets`,
    ]);
  });

  it("interrupts where its requests go to other targets", () => {
    expect(risks("interruptions", ...destroyed("o"))).toEqual([
      `${RULE} is destroyed: requests that it took go by another rule`,
    ]);
  });
});

describe("a way is opened", () => {
  it("to visitors whom a rule lets in first", () => {
    const before = edited(STACKS.ecs, `${INGRESS}.visitors`, { cidr_ipv4: "10.0.0.0/8" });
    const more: Stack = { ...before, [`${INGRESS}.more`]: STACKS.ecs[`${INGRESS}.visitors`] ?? {} };
    expect(ways(before, more)).toEqual({ cut: [], opened: [`opens ${SERVICE} to 0.0.0.0/0`] });
  });

  it("by a listener at a port that its rules had opened before", () => {
    const closed = without(STACKS.ecs, "aws_lb_listener.http");
    expect(risks("ports", ...planned(closed, STACKS.ecs))).toEqual([`opens ${SERVICE} to 0.0.0.0/0`]);
  });
});
