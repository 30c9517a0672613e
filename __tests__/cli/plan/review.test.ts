import { readFileSync } from "node:fs";
import path from "node:path";
import { asMarkdown } from "../../../cli/plan/markdown";
import { readPlan } from "../../../cli/plan/read-plan";
import { hasFindings, review } from "../../../cli/plan/review";
import { asText } from "../../../cli/plan/text";
import { UserError } from "../../../environment";
import { type Planned, planJson } from "./planned";

const fixture = (name: string) => readFileSync(path.join(__dirname, "plans", name), "utf8");
/** A plan that Terraform made of a deployed stack, cut down; with the stack it was made from. */
const made = (name: string) => readPlan(fixture(`${name}.json`), fixture(`${name}.cdk.tf.json`));
const text = (...planned: readonly Planned[]) => asText(review(readPlan(planJson(...planned))));
const queue = (before: object, after: object, more: Partial<Planned> = {}): Planned => ({
  address: "aws_sqs_queue.jobs",
  before: { id: "jobs", ...before },
  after: { id: "jobs", ...after },
  ...more,
});

describe("a plan of Terraform's own", () => {
  it("is told by module, risks first", () => {
    expect(asText(review(made("edits")))).toMatchSnapshot();
  });

  it("is told as Markdown, the changes folded", () => {
    expect(asMarkdown(review(made("edits")))).toMatchSnapshot();
  });

  it("widens no role where a replaced cache has another ARN in the policies", () => {
    const { risks, counts } = review(made("another-key"));
    expect(counts).toEqual({ create: 0, update: 1, replace: 2, delete: 0, forget: 0 });
    expect(risks.roles).toEqual([]);
    expect(risks.sessions).toEqual([
      {
        address: "aws_elasticache_replication_group.redis_replication-group_5BD9E6FB",
        what: "redis/replication-group is replaced (kms_key_id): every session is lost",
      },
    ]);
  });

  it("counts what gets other tags alone, and says no more of it", () => {
    expect(asText(review(made("tags")))).toBe(
      "session-ec2: 3 with other tags alone\n\n" +
        "Looked at 3 changes for lost sessions, opened ports, wider roles and interruptions; 0 not judged.\n",
    );
  });
});

it("names newer minor versions of an engine, beside the risks", () => {
  const cache = { engine: "valkey", engine_version: "8.0" };
  const one = { address: "aws_elasticache_replication_group.one", before: cache, after: cache };
  const says = "aws_elasticache_replication_group.one runs valkey 8.0; newer minor versions: 8.1, 8.2";
  expect(text(one)).toContain(`\n\n${says}\n`);
  expect(asMarkdown(review(readPlan(planJson(one))))).toContain("newer minor versions: 8.1, 8.2");
  expect(text({ ...one, after: { ...cache, engine_version: "8.2" } })).not.toContain("newer");
});

function statement(...Action: string[]): string {
  return JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
}

describe("names", () => {
  const gone = "aws_sqs_queue.web_jobs_0A1B2C3D";
  const stack = (path: string) =>
    JSON.stringify({ resource: { aws_sqs_queue: { web_jobs_0A1B2C3D: { "//": { metadata: { path } } } } } });
  const plan = planJson({ address: gone, before: {} });

  it("are construct paths, of what is gone by the stack as it was before", () => {
    expect(review(readPlan(plan, '{"resource":{}}', stack("session-ec2/web/jobs"))).modules).toMatchObject([
      { name: "web", changes: [{ name: "jobs" }] },
    ]);
  });

  it("are addresses where no stack tells, in the module that the address begins with", () => {
    expect(review(readPlan(plan)).modules).toMatchObject([{ name: "web", changes: [{ name: gone }] }]);
  });

  it("keep Terraform's own modules apart", () => {
    const inside = { address: 'module.shop["a"].module.jobs.aws_sqs_queue.jobs[0]', after: {} };
    expect(review(readPlan(planJson(inside, { address: "aws_sqs_queue.jobs", after: {} }))).modules).toMatchObject([
      { name: 'module.shop["a"].module.jobs', changes: [{ name: "aws_sqs_queue.jobs[0]" }] },
      { name: "root module", changes: [{ name: "aws_sqs_queue.jobs" }] },
    ]);
  });
});

