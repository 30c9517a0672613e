import { createHash } from "node:crypto";
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { ArtifactBucket, type ArtifactBucketProps, ArtifactFile } from "../../../modules/artifact";
import { Synthesized, synthesize } from "../../synthesized";
import { smallBundle } from "./small-bundle";

const CONTENT = 'console.log("hello");\n';
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

function withFile(stack: TerraformStack, file = smallBundle(CONTENT), props: ArtifactBucketProps = {}): ArtifactFile {
  const bucket = new ArtifactBucket(stack, "artifacts", props);
  return new ArtifactFile(stack, "bundle", { bucket, path: file });
}

describe("creates valid Terraform", () => {
  it("matches the snapshot", () => {
    expect(synthesize((stack) => withFile(stack)).resources()).toMatchSnapshot();
  });

  it("keeps the bucket private, encrypted, versioned and free of ACLs", () => {
    const s = synthesize((stack) => withFile(stack));
    expect(s.the("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(s.the("aws_s3_bucket_ownership_controls").rule.object_ownership).toBe("BucketOwnerEnforced");
    expect(s.the("aws_s3_bucket_versioning").versioning_configuration.status).toBe("Enabled");
    const [rule] = s.the("aws_s3_bucket_server_side_encryption_configuration").rule;
    expect(rule.apply_server_side_encryption_by_default.sse_algorithm).toBe("AES256");
  });

  it("refuses plain http on the bucket and on what it holds", () => {
    const policy = JSON.parse(synthesize((stack) => withFile(stack)).the("aws_s3_bucket_policy").policy);
    const denied = (resource: RegExp) => ({
      Sid: expect.any(String),
      Effect: "Deny",
      Principal: "*",
      Action: expect.stringMatching(/^s3:\*$/i),
      Resource: expect.stringMatching(resource),
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    expect(policy.Statement).toEqual([denied(/\.arn}$/), denied(/\.arn}\/\*$/)]);
  });

  it("ends unfinished uploads and old versions", () => {
    const s = synthesize((stack) => withFile(stack, undefined, { noncurrentDays: 7 }));
    expect(s.the("aws_s3_bucket_lifecycle_configuration").rule[0]).toMatchObject({
      abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
      noncurrent_version_expiration: [{ noncurrent_days: 7 }],
    });
  });

  it.each([
    { props: {}, expected: true },
    { props: { forceDestroy: false }, expected: false },
  ])("goes with its content: $props", ({ props, expected }) => {
    expect(synthesize((stack) => withFile(stack, undefined, props)).the("aws_s3_bucket").force_destroy).toBe(expected);
  });

  it("names the key by the content and puts the new file up before the old one goes", () => {
    const object = synthesize((stack) => withFile(stack)).the("aws_s3_object");
    expect(object.key).toBe(`${SHA256}/session-app.js`);
    expect(object.source).toMatch(new RegExp(`^assets/bundle_asset_[0-9A-F]{8}/${SHA256}/session-app\\.js$`));
    expect(object.lifecycle).toEqual({ create_before_destroy: true });
  });

  it("puts the notices that are beside the file under the same prefix, and notices another content of them", () => {
    const withNotices = (notices: string) => {
      const file = smallBundle(CONTENT);
      writeFileSync(file.replace(/js$/, "THIRD-PARTY-NOTICES.txt"), notices);
      return synthesize((stack) => withFile(stack, file)).at("aws_s3_object", "bundle_notices");
    };
    const mit = withNotices("MIT");
    expect(mit.key).toBe(`${SHA256}/THIRD-PARTY-NOTICES.txt`);
    expect(mit.source).toMatch(/^assets\/bundle_notices-asset_.*\/session-app\.THIRD-PARTY-NOTICES\.txt$/);
    expect(mit.source_hash).not.toBe(withNotices("ISC").source_hash);
  });

  it("waits with the file until the bucket is protected", () => {
    const { depends_on } = synthesize((stack) => withFile(stack)).the("aws_s3_object");
    expect(depends_on).toEqual([
      expect.stringMatching(/^aws_s3_bucket_versioning\./),
      expect.stringMatching(/^aws_s3_bucket_policy\./),
    ]);
  });

  it("lets a role read exactly that file, by any version of it", () => {
    const s = synthesize((stack) => {
      const role = new IamRole(stack, "role", { assumeRolePolicy: "{}" });
      withFile(stack).grantRead(role);
    });
    expect(JSON.parse(s.the("aws_iam_role_policy").policy).Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:GetObjectVersion"],
        Resource: `\${aws_s3_bucket.${Object.keys(s.all("aws_s3_bucket"))[0]}.arn}/*/session-app.js`,
      },
    ]);
  });

  it("gives one role several files, and one file to several roles", () => {
    const s = synthesize((stack) => {
      const bucket = new ArtifactBucket(stack, "artifacts");
      const roles = ["a", "b"].map((id) => new IamRole(stack, id, { assumeRolePolicy: "{}" }));
      for (const id of ["one", "two"]) {
        const file = new ArtifactFile(stack, id, { bucket, path: smallBundle(id) });
        for (const role of roles) file.grantRead(role);
      }
    });
    expect(Object.keys(s.all("aws_iam_role_policy"))).toHaveLength(4);
  });

  it("synthesizes the same bytes wherever the file lies and whenever it was written", () => {
    const elsewhere = smallBundle(CONTENT);
    utimesSync(elsewhere, 1, 1);
    expect(synthesize((stack) => withFile(stack, elsewhere)).text).toBe(synthesize((stack) => withFile(stack)).text);
  });

  it("copies the file's bytes beside the JSON, where the JSON says", () => {
    const app = Testing.app();
    const stack = new TerraformStack(app, "session-test");
    new AwsProvider(stack, "aws", { region: "ap-northeast-1" });
    withFile(stack);
    const folder = path.join(Testing.fullSynth(stack), "stacks", "session-test");
    const { source } = new Synthesized(readFileSync(path.join(folder, "cdk.tf.json"), "utf8")).the("aws_s3_object");
    expect(readFileSync(path.join(folder, source), "utf8")).toBe(CONTENT);
  });

  it("changes key and source with the content, and nothing else", () => {
    const before = synthesize((stack) => withFile(stack));
    const after = synthesize((stack) => withFile(stack, smallBundle("other")));
    const other = createHash("sha256").update("other").digest("hex");
    expect(after.text).toBe(before.text.replaceAll(SHA256, other));
    expect(after.text).not.toBe(before.text);
  });
});

