import { Annotations } from "cdktf";
import type { SessionStack } from "../modules";
import { type Ipv4Block, parseCidr } from "../modules/connections/ipv4";
import type { Settings } from "../settings";

/**
 * Networks for documentation. No host on the internet has an address of theirs.
 * @see https://www.rfc-editor.org/rfc/rfc5737
 */
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"].map((cidr) => parseCidr(cidr) as Ipv4Block);

/** By id of a stack: the settings that let networks in, and where they are. */
const LET_IN: Readonly<
  Record<string, (settings: Settings) => readonly (readonly [key: string, cidrs: readonly string[] | undefined])[]>
> = {
  "session-ec2": ({ ec2 }) => [
    ["ec2.allowedCidrs", ec2.allowedCidrs],
    ["ec2.ssh.allowedCidrs", ec2.ssh?.allowedCidrs],
  ],
  "session-ecs": ({ ecs }) => [
    ["ecs.allowedCidrs", ecs?.allowedCidrs],
    ["ecs.ssh.allowedCidrs", ecs?.ssh?.allowedCidrs],
  ],
  "session-lambda": ({ lambda }) => [["lambda.allowedCidrs", lambda.allowedCidrs]],
};

/** Warns of settings that let in a network for documentation: the site would be up, and no visitor could open it. */
export function warnOfDocumentationNetworks(stack: SessionStack, settings: Settings): void {
  const { id } = stack.node;
  for (const [key, cidrs = []] of LET_IN[id]?.(settings) ?? []) {
    const left = cidrs.filter(isForDocumentation);
    if (left.length === 0) continue;
    Annotations.of(stack).addWarning(
      `${id}: ${key}: ${left.join(", ")} is a network for documentation (RFC 5737), in which no visitor has an address. ` +
        "Put your own network there: https://checkip.amazonaws.com shows your address; append /32",
    );
  }
}

function isForDocumentation(cidr: string): boolean {
  const block = parseCidr(cidr);
  if (block === undefined) return false;
  return DOCUMENTATION.some(
    ({ first, prefix }) => block.prefix >= prefix && block.first >= first && block.first < first + 2 ** (32 - prefix),
  );
}
