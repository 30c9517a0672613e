import { checkIdentity } from "./account";
import { ok, skipped } from "./finding";
import { checkTerraform } from "./laptop/terraform";
import type { Section } from "./report";

/** Looks at the needs of a deploy of any program: Node.js, Terraform, and credentials that AWS knows. */
export async function examineTools(): Promise<Section[]> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = AWS_REGION || AWS_DEFAULT_REGION;
  const identity = region
    ? await checkIdentity(region)
    : skipped("identity", "AWS_REGION is not set: it names the region in which AWS is asked");
  const findings = [ok("node", process.versions.node), await checkTerraform()];
  return [
    { title: "this machine", findings },
    { title: "the account", findings: [identity] },
  ];
}
