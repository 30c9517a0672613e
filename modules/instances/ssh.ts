import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { allowFromCidr, type Peer, Port } from "../connections";
import { checkText, listOf, type PropTypes, required, TEXT, ValidationError } from "../validation";

/**
 * Access by SSH. An SSH client connects through Session Manager, which needs no open port, or directly from the networks in `cidrs`.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-getting-started-enable-ssh-connections.html
 */
export interface SshAccess {
  /** Name of an EC2 key pair of the region. */
  readonly keyName: string;
  /**
   * IPv4 blocks that can connect to port 22, as in `203.0.113.7/32`. An instance in a private subnet is reached from networks with a route
   * to it, such as a VPN.
   * @default - none: port 22 is closed, and SSH goes through Session Manager
   */
  readonly cidrs?: readonly string[];
}

/** Types of the props of {@link SshAccess}. */
export const SSH_ACCESS: PropTypes<SshAccess> = {
  keyName: required(TEXT),
  cidrs: listOf(TEXT),
};

const SSH = Port.tcp(22);
/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateKeyPair.html */
const KEY_NAME = /^[\x20-\x7e]{1,255}$/;

/** @throws {ValidationError} when EC2 does not accept the key's name, or the list of blocks is empty. */
export function checkSsh(scope: Construct, ssh: SshAccess | undefined): void {
  checkText(scope, "ssh.keyName", ssh?.keyName, {
    pattern: KEY_NAME,
    allowed: "1 to 255 ASCII characters",
    fix: "give the name of a key pair as EC2 lists it",
  });
  if (ssh?.cidrs?.length !== 0) return;
  throw new ValidationError(scope, {
    what: "ssh.cidrs",
    got: "none",
    allowed: "at least one IPv4 block",
    fix: "give one, or leave cidrs out: SSH through Session Manager needs no port",
  });
}

/** Opens port 22 to the blocks of an access. */
export function allowSsh(to: Peer, { cidrs = [] }: Partial<SshAccess> = {}): ITerraformDependable[] {
  return cidrs.flatMap((cidr) => allowFromCidr(to, cidr, SSH, "SSH"));
}
