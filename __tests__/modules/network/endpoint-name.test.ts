import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing } from "cdktf";
import { AwsService } from "../../../modules/network/aws-service";
import { findEndpointName } from "../../../modules/network/endpoint-name";

function listNames(region: string): string[] {
  const stack = new TerraformStack(Testing.app(), "s");
  new AwsProvider(stack, "aws", { region });
  return Object.values(AwsService).map((service) => findEndpointName(stack, service));
}

describe("the name of an endpoint", () => {
  it("begins in China with cn.com.amazonaws for the services that AWS names so there", () => {
    const names = listNames("cn-northwest-1");
    expect(names.filter((name) => name.startsWith("cn."))).toEqual(
      ["sts", "monitoring", "xray", "ecr.api", "ecr.dkr", "autoscaling"].map(
        (service) => `cn.com.amazonaws.cn-northwest-1.${service}`,
      ),
    );
    expect(names).toContain("com.amazonaws.cn-northwest-1.s3");
  });

  it.each(["ap-northeast-1", "us-gov-east-1", "me-central-1"])("begins with com.amazonaws in %s", (region) => {
    expect(listNames(region)).toEqual(Object.values(AwsService).map((service) => `com.amazonaws.${region}.${service}`));
  });
});
