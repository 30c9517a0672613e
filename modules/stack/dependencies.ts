import { type ITerraformDependable, TerraformStack } from "cdktf";
import { Construct } from "constructs";

/**
 * The `dependsOn` of a resource below a construct. Terraform's `depends_on` takes resources of the same configuration only:
 * for a resource of another stack, cdktf writes a reference to a remote state, and Terraform reports "Invalid depends_on
 * reference". So for a dependable of another stack, the construct's stack depends on that stack, which is then deployed first.
 *
 * @returns the dependables of the construct's own stack, in the same order.
 * @throws when the other stack already depends on the construct's.
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on
 */
export function dependOn(construct: Construct, dependables: Iterable<ITerraformDependable>): ITerraformDependable[] {
  const stack = TerraformStack.of(construct);
  return [...dependables].filter((dependable) => {
    if (!Construct.isConstruct(dependable)) return true;
    const other = TerraformStack.of(dependable);
    if (other === stack) return true;
    stack.addDependency(other);
    return false;
  });
}