describe("a difference", () => {
  it.each<[what: string, planned: Planned, line: string]>([
    ["of a value", queue({ size: 1 }, { size: 2 }), "size: 1 -> 2"],
    ["that forces a replacement", queue({ a: 1 }, { a: 2 }, { replacedFor: ["a"] }), "a: 1 -> 2  (replaces it)"],
    ["in a block", queue({ disk: [{ gb: 8 }] }, { disk: [{ gb: 9 }] }), "disk.0.gb: 8 -> 9"],
    ["in a list", queue({ ids: ["a", "b"] }, { ids: ["b", "c"] }), "ids: -a +c"],
    ["in named blocks", queue({ p: [{ name: "a" }] }, { p: [{ name: "b" }, { name: "c" }] }), "p: -a +b +c"],
    ["in a document", queue({ body: '{"a":1}' }, { body: '{"a":2}' }), "body: another document"],
    ["in a long text", queue({ body: "x" }, { body: "y".repeat(100) }), "body: another value (long)"],
    [
      "in an access string",
      queue({ access_string: "on ~a:* +get +del" }, { access_string: "on ~a:* +get +keys" }),
      "access_string: -+del ++keys",
    ],
    [
      "in a policy",
      queue({ policy: statement("sqs:Send*", "sqs:Get*") }, { policy: statement("sqs:Send*") }),
      "policy: -(sqs:Get* on *)",
    ],
    ["in a block without arguments", queue({ action: [] }, { action: [{}] }), "action: 0 blocks go, 1 come"],
    [
      "in a script",
      queue({ user_data: "#!/bin/sh\na" }, { user_data: "#!/bin/sh\nb\nc" }),
      "user_data: another script: 1 lines go, 2 come",
    ],
    [
      "that is known after apply",
      queue({ to: "a" }, {}, { unknown: { to: true, arn: true }, refers: { to: "aws_sqs_queue.other" } }),
      "to: known after apply",
    ],
  ])("%s", (_, planned, line) => {
    const lines = text(planned).trim().split("\n");
    expect(lines.slice(lines.indexOf("root module") + 2, -2)).toEqual([`      ${line}`]);
  });

  it.each<[what: string, planned: Planned]>([
    [
      "the provider calls it sensitive",
      queue({ value: "hunter2" }, { value: "hunter3" }, { sensitive: { value: true } }),
    ],
    [
      "it is sensitive inside of a block",
      queue({ b: [{ v: "hunter2" }] }, { b: [{ v: "hunter3" }] }, { sensitive: { b: [{ v: true }] } }),
    ],
    ["its name is a secret's", queue({ auth_token: "hunter2" }, { auth_token: "hunter3" })],
    [
      "it is a variable of a secret's name",
      queue({ e: { DB_PASSWORD: "hunter2" } }, { e: { DB_PASSWORD: "hunter3" } }),
    ],
    ["it has a password in a URL", queue({ to: "redis://a:hunter2@b" }, { to: "redis://a:hunter3@b" })],
    ["it is in a list", queue({ to: ["redis://a:hunter2@b"] }, { to: ["redis://a:hunter3@b"] })],
    ["its name ends in PASS", queue({ e: { DB_PASS: "hunter2" } }, { e: { DB_PASS: "hunter3" } })],
    ["its name is a session's key", queue({ e: { SESSION_KEY: "hunter2" } }, { e: { SESSION_KEY: "hunter3" } })],
    ["its name is a signing key", queue({ e: { SIGNING_KEY: "hunter2" } }, { e: { SIGNING_KEY: "hunter3" } })],
    [
      "it is a variable of a function with any name",
      queue(
        { environment: [{ variables: { MODE: "hunter2" } }] },
        { environment: [{ variables: { MODE: "hunter3" } }] },
      ),
    ],
    ["it is a JSON Web Token", queue({ to: "eyJhbGciOiJI.eyJzdWIiOiJodW.hunter2" }, { to: "x" })],
    ["it is a token of GitHub", queue({ to: `ghp_hunter${"2".repeat(30)}` }, { to: "x" })],
    ["it is a password in an access string", queue({ access_string: "on >hunter2" }, { access_string: "on >hunter3" })],
    ["it is in a script", queue({ user_data: "#!/bin/sh\nA=hunter2" }, { user_data: "#!/bin/sh\nA=hunter3" })],
    ["it is in a document", queue({ body: '["hunter2"]' }, { body: '["hunter3"]' })],
  ])("is not shown when %s", (_, planned) => {
    const shown = `${text(planned)}${asMarkdown(review(readPlan(planJson(planned))))}`;
    expect(shown).toMatch(/another|masked/);
    expect(shown).not.toContain("hunter");
  });

  it("is none where a document or a list is only written in another way, or not set in another way", () => {
    const planned = queue({ body: '{"a":1,"b":2}', none: null }, { body: '{"b":2, "a":1}', none: "" });
    expect(text(planned)).toContain("  ~ aws_sqs_queue.jobs\n");
    expect(text(planned)).not.toMatch(/body:|none:/);
  });
});

