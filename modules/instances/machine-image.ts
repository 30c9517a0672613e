import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import type { Construct } from "constructs";
import { type Architecture, parseArchitecture } from "./instance-type";

/** A machine image, named by the public SSM parameter with the id of its newest version. */
export interface MachineImage {
  /** Name of the parameter with the image's id. */
  readonly parameterOf: Readonly<Record<Architecture, string>>;
  /** Name of its root device. */
  readonly rootDevice: string;
  /** Size of the image on the root volume, in GiB. */
  readonly rootVolumeGib: number;
}

/** Images by name. */
export const MachineImages = {
  /** @see https://docs.aws.amazon.com/linux/al2023/ug/ec2.html#launch-via-aws-cli */
  AMAZON_LINUX_2023: {
    parameterOf: {
      arm64: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      x86_64: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    },
    rootDevice: "/dev/xvda",
    rootVolumeGib: 8,
  },
  /** With Docker and the agent of ECS. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html */
  ECS_AMAZON_LINUX_2023: {
    parameterOf: {
      arm64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
      x86_64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    },
    rootDevice: "/dev/xvda",
    rootVolumeGib: 30,
  },
} as const satisfies Record<string, MachineImage>;

/**
 * Reads the image's id for an instance type at the plan. It does not use `resolve:ssm:`, with which every plan replaces an instance
 * (hashicorp/terraform-provider-aws#43364), and a refresh of a group cannot be rolled back
 * (https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html).
 *
 * @throws when the instance type is malformed.
 */
export function lookUpImageId(scope: Construct, { parameterOf }: MachineImage, instanceType: string): string {
  return new DataAwsSsmParameter(scope, "image", { name: parameterOf[parseArchitecture(scope, instanceType)] })
    .insecureValue;
}
