import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { SessionStack } from "../../../modules/stack";
import { findRegion } from "../../../modules/stack/region";

function stackIn(region: string): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "session-test");
  new AwsProvider(stack, "aws", { region });
  return stack;
}
const warnings = ({ node }: TerraformStack) => node.metadata.map(({ data }) => String(data));

describe("the region", () => {
  it.each(["ap-northeast-1", "eu-central-2", "mx-central-1", "us-west-2"])("takes %s in silence", (region) => {
    const stack = stackIn(region);
    expect(findRegion(stack)).toBe(region);
    expect(warnings(stack)).toEqual([]);
  });

  it.each(["eu-cental-1", "eu-central1", "eu_central_1", "Tokyo", "ap-northeast-1a", "EU-central-1"])(
    "refuses %s, which is misspelt",
    (region) => {
      expect(() => findRegion(stackIn(region))).toThrow(
        `session-test: region: got "${region}", allowed: an area of two letters, a direction and a number, as in eu-central-1. Fix: look for a spelling mistake.`,
      );
    },
  );

  it.each(["cn-north-1", "us-gov-west-1", "eusc-de-east-1"])("refuses %s of another partition", (region) => {
    expect(() => findRegion(stackIn(region))).toThrow(`region: got ${region}, allowed: a region of the partition aws`);
  });

  it("warns once of one it does not know, and takes it: AWS may have opened it since", () => {
    const stack = stackIn("sa-west-1");
    expect([findRegion(stack), findRegion(stack)]).toEqual(["sa-west-1", "sa-west-1"]);
    expect(warnings(stack)).toEqual([
      expect.stringContaining("session-test: region: sa-west-1 is none this version knows"),
    ]);
  });

  it("passes one that is known only after deployment", () => {
    const stack = new TerraformStack(Testing.app(), "session-test");
    const region = new TerraformVariable(stack, "region", {}).stringValue;
    new AwsProvider(stack, "aws", { region });
    expect(findRegion(stack)).toBe(region);
  });

  it("is looked at by the stack, and so is the state bucket's", () => {
    const make = (region: string, stateRegion?: string) => () =>
      new SessionStack(new App(), "s", {
        region,
        ...(stateRegion && {
          stateBucket: {
            name: "states",
            region: stateRegion,
            encryptionKey: { arn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
          },
        }),
      });
    expect(make("eu-cental-1")).toThrow('region: got "eu-cental-1"');
    expect(make("eu-west-1", "eu-wset-1")).toThrow('region: got "eu-wset-1"');
    expect(make("ap-northeast-1", "eu-west-1")).not.toThrow();
    expect(make("ap-northeast-1", "ap-northeast-1")).toThrow("key of the state bucket: got one of region eu-west-1");
  });
});
