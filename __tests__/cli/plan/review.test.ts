import { readFileSync } from "node:fs";
import path from "node:path";
import { asMarkdown } from "../../../cli/plan/markdown";
import { readPlan } from "../../../cli/plan/read-plan";
import { review } from "../../../cli/plan/review";
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
      "session-ec2: 3 with other tags alone\n\nLoses no session, opens no port, widens no role, interrupts nobody.\n",
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
    expect(lines.slice(lines.indexOf("root module") + 2)).toEqual([`      ${line}`]);
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
    ["it stands in a list", queue({ to: ["redis://a:hunter2@b"] }, { to: ["redis://a:hunter3@b"] })],
    ["it stands in a script", queue({ user_data: "#!/bin/sh\nA=hunter2" }, { user_data: "#!/bin/sh\nA=hunter3" })],
    ["it stands in a document", queue({ body: '["hunter2"]' }, { body: '["hunter3"]' })],
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
      "plan: nothing changes\n\nLoses no session, opens no port, widens no role, interrupts nobody.\n",
    );
  });

  it("lets no value write Markdown", () => {
    const shown = asMarkdown(review(readPlan(planJson(queue({ a: "x" }, { a: "`**<b>" })))));
    expect(shown).toContain("  - `a`: `` x -> `**<b> ``");
  });
});
