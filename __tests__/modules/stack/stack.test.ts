import path from "node:path";
import { App, Testing } from "cdktf";
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
