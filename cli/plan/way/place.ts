import type { Change } from "../change";
import type { Moment, Plan } from "../plan";
import type { Link } from "./link";
import type { Network } from "./network";

/** A way of visitors to an app. */
export interface Entrance {
  /** Address of the load balancer, API, function URL or instance that they come to. */
  readonly at: string;
  /** Networks and groups that may enter. */
  readonly visitors: readonly string[];
  readonly links: readonly Link[];
}

/** A listener, or a rule of it, that sends requests to target groups. */
export interface Forwarder {
  readonly from: string;
  readonly listener: Change;
  /** The target group that gets its requests. */
  readonly group: string;
  readonly isKnown: boolean;
}

type ByAddress = ReadonlyMap<string | undefined, readonly Change[]>;

/** HTTP APIs and function URLs of a plan at one moment. */
export interface Apis {
  /** Integrations by the function that they invoke. */
  readonly integrations: ByAddress;
  /** Permissions of API Gateway by function. */
  readonly permissions: ByAddress;
  /** URLs without a login by function. */
  readonly urls: ByAddress;
  /** Addresses of the integrations that a route leads to. */
  readonly routed: ReadonlySet<string>;
  /** Addresses of the APIs that have a stage. */
  readonly staged: ReadonlySet<string | undefined>;
}

/** A plan at one moment, with what the ways of all apps go by. */
export interface Place {
  readonly plan: Plan;
  readonly moment: Moment;
  readonly network: Network;
  readonly apis: Apis;
  readonly forwarders: ReadonlyMap<string, readonly Forwarder[]>;
  /** Addresses of the instances that get an elastic IP address. */
  readonly withAddress: ReadonlySet<string | undefined>;
}
