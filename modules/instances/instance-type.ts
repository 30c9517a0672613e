import type { Construct } from "constructs";
import { refused } from "../refused";

/** Processor architectures, named as Amazon Linux names its images. */
export type Architecture = "arm64" | "x86_64";

/** A family, its generation, and what it is made of: `g` right behind the generation means Graviton, as in t4g or c7gn. */
const GRAVITON = /^(a1|[a-z]+\d+g[a-z]*)\./;
const INSTANCE_TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

/**
 * The architecture an instance type has, told by its name.
 *
 * @throws when it is no name of an instance type, or of one Amazon Linux does not run on.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(scope: Construct, instanceType: string): Architecture {
  if (!INSTANCE_TYPE.test(instanceType) || instanceType.startsWith("mac")) {
    throw refused(scope, {
      what: "instanceType",
      got: JSON.stringify(instanceType),
      allowed: "family.size of an instance type that runs Amazon Linux, known at synth",
      fix: `write it like "t4g.small"`,
    });
  }
  return GRAVITON.test(instanceType) ? "arm64" : "x86_64";
}
