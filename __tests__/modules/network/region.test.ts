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

  it.each(["eusc-de-east-1", "us-iso-east-1", "us-isob-west-1", "eu-isoe-west-1"])(
    "refuses %s, whose partition has endpoints of other names",
    (region) => {
      const says = `region: got ${region}, allowed: a region of the partition aws, aws-cn (China) or aws-us-gov (GovCloud); endpoints`;
      expect(() => findRegion(stackIn(region))).toThrow(says);
    },
  );

  it("warns once of one it does not know, and takes it: AWS may have opened it since", () => {
    const stack = stackIn("sa-west-1");
    expect([findRegion(stack), findRegion(stack)]).toEqual(["sa-west-1", "sa-west-1"]);
    expect(warnings(stack)).toEqual([
      "session-test: region: sa-west-1 is not in this version's list of regions: look for a spelling mistake, unless AWS has opened it since; " +
        "it is refused by AWS provider 5.100: give the provider skipRegionValidation: true.",
    ]);
  });

  it("warns of one that the provider of its program refuses", () => {
    const stack = stackIn("ap-southeast-6");
    findRegion(stack);
    expect(warnings(stack)).toEqual([expect.stringContaining("give the provider skipRegionValidation: true")]);
    const open = new TerraformStack(Testing.app(), "open");
    new AwsProvider(open, "aws", { region: "ap-southeast-6", skipRegionValidation: true });
    findRegion(open);
    expect(warnings(open)).toEqual([]);
  });

  it("passes one that is known at the plan, and has its partition looked up once", () => {
    const stack = new TerraformStack(Testing.app(), "session-test");
    const region = new TerraformVariable(stack, "region", {}).stringValue;
    new AwsProvider(stack, "aws", { region });
    expect([findRegion(stack), findRegion(stack)]).toEqual([region, region]);
    expect(Object.values(JSON.parse(Testing.synth(stack)).data.aws_partition)).toHaveLength(1);
  });

  it.each([
    { region: "ap-southeast-6", provider: true, backend: true },
    { region: "ap-east-2", provider: undefined, backend: true },
    { region: "me-central-1", provider: undefined, backend: undefined },
    { region: "cn-north-1", provider: undefined, backend: undefined },
  ])("$region of a SessionStack passes a provider and a backend that are older", ({ region, provider, backend }) => {
    const json = JSON.parse(
      Testing.synth(new SessionStack(new App(), "s", { region, stateBucket: { name: "states" } })),
    );
    expect(json.provider.aws[0].skip_region_validation).toBe(provider);
    expect(json.terraform.backend.s3.skip_region_validation).toBe(backend);
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
