/**
 * Whether two texts may be the same: one known, one written with a reference to a resource, `${...}`, each of them a part of
 * an ARN at most. A policy variable such as `${aws:username}` is IAM's own and known.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function mayBeSame(one: string, other: string): boolean {
  return (isWritten(one) && buildPattern(one).test(other)) || (isWritten(other) && buildPattern(other).test(one));
}

const REFERENCE = /\$\{(?![a-zA-Z0-9-]+:|[*?$]\})[^}]*\}/;

function isWritten(text: string): boolean {
  return REFERENCE.test(text);
}

function buildPattern(written: string): RegExp {
  const parts = written.split(new RegExp(REFERENCE, "g")).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join('[^:/*"]+')}$`);
}
