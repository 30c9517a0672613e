import { type Planned, risks } from "../planned";

const role: Planned = {
  address: "aws_iam_role.app",
  before: { id: "app", name: "app" },
  after: { id: "app", name: "app" },
};
const POLICY = "aws_iam_role_policy.read";
const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string | string[], Resource = "arn:aws:s3:::shop/*", more: object = {}) =>
  document({ Effect: "Allow", Action, Resource, ...more });
const trust = (Service: string, more: object = {}) =>
  document({ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole", ...more });
const onlyTls = document({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: {} } });
const policy = (before: string, after: string): Planned => ({
  address: POLICY,
  before: { role: "app", policy: before },
  after: { role: "app", policy: after },
});
const ref = (address: string) => `\${${address}}`;
/** A policy that is known only after apply, and how it is written. */
const written = (before: string, text: string): Planned => ({
  address: POLICY,
  before: { role: "app", policy: before },
  after: { role: "app" },
  unknown: { policy: true },
  written: { policy: text },
});
const bucket: Planned = { address: "aws_s3_bucket.shop", before: { id: "shop" }, after: { id: "shop" } };
const user = (before: string | undefined, after: string): Planned => ({
  address: "aws_elasticache_user.app",
  ...(before !== undefined && { before: { access_string: before } }),
  after: { access_string: after },
});
const GROUP = "aws_elasticache_replication_group.cache";
const managed = (arn: string) => ({
  address: "aws_iam_role_policy_attachment.one",
  after: { role: "app", policy_arn: arn },
});

describe("a role is widened by", () => {
  it.each<[what: string, planned: Planned, says: string]>([
    [
      "a policy",
      { address: POLICY, after: { role: "app", policy: allow("s3:GetObject") } },
      "aws_iam_role.app may s3:GetObject on arn:aws:s3:::shop/*",
    ],
    [
      "actions and resources of one statement, in one line",
      policy(document(), document({ Effect: "Allow", Action: ["s3:Get*", "s3:List*"], Resource: ["a", "b"] })),
      "aws_iam_role.app may s3:Get*, s3:List* on a, b",
    ],
    [
      "one action more",
      policy(allow("s3:GetObject"), allow(["s3:GetObject", "s3:PutObject"])),
      "aws_iam_role.app may s3:PutObject on arn:aws:s3:::shop/*",
    ],
    [
      "a wider resource",
      policy(allow("s3:GetObject"), allow("s3:GetObject", "*")),
      "aws_iam_role.app may s3:GetObject on everything",
    ],
    [
      "a condition that goes",
      policy(allow("s3:GetObject", "*", { Condition: { Bool: {} } }), allow("s3:GetObject", "*")),
      "aws_iam_role.app may s3:GetObject on everything",
    ],
    [
      "everything but an action",
      policy(document(), document({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
      "aws_iam_role.app may everything but iam:* on everything",
    ],
    [
      "a denial that goes",
      policy(document({ Effect: "Deny", Action: "s3:Delete*", Resource: "*" }), document()),
      "no longer denies: aws_iam_role.app may s3:Delete* on everything",
    ],
    [
      "a bucket's policy that goes, and its denial with it",
      { address: "aws_s3_bucket_policy.tls", before: { bucket: "shop", policy: onlyTls } },
      "no longer denies: aws_s3_bucket_policy.tls lets everybody s3:* on everything, under a condition",
    ],
    [
      "a policy of a resource",
      {
        address: "aws_sqs_queue_policy.open",
        after: { policy: document({ Effect: "Allow", Principal: "*", Action: "sqs:*" }) },
      },
      "aws_sqs_queue_policy.open lets everybody sqs:*",
    ],
    [
      "another one trusted",
      {
        address: "aws_iam_role.other",
        before: { name: "other", assume_role_policy: trust("ec2.amazonaws.com") },
        after: { name: "other", assume_role_policy: trust("lambda.amazonaws.com") },
      },
      "aws_iam_role.other may be taken on by lambda.amazonaws.com",
    ],
    [
      "a policy that is known only after apply",
      { address: "aws_iam_policy.one", after: {}, unknown: { policy: true }, refers: { policy: "aws_s3_bucket.shop" } },
      "aws_iam_policy.one is known only after apply: read it there",
    ],
    [
      "a managed policy",
      managed("arn:aws:iam::aws:policy/AdministratorAccess"),
      "aws_iam_role.app gets the policy AdministratorAccess",
    ],
    [
      "a managed policy of the role itself",
      {
        address: "aws_iam_role.other",
        before: { name: "other", managed_policy_arns: [] },
        after: { name: "other", managed_policy_arns: ["arn:aws:iam::123456789012:policy/mine"] },
      },
      "aws_iam_role.other gets the policy mine",
    ],
    [
      "a policy inside of the role",
      {
        address: "aws_iam_role.other",
        before: { name: "other", inline_policy: [{ policy: allow("s3:GetObject") }] },
        after: { name: "other", inline_policy: [{ policy: allow(["s3:GetObject", "s3:PutObject"]) }] },
      },
      "aws_iam_role.other may s3:PutObject on arn:aws:s3:::shop/*",
    ],
    [
      "a resource that is written as something quite unknown",
      written(allow("sqs:*", "arn:aws:sqs:eu-west-1:123456789012:jobs"), allow("sqs:*", ref("local.queue"))),
      `aws_iam_role.app may sqs:* on ${ref("local.queue")}`,
    ],
    [
      "a boundary that goes",
      { address: "aws_iam_role.other", before: { permissions_boundary: "arn" }, after: {} },
      "aws_iam_role.other loses its permissions boundary",
    ],
    [
      "a caller of a function",
      { address: "aws_lambda_permission.one", after: { function_name: "f", principal: "*" } },
      "f may be called by everybody",
    ],
    ["a Redis user", user(undefined, "on ~session:* +get"), "aws_elasticache_user.app may in Redis: ~session:* +get"],
    [
      "one command more in Redis",
      user("on ~a +get", "on ~a +get +keys"),
      "aws_elasticache_user.app may in Redis: +keys",
    ],
    [
      "one command less taken away in Redis",
      user("on +@all -keys", "on +@all"),
      "aws_elasticache_user.app may in Redis: no longer -keys",
    ],
    ["a Redis user who is switched on", user("off +get", "on +get"), "aws_elasticache_user.app may in Redis: +get"],
    [
      "a cache that asks for no login",
      { address: GROUP, before: { user_group_ids: ["users"] }, after: { user_group_ids: [] } },
      `${GROUP} accepts clients without a login`,
    ],
    ["a new cache that asks for no login", { address: GROUP, after: {} }, `${GROUP} accepts clients without a login`],
    [
      "a policy inside of a new role",
      { address: "aws_iam_role.other", after: { inline_policy: [{ policy: allow("s3:GetObject", "*") }] } },
      "aws_iam_role.other may s3:GetObject on everything",
    ],
    [
      "everybody but one",
      {
        address: "aws_sqs_queue_policy.open",
        after: { policy: document({ Effect: "Allow", NotPrincipal: { AWS: "1" }, Action: "sqs:*" }) },
      },
      'aws_sqs_queue_policy.open lets everybody but {"AWS":"1"} sqs:*',
    ],
    [
      "a denial that may be gone, for all one knows",
      {
        address: POLICY,
        before: { role: "app", policy: document({ Effect: "Deny", Action: "s3:*", Resource: "*" }) },
        after: { role: "app" },
        unknown: { policy: true },
        refers: { policy: "aws_s3_bucket.shop" },
      },
      `${POLICY} is known only after apply: read it there`,
    ],
  ])("%s", (_, planned, says) => {
    expect(risks("roles", role, bucket, planned)).toEqual([says]);
  });
});

it("what one role may already is new for another", () => {
  const [values, arn] = [{ policy: allow("s3:GetObject", "*") }, { policy_arn: "arn:aws:iam::aws:policy/One" }];
  const other: Planned = {
    ...role,
    address: "aws_iam_role.other",
    before: { name: "other" },
    after: { name: "other" },
  };
  const attachment = "aws_iam_role_policy_attachment";
  expect(
    risks(
      "roles",
      role,
      other,
      { address: POLICY, before: { role: "app", ...values }, after: { role: "app", ...values } },
      { address: "aws_iam_role_policy.other", after: { role: "other", ...values } },
      { address: `${attachment}.one`, before: { role: "app", ...arn }, after: { role: "app", ...arn } },
      { address: `${attachment}.two`, after: { role: "app", policy_arn: "arn:aws:iam::aws:policy/Two" } },
      { address: `${attachment}.other`, after: { role: "other", ...arn } },
    ),
  ).toEqual([
    "aws_iam_role.other may s3:GetObject on everything",
    "aws_iam_role.app gets the policy Two",
    "aws_iam_role.other gets the policy One",
  ]);
});

it("what a replacement left over counts for nothing", () => {
  const values = { role: "app", policy: allow("s3:GetObject", "*") };
  expect(
    risks("roles", role, { address: POLICY, before: values, deposed: "ab12cd34" }, { address: POLICY, after: values }),
  ).toEqual(["aws_iam_role.app may s3:GetObject on everything"]);
});

describe("no role is widened by", () => {
  it.each<[what: string, planned: readonly Planned[]]>([
    ["a policy that is written in another way", [policy(allow(["s3:GetObject"]), allow("s3:getobject"))]],
    ["fewer actions", [policy(allow("s3:*"), allow("s3:GetObject"))]],
    ["a narrower resource", [policy(allow("s3:GetObject"), allow("s3:GetObject", "arn:aws:s3:::shop/one"))]],
    [
      "a new condition",
      [policy(allow("s3:GetObject"), allow("s3:GetObject", "arn:aws:s3:::shop/*", { Condition: {} }))],
    ],
    ["a new denial", [policy(document(), document({ Effect: "Deny", Action: "*", Resource: "*" }))]],
    ["a policy that goes", [{ address: POLICY, before: { role: "app", policy: allow("s3:GetObject") } }]],
    [
      "a policy under another name",
      [
        { address: POLICY, before: { role: "app", policy: allow("s3:GetObject") } },
        { address: "aws_iam_role_policy.two", after: { role: "app", policy: allow("s3:GetObject") } },
      ],
    ],
    [
      "a bucket that goes with its policy",
      [
        { address: "aws_s3_bucket.other", before: { id: "other" } },
        { address: "aws_s3_bucket_policy.tls", before: { bucket: "other", policy: onlyTls } },
      ],
    ],
    [
      "a managed policy that is attached under another address",
      [{ address: "aws_iam_role_policy_attachment.two", before: { role: "app", policy_arn: "arn" } }, managed("arn")],
    ],
    [
      "an account that is known only after apply",
      [
        written(
          allow("sqs:*", "arn:aws:sqs:eu-west-1:123456789012:jobs", {
            Condition: { StringEquals: { a: "123456789012" } },
          }),
          allow("sqs:*", `arn:aws:sqs:eu-west-1:${ref("local.account")}:jobs`, {
            Condition: { StringEquals: { a: ref("local.account") } },
          }),
        ),
      ],
    ],
    [
      "a denial with an account that is known only after apply",
      [
        written(
          document({ Effect: "Deny", Action: "sqs:*", Resource: "arn:aws:sqs:eu-west-1:123456789012:jobs" }),
          document({ Effect: "Deny", Action: "sqs:*", Resource: `arn:aws:sqs:eu-west-1:${ref("local.account")}:jobs` }),
        ),
      ],
    ],
    [
      "the ARN of what is replaced",
      [
        { address: "aws_sqs_queue.jobs", before: { arn: "arn:jobs" }, after: {}, replacedFor: ["name"] },
        written(allow("sqs:*", "arn:jobs"), allow("sqs:*", ref("aws_sqs_queue.jobs.arn"))),
      ],
    ],
    [
      "a cache whose logins stay as strict as they were",
      [
        { address: GROUP, before: { user_group_ids: ["a"] }, after: { user_group_ids: ["b"] } },
        { address: `${GROUP}_new`, after: {}, refers: { user_group_ids: "aws_elasticache_user_group.b" } },
        { address: `${GROUP}_token`, after: { auth_token: "hunter2" } },
        { address: `${GROUP}_open`, before: { id: "open" }, after: { id: "open", node_type: "cache.t4g.small" } },
      ],
    ],
    ["fewer commands in Redis", [user("on ~a +get +keys", "on ~a +get"), user("on +get", "off")]],
  ])("%s", (_, planned) => {
    expect(risks("roles", role, bucket, ...planned)).toEqual([]);
  });
});