describe("reading", () => {
  it.each<[what: string, json: string]>([
    ["no JSON", "{"],
    ["JSON of something else", "{}"],
    ["a synthesized stack", '{"resource":{}}'],
    ["the plan of a run that failed", JSON.stringify({ ...JSON.parse(planJson()), errored: true })],
    ["a plan of a Terraform to come", planJson(queue({}, {})).replace("no-op", "rejuvenate")],
  ])("refuses %s", (_, json) => {
    expect(() => readPlan(json)).toThrow(UserError);
  });

  it("takes a byte order mark before the plan", () => {
    expect(readPlan(`\uFEFF${planJson(queue({}, {}))}`).changes).toHaveLength(1);
  });

  it("refuses a stack that is no JSON beside the plan", () => {
    expect(() => readPlan(planJson(), "{")).toThrow(UserError);
  });
});

describe("what else a plan does", () => {
  it("tells many of one type as one", () => {
    const alarms = ["1", "2", "3", "4", "5"].map((name) => ({ address: `aws_sqs_queue.q${name}`, after: {} }));
    expect(text(...alarms)).toContain("  + aws_sqs_queue.q1 and 4 more\n");
  });

  it("says what a replacement left over", () => {
    expect(text({ address: "aws_lb.old", before: {}, deposed: "ab12cd34" })).toContain("  - aws_lb.old (left over)\n");
  });

  it("says that nothing changes", () => {
    expect(text(queue({}, {}))).toBe(
      "plan: nothing changes\n\n" +
        "Looked at 0 changes for lost sessions, opened ports, wider roles and interruptions; 0 not judged.\n",
    );
  });

  it("obeys no escape sequence of a value", () => {
    const shown = text(queue({ a: "x" }, { a: "\u001b[2Jred\u202e" }));
    expect(shown).toContain("a: x -> \uFFFD[2Jred\uFFFD");
  });

  it("lets no value write Markdown", () => {
    const shown = asMarkdown(review(readPlan(planJson(queue({ a: "x" }, { a: "`**<b>" })))));
    expect(shown).toContain("  - `a`: `` x -> `**<b> ``");
  });
});

