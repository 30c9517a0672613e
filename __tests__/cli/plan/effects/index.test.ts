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
      "takes cluster mode back",
      change(group, { cluster_mode: "compatible" }, { cluster_mode: "disabled" }),
      "answers without cluster mode alone",
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
