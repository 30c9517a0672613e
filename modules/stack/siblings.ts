import { TerraformStack } from "cdktf";
import { ValidationError } from "../validation";

/** Finds another stack of the same app with a property. */
export function findSibling(
  stack: TerraformStack,
  isSought: (other: TerraformStack) => boolean,
): TerraformStack | undefined {
  return stack.node.root.node
    .findAll()
    .filter((node): node is TerraformStack => TerraformStack.isStack(node))
    .find((other) => other !== stack && isSought(other));
}

/**
 * cdktf names the folder of a stack by its id and not by its path: of two stacks with one id, in wrapper constructs, it writes
 * one and loses the other. A stack that comes later is found when the app is synthesized.
 *
 * @throws {ValidationError} when another stack of the app has the same id.
 * @see https://github.com/hashicorp/terraform-cdk/blob/v0.21.0/packages/cdktf/lib/manifest.ts
 */
export function checkStackId(stack: TerraformStack): void {
  const refusal = findTwin(stack);
  if (refusal !== undefined) throw refusal;
  stack.node.addValidation({ validate: () => [findTwin(stack)].flatMap((later) => later?.message ?? []) });
}

function findTwin(stack: TerraformStack): ValidationError | undefined {
  const { id } = stack.node;
  const twin = findSibling(stack, ({ node }) => node.id === id);
  if (twin === undefined) return undefined;
  return new ValidationError(stack, {
    what: "id of the stack",
    got: `${JSON.stringify(id)}, the id of ${twin.node.path} too`,
    allowed: "an id of its own for each stack of the app, since cdktf names the stack's folder by it",
    fix: `put the name of what is around it into the id, as in "tokyo-${id}"`,
  });
}
