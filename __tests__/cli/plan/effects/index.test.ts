import { EFFECTS } from "../../../../cli/plan/effects";
import { type Planned, risks } from "../planned";

type Values = Readonly<Record<string, unknown>>;

const change = (type: string, before: Values, after: Values): Planned => ({ address: `${type}.it`, before, after });

describe("a change in place", () => {
  const group = "aws_elasticache_replication_group";
  const table = "aws_dynamodb_table";
  const interruptions: readonly (readonly [what: string, planned: Planned, says: string])[] = [
    [
      "takes older passwords away",
      change(
        group,
        { auth_token: "newest", auth_token_update_strategy: "ROTATE" },
        { auth_token: "newest", auth_token_update_strategy: "SET" },
      ),
      "takes the passwords before its newest one away",
    ],
    [
      "switches a user off, whose connections AWS keeps",
      change("aws_elasticache_user", { access_string: "on ~* +@all" }, { access_string: "off ~* +@all" }),
      "it can't log in any more, and open connections alone stay",
    ],
    [
      "provisions a table that was on demand",
      change(table, { billing_mode: "PAY_PER_REQUEST" }, { billing_mode: "PROVISIONED", read_capacity: 5 }),
      "takes the requests of its capacity alone (PROVISIONED)",
    ],
    [
      "switches backups of a database on",
      change("aws_db_instance", { backup_retention_period: 0 }, { backup_retention_period: 7 }),
      "is down while backups are switched on",
    ],
    [
      "switches backups of a database off",
      change("aws_db_instance", { backup_retention_period: 7 }, { backup_retention_period: 0 }),
      "is down while backups are switched off",
    ],
    [
      "keeps messages for less long",
      change("aws_sqs_queue", { message_retention_seconds: 86_400 }, { message_retention_seconds: 60 }),
      "keeps messages for less long: those that are older are lost",
    ],
    [
      "takes routes of a VPN gateway away",
      change("aws_route_table", { propagating_vgws: ["vgw-office"] }, { propagating_vgws: [] }),
      "has no more routes of vgw-office",
    ],
    [
      "gives up the IPv6 addresses of a VPC",
      change("aws_vpc", { assign_generated_ipv6_cidr_block: true }, { assign_generated_ipv6_cidr_block: false }),
      "gives up its IPv6 addresses",
    ],
    [
      "gives no IPv6 address to new instances",
      change("aws_subnet", { assign_ipv6_address_on_creation: true }, { assign_ipv6_address_on_creation: false }),
      "gives no IPv6 address to new instances",
    ],
    [
      "takes a replica of a secret away",
      change(
        "aws_secretsmanager_secret",
        { replica: [{ region: "eu-west-1" }, { region: "us-east-1" }] },
        { replica: [{ region: "us-east-1" }] },
      ),
      "has no replica in eu-west-1 any more: what reads it there fails",
    ],
  ];
  it.each(interruptions)("%s", (_, planned, says) => {
    expect(risks("interruptions", planned)).toEqual([expect.stringContaining(says)]);
  });

  it.each<[what: string, planned: Planned]>([
    [
      "keeps the password before",
      change(
        group,
        { auth_token: "newest", auth_token_update_strategy: "SET" },
        { auth_token: "newest", auth_token_update_strategy: "ROTATE" },
      ),
    ],
    ["pays by request", change(table, { billing_mode: "PROVISIONED" }, { billing_mode: "PAY_PER_REQUEST" })],
    [
      "keeps backups for more days",
      change("aws_db_instance", { backup_retention_period: 1 }, { backup_retention_period: 7 }),
    ],
  ])("interrupts nothing where it %s", (_, planned) => {
    expect(risks("interruptions", planned)).toEqual([]);
    expect(risks("unjudged", planned)).toEqual([]);
  });

  it.each<[argument: string, planned: Planned]>([
    ["health_check_type", change("aws_autoscaling_group", { health_check_type: "EC2" }, { health_check_type: "ELB" })],
    [
      "load_balancing_cross_zone_enabled",
      change(
        "aws_lb_target_group",
        { load_balancing_cross_zone_enabled: "use_load_balancer_configuration" },
        { load_balancing_cross_zone_enabled: "false" },
      ),
    ],
    [
      "enable_cross_zone_load_balancing",
      change("aws_lb", { enable_cross_zone_load_balancing: true }, { enable_cross_zone_load_balancing: false }),
    ],
    [
      "ephemeral_storage",
      change("aws_lambda_function", { ephemeral_storage: [{ size: 2048 }] }, { ephemeral_storage: [{ size: 512 }] }),
    ],
  ])("is not judged where its effect depends on what the plan does not tell: %s", (argument, planned) => {
    const type = planned.address.replace(".it", "");
    expect(risks("unjudged", planned)).toEqual([`${type} changed (${argument}): ${planned.address}`]);
  });

  it("is not judged where a database takes other parameters at its next reboot", () => {
    const planned = change("aws_db_instance", { parameter_group_name: "a" }, { parameter_group_name: "b" });
    expect(risks("unjudged", planned)).toEqual(["aws_db_instance changed (parameter_group_name): aws_db_instance.it"]);
  });
});

describe("a resource that is destroyed", () => {
  it.each([
    ["aws_api_gateway_resource", "requests for it get 403"],
    ["aws_apigatewayv2_integration", "requests for it fail"],
    ["aws_apigatewayv2_vpc_link", "requests by it fail"],
    ["aws_lb_target_group", "its targets get no requests"],
  ])("of type %s", (type, says) => {
    expect(risks("interruptions", { address: `${type}.it`, before: { id: "it" } })).toEqual([
      `${type}.it is destroyed: ${says}`,
    ]);
  });
});

describe("the source of a row", () => {
  it.each([
    ["aws_api_gateway_stage", "apigateway/latest/developerguide/set-up-stages.html"],
    ["aws_sqs_queue_policy", "AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html"],
    ["aws_xray_sampling_rule", "xray/latest/api/API_UpdateSamplingRule.html"],
  ])("of %s is the page of its own service", (type, page) => {
    expect(EFFECTS[type]?.source).toBe(`https://docs.aws.amazon.com/${page}`);
  });
});
