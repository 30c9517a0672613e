import type { Certificate } from "../../programs/certificate";
import type { Way } from "../../programs/own-network";
import type { StrictAws } from "../aws-double/start";
import type { AwsFront } from "./aws-front";
import type { End, Paths } from "./paths";
import type { AppliedState } from "./state";

/** Something that clients reach by names: a cache. */
export interface Reachable {
  readonly end: End;
  readonly port: number;
  readonly ways: readonly Way[];
}

/** What a server of the applied state stands in. */
export interface Surroundings {
  readonly state: AppliedState;
  readonly paths: Paths;
  readonly double: StrictAws;
  readonly front: AwsFront;
  readonly caches: readonly Reachable[];
  readonly certificate: Certificate;
  /** To be told how to end something, as soon as it has begun: what does not come up must go too. */
  readonly opened: (close: () => Promise<void>) => void;
}

/**
 * What a server finds on its network: AWS, and the caches it is told of.
 *
 * @param told - its environment or user data, in which the names of its caches stand.
 * @throws {Closed} when it is told of a cache that nothing lets it reach.
 */
export function waysFrom(end: End, told: string, { paths, front, caches }: Surroundings): Way[] {
  const needed = caches.filter(({ ways }) => ways.some(({ host }) => told.includes(host)));
  for (const cache of needed) paths.assertOpen(end, cache.end, cache.port);
  return [...front.ways, ...needed.flatMap(({ ways }) => ways)];
}

/** Variables that stand for what a server has from AWS without being told: its role's credentials, Amazon's CA. */
export function givenByAws(end: End, role: string, { front }: Surroundings, ca: string): Record<string, string> {
  return { ...front.admit({ end, role }), NODE_EXTRA_CA_CERTS: ca, AWS_CA_BUNDLE: ca };
}
