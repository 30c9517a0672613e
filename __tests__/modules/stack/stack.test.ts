import path from "node:path";
import { App, CloudBackend, HttpBackend, NamedCloudWorkspace, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { SessionStack, type SessionStackProps } from "../../../modules/stack";

const region = "ap-northeast-1";

function backend(props: Partial<SessionStackProps>, outdir = path.resolve("cdktf.out")) {
  const stack = new SessionStack(new App({ outdir }), "session-ec2", { region, ...props });
  return JSON.parse(Testing.synth(stack)).terraform.backend;
}

describe("a stack's state", () => {
  test("is a file beside cdktf.json, outside of what synthesis writes, by a relative path", () => {
    expect(backend({})).toEqual({ local: { path: "../../../terraform.session-ec2.tfstate" } });
    expect(backend({ stateFolder: "states" })).toEqual({
      local: { path: "../../../states/terraform.session-ec2.tfstate" },
    });
  });

  test("is another file in another environment", () => {
    expect(backend({ namePrefix: "shop-ec2" }).local.path).toBe("../../../terraform.shop-ec2.tfstate");
  });

  test("is an encrypted object with a lock file, when a bucket is named", () => {
    expect(backend({ stateBucket: { name: "states-of-ours" } })).toEqual({
      s3: {
        bucket: "states-of-ours",
        key: "session-ec2/session-ec2.tfstate",
        region,
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test("lies where and under which key one wants it", () => {
    const encryptionKey = { arn: "arn:aws:kms:eu-west-1:123456789012:key/k" };
    const stateBucket = { name: "states", region: "eu-west-1", keyPrefix: "team/shop", encryptionKey };
    expect(backend({ stateBucket }).s3).toMatchObject({
      key: "team/shop/session-ec2.tfstate",
      region: "eu-west-1",
      kms_key_id: encryptionKey.arn,
    });
  });

  test.each([
    {
      what: "a bucket S3 would not take",
      stateBucket: { name: "My Bucket" },
      says: /name of the state bucket: got "My/,
    },
    { what: "a prefix with a slash in front", stateBucket: { name: "states", keyPrefix: "/a" }, says: /got "\/a"/ },
    { what: "an empty prefix", stateBucket: { name: "states", keyPrefix: "" }, says: /Fix: write it like "team/ },
    { what: "a bucket known later", stateBucket: { name: "$" + "{aws_s3_bucket.b.id}" }, says: /known at synth/ },
  ])("cannot be $what", ({ stateBucket, says }) => {
    expect(() => backend({ stateBucket })).toThrow(says);
  });
});

describe("a backend of one's own", () => {
  const make = (props: Partial<SessionStackProps> = {}) => new SessionStack(new App(), "s", { region, ...props });

  test("takes the place of the file, whenever it is added", () => {
    const stack = make();
    expect(stack.stateFile).toBe("terraform.s.tfstate");
    new CloudBackend(stack, { organization: "example", workspaces: new NamedCloudWorkspace("sessions") });
    expect(stack.stateFile).toBeUndefined();
    expect(JSON.parse(Testing.synth(stack, true)).terraform).toMatchObject({
      cloud: { organization: "example", workspaces: { name: "sessions" } },
    });
    expect(JSON.parse(Testing.synth(stack)).terraform.backend).toBeUndefined();
  });

  test("is refused beside a state bucket", () => {
    const stack = make({ stateBucket: { name: "states" } });
    new HttpBackend(stack, { address: "https://states.example.com" });
    expect(() => Testing.synth(stack)).toThrow(
      "s: stateBucket: got states beside a HttpBackend, allowed: one place for the state. Fix: leave out stateBucket or the backend.",
    );
  });

  test("in S3 is of a region that is known at synth", () => {
    const later = "$" + "{TfToken[TOKEN.0]}";
    expect(() => make({ region: later, stateBucket: { name: "states" } })).toThrow(
      /region of the state bucket: got a value known only after deployment.*Fix: give stateBucket.region/,
    );
  });
});

test("the provider takes what Terraform's takes", () => {
  const providerSettings = {
    assumeRole: [{ roleArn: "arn:aws:iam::123456789012:role/deployer" }],
    ignoreTags: [{ keys: ["owner"] }],
    maxRetries: 10,
    retryMode: "adaptive",
  };
  const stack = new SessionStack(new App(), "s", { region, tags: { CostCenter: "4711" }, providerSettings });
  expect(JSON.parse(Testing.synth(stack)).provider.aws).toEqual([
    {
      region,
      assume_role: [{ role_arn: "arn:aws:iam::123456789012:role/deployer" }],
      default_tags: [{ tags: { CostCenter: "4711", Stack: "s" } }],
      ignore_tags: [{ keys: ["owner"] }],
      max_retries: 10,
      retry_mode: "adaptive",
    },
  ]);
});

describe("two stacks of an app", () => {
  test("have ids of their own, in wrapper constructs too: cdktf writes both into one folder otherwise", () => {
    const app = new App();
    new SessionStack(new Construct(app, "tokyo"), "sessions", { region });
    const osaka = new Construct(app, "osaka");
    expect(() => new SessionStack(osaka, "sessions", { region })).toThrow(
      'osaka/sessions: id of the stack: got "sessions", the id of tokyo/sessions too, allowed: an id of its own for each stack of the app, since cdktf names the stack\'s folder by it. Fix: put the name of what is around it into the id, as in "tokyo-sessions".',
    );
  });

  test("are refused when a plain stack comes later under an id that is taken", () => {
    const app = new App({ outdir: path.resolve("cdktf.out", "twins") });
    const stack = new SessionStack(app, "sessions", { region });
    new TerraformStack(new Construct(app, "other"), "sessions");
    expect(() => Testing.synth(stack, true)).toThrow('got "sessions", the id of other/sessions too');
  });

  test("do not share a state file", () => {
    const app = new App();
    const one = new SessionStack(app, "one", { region, namePrefix: "shop" });
    const two = new SessionStack(app, "two", { region, namePrefix: "shop" });
    expect(() => Testing.synth(one, true)).toThrow(
      "one: namePrefix: got terraform.shop.tfstate, the state file of the stack two too",
    );
    new HttpBackend(two, { address: "https://states.example.com" });
    expect(() => Testing.synth(one, true)).not.toThrow();
  });
});