describe("refuses", () => {
  it.each([
    {
      what: "a missing file",
      build: (stack: TerraformStack) => withFile(stack, "/nowhere/app.js"),
      message:
        "session-test/bundle: path: got /nowhere/app.js (ENOENT), allowed: a file that can be read. Fix: check the path.",
    },
    {
      what: "a folder",
      build: (stack: TerraformStack) => withFile(stack, path.dirname(smallBundle())),
      message: /path: got .* \(EISDIR\), allowed: a file that can be read/,
    },
    {
      what: "a file name that a shell would read otherwise",
      build: (stack: TerraformStack) => withFile(stack, smallBundle("", "my app.js")),
      message: /file name: got "my app\.js", allowed: letters, digits, dots/,
    },
    {
      what: "no days",
      build: (stack: TerraformStack) => withFile(stack, undefined, { noncurrentDays: 0 }),
      message: /noncurrentDays: got 0, allowed: a whole number of days, at least 1/,
    },
    {
      what: "half a day",
      build: (stack: TerraformStack) => withFile(stack, undefined, { noncurrentDays: 1.5 }),
      message: /noncurrentDays: got 1.5/,
    },
    {
      what: "a bucket name S3 does not take",
      build: (stack: TerraformStack) => new ArtifactBucket(stack, "under_score"),
      message: /bucket name prefix: got "session-test-under_score-", allowed: letters, digits and hyphens/,
    },
  ])("$what", ({ build, message }) => {
    expect(() => synthesize(build)).toThrow(message);
  });
});