describe("a change that no rule knows", () => {
  it.each<[what: string, planned: Planned, says: string]>([
    ["of a type", { address: "aws_mq_broker.one", before: {} }, "aws_mq_broker destroyed: aws_mq_broker.one"],
    ["of an argument", queue({ size: 1 }, { size: 2 }), "aws_sqs_queue changed (size): aws_sqs_queue.jobs"],
    ["of a new type", { address: "aws_mq_broker.one", after: {} }, "aws_mq_broker created: aws_mq_broker.one"],
  ])("%s is listed and counted", (_, planned, says) => {
    expect(text(planned)).toContain(`NOT JUDGED\n  ${says}\n`);
    expect(text(planned)).toMatch(/; 1 not judged\.\n$/);
    const reviewed = review(readPlan(planJson(planned)));
    expect(hasFindings(reviewed, ["unjudged"])).toBe(true);
    expect(hasFindings(reviewed, ["any"])).toBe(true);
    expect(hasFindings(reviewed, ["sessions", "ports", "roles", "interruptions"])).toBe(false);
  });

  it("is one that Terraform leaves for another plan, and a plan that is not complete", () => {
    const plan = {
      ...JSON.parse(planJson()),
      complete: false,
      deferred_changes: [
        { reason: "resource_config_unknown", resource_change: { address: "aws_lb.one", type: "aws_lb", change: {} } },
      ],
    };
    expect(review(readPlan(JSON.stringify(plan))).risks.unjudged.map(({ what }) => what)).toEqual([
      "aws_lb deferred to another plan (resource_config_unknown): aws_lb.one",
      "the plan is not complete: another one has to follow it",
    ]);
  });
});

describe("a plan after a deploy that was interrupted", () => {
  const address = "aws_elasticache_replication_group.cache";
  const group = { id: "shop", engine: "redis" };

  it("says of a tainted resource how to keep it", () => {
    const tainted = { address, before: group, after: group, replacedFor: [], reason: "replace_because_tainted" };
    expect(text(tainted)).toContain(
      `\n\n${address} is tainted: if AWS has finished it (npm run doctor), terraform untaint '${address}' keeps it\n\n`,
    );
    const shown = asMarkdown(review(readPlan(planJson(tainted))));
    expect(shown).toContain("terraform untaint 'aws\\_elasticache\\_replication\\_group.cache' keeps it");
    expect(text({ address, before: group, after: group, replacedFor: [] })).not.toContain("untaint");
  });

  it.each([
    ["as it is", group, "1 imported"],
    ["and changed", { ...group, engine: "valkey" }, "1 changed in place, 1 imported"],
  ])("counts and names a resource that is imported %s", (_, after, counts) => {
    const shown = text({ address, before: group, after, importing: "shop" });
    expect(shown).toMatch(new RegExp(`^plan: ${counts}\\n`));
    expect(shown).toContain(`\n${address} is imported: shop\n`);
  });
});

it("tells what was changed outside of Terraform, where the plan leaves it so", () => {
  const wide = { policy: statement("sqs:*") };
  const role = (more: Partial<Planned>): Planned => ({
    address: "aws_iam_role_policy.one",
    before: { role: "app", ...wide },
    after: { role: "app", ...wide },
    known: { policy: statement("sqs:Get*") },
    ...more,
  });
  const found = (planned: Planned) => review(readPlan(planJson(planned))).risks.roles.map(({ what }) => what);
  expect(found(role({}))).toEqual(["changed outside of Terraform: app may sqs:* on everything"]);
  expect(found(role({ after: { role: "app", policy: statement("sqs:Get*") } }))).toEqual([]);
});

it("reviews a plan of thousands of changes, each of them", () => {
  const document = statement("sqs:Get*", "sqs:Send*");
  const many = Array.from({ length: 2000 }, (_, n): Planned[] => [
    {
      address: `aws_iam_role_policy.p${n}`,
      before: { role: `r${n}`, policy: document },
      after: { role: `r${n}`, policy: statement("sqs:*") },
    },
    { address: `aws_security_group.g${n}`, before: { id: `sg-${n}` }, after: { id: `sg-${n}` } },
    {
      address: `aws_vpc_security_group_ingress_rule.i${n}`,
      after: { security_group_id: `sg-${n}`, ip_protocol: "tcp", from_port: 22, to_port: 22, cidr_ipv4: "10.0.0.0/8" },
    },
    { address: `aws_s3_object.o${n}`, before: { id: `object-${n}` } },
  ]).flat();
  const { risks } = review(readPlan(planJson(...many)));
  expect([risks.roles, risks.ports, risks.interruptions].map((found) => found.length)).toEqual([2000, 2000, 2000]);
});
