import type { Construct } from "constructs";
import { ValidationError } from "../validation";

/** Processor architectures, named as Amazon Linux names its images. */
export type Architecture = "arm64" | "x86_64";

/** Family, generation and attributes. A `g` right after the generation means Graviton, as in t4g or c7gn. */
const GRAVITON = /^[a-z]+\d+g[a-z]*\./;
const INSTANCE_TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

/**
 * Types without Amazon Linux 2023: it needs ARMv8.2, which the first Graviton lacks, and Macs run macOS.
 * @see https://docs.aws.amazon.com/linux/al2023/ug/system-requirements.html
 */
const WITHOUT_AMAZON_LINUX = /^(a1|mac)/;
/**
 * Generations that do not support encrypted volumes.
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
 */
const WITHOUT_ENCRYPTION = /^(t1|m1|m2|c1|cc1|cc2|cg1|hs1)\./;
/** Types with half a GiB of memory: the kernel kills dnf there (amazonlinux/amazon-linux-2023#404). */
const TOO_SMALL = /\.nano$/;
/**
 * Types for which EC2 refuses the argument. Current generations are EBS-optimized with any value of it.
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-optimized.html
 */
const WITHOUT_EBS_OPTIMIZATION =
  /^(t2\..+|m3\.(medium|large)|c3\.(large|8xlarge)|r3\.(large|8xlarge)|cr1\.8xlarge|i2\.8xlarge|g2\.8xlarge)$/;

/** `ebs_optimized` of an instance or launch template: left out where EC2 refuses it. */
export function ebsOptimization(instanceType: string): true | undefined {
  return WITHOUT_EBS_OPTIMIZATION.test(instanceType) ? undefined : true;
}

/**
 * The architecture of an instance type, from its name.
 *
 * @throws when the name is malformed, or Amazon Linux with encrypted volumes does not run on the type.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function parseArchitecture(scope: Construct, instanceType: string): Architecture {
  if (!INSTANCE_TYPE.test(instanceType) || WITHOUT_AMAZON_LINUX.test(instanceType)) {
    throw new ValidationError(scope, {
      what: "instanceType",
      got: JSON.stringify(instanceType),
      allowed: "family.size of an instance type that runs Amazon Linux, known at synth",
      fix: `write it like "t4g.small"`,
    });
  }
  if (WITHOUT_ENCRYPTION.test(instanceType)) {
    throw new ValidationError(scope, {
      what: "instanceType",
      got: instanceType,
      allowed: "a generation that takes encrypted volumes",
      fix: `take a current one, like "t4g.small"`,
    });
  }
  if (TOO_SMALL.test(instanceType)) {
    throw new ValidationError(scope, {
      what: "instanceType",
      got: instanceType,
      allowed: "1 GiB of memory or more: with less, dnf is killed while it installs packages",
      fix: `take "${instanceType.replace(/nano$/, "micro")}" or larger`,
    });
  }
  return findArchitecture(instanceType);
}

/** The same for a name that is well-formed. */
export function findArchitecture(instanceType: string): Architecture {
  return GRAVITON.test(instanceType) ? "arm64" : "x86_64";
}
