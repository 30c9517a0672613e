import type { Certificate } from "../../programs/certificate";
import type { Way } from "../../programs/own-network";
import type { StrictAws } from "../aws-double/start";
import type { AwsFront } from "./aws-front";
import type { End, Paths } from "./paths";
import type { Permissions } from "./permissions";
import type { AppliedState } from "./state";

/** Something that clients reach by names: a cache. */
export interface Reachable {
  readonly end: End;
  readonly port: number;
  readonly ways: readonly Way[];
  /** The ARNs a role must be allowed to connect to, for a login as a user by IAM. */
  connectsTo?(userName: string): readonly string[];
}

/** The surroundings of a server of the applied state. */
export interface Surroundings {
  readonly state: AppliedState;
  readonly paths: Paths;
  readonly permissions: Permissions;
  readonly double: StrictAws;
  readonly front: AwsFront;
  readonly caches: readonly Reachable[];
  readonly certificate: Certificate;
  /** To be told how to end something, as soon as it has begun: what does not come up must go too. */
  readonly opened: (close: () => Promise<void>) => void;
}

/** A server, as far as it is on a network. */
interface OnNetwork {
  readonly end: End;
  readonly role: string;
  /** Its environment or user data, in which the names of its caches and users stand. */
  readonly told: string;
}

/**
 * The hosts that a server reaches on its network: AWS, and the caches in its environment.
 *
 * @throws {Closed} when no rule lets it reach a cache of its environment, or its role may not connect as its user.
 */
export async function waysFrom({ end, role, told }: OnNetwork, surroundings: Surroundings): Promise<Way[]> {
  const { state, paths, permissions, front, caches } = surroundings;
  const needed = caches.filter(({ ways }) => ways.some(({ host }) => told.includes(host)));
  const users = state.all("aws_elasticache_user").filter(({ user_name }) => told.includes(user_name));
  for (const { end: cache, port, connectsTo } of needed) {
    paths.assertOpen(end, cache, port);
    const resources = users.flatMap(({ user_name }) => connectsTo?.(user_name) ?? []);
    for (const resource of resources) await permissions.assertAllows(role, { action: "elasticache:Connect", resource });
  }
  return [...front.ways, ...needed.flatMap(({ ways }) => ways)];
}

/** Variables that stand for what a server has from AWS without being told: its role's credentials, Amazon's CA. */
export function givenByAws(end: End, role: string, { front }: Surroundings, ca: string): Record<string, string> {
  return { ...front.admit({ end, role }), NODE_EXTRA_CA_CERTS: ca, AWS_CA_BUNDLE: ca };
}
