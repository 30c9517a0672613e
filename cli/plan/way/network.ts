import { texts } from "../../terraform/configuration";
import { groupBy } from "../group-by";
import type { Moment, Plan } from "../plan";
import { byGroup, holds, type Opening, openings } from "../risks/opening";
import { type Route, routes, tablesOfSubnets } from "../risks/routes";
import type { Answer, Link } from "./link";

const KNOWN_LATER = "known after apply";

/** One end of a connection. */
export interface End {
  /** For people. */
  readonly name: string;
  /** Its security groups: addresses, ids where they are not in the plan. */
  readonly groups: readonly string[];
  /** The subnets it may be in. */
  readonly subnets: readonly string[];
}

/** The security groups and routes of a plan at one moment. */
export class Network {
  readonly #isWhole: boolean;
  readonly #plan: Plan;
  readonly #moment: Moment;
  readonly #openings: ReadonlyMap<string, readonly Opening[]>;
  readonly #routes: ReadonlyMap<string, readonly Route[]>;
  readonly #tables: ReturnType<typeof tablesOfSubnets>;

  /** @param isWhole - no rule, group or subnet is outside of the plan. @default false */
  constructor(plan: Plan, moment: Moment, { isWhole = false } = {}) {
    this.#isWhole = isWhole;
    this.#plan = plan;
    this.#moment = moment;
    this.#openings = byGroup(openings(plan, moment));
    this.#routes = groupBy(routes(plan, moment).values(), ({ table }) => table);
    this.#tables = tablesOfSubnets(plan, moment);
  }

  /** A connection over TCP: it must go out at the one end and come in at the other. */
  connects(from: End, to: End, port: number): Link {
    const what = `${from.name} -> ${to.name}, port ${port}`;
    const out = this.#lets("egress", from, to, port);
    if (out === "closed") return { answer: out, what, why: `no egress rule of ${from.groups} lets it out` };
    const into = this.#lets("ingress", to, from, port);
    if (into === "closed") return { answer: into, what, why: `no ingress rule of ${to.groups} lets it in` };
    return { answer: out === "open" ? into : out, what };
  }

  /** Visitors come in at a port: from anywhere it is open to, or from one network. */
  admits(visitors: string, to: End, port: number, network?: string): Link {
    const what = `${visitors} -> ${to.name}, port ${port}`;
    const peers = this.findVisitors(to, port);
    if (peers.some((peer) => network === undefined || holds(peer, network))) return { answer: "open", what };
    const isTold = this.#isWhole || (to.groups.length > 0 && this.knowsRules(to.groups));
    return isTold
      ? { answer: "closed", what, why: `no ingress rule of ${to.groups} lets it in` }
      : { answer: "unknown", what };
  }

  /** Peers that rules let in at a port: networks, and groups. */
  findVisitors({ groups }: End, port: number): readonly string[] {
    return this.findOpenings("ingress", groups, port).map(({ peer }) => peer);
  }

  /** Connections that the rules of some groups let through; at one port over TCP, where one is given. */
  findOpenings(direction: Opening["direction"], groups: readonly string[], port?: number): readonly Opening[] {
    const all = groups.flatMap((group) => this.#openings.get(group) ?? []);
    return all.filter(
      (one) =>
        one.direction === direction &&
        (port === undefined ||
          (["all", "tcp", "6"].includes(one.protocol) && one.ports[0] <= port && port <= one.ports[1])),
    );
  }

  /** Whether the rules of each of these groups are in the plan. */
  knowsRules(groups: readonly string[]): boolean {
    return groups.every((group) => this.#openings.has(group) || this.#plan.at(group)?.[this.#moment] !== undefined);
  }

  /** The route table of a subnet; undefined where it has none of its own. */
  findTable(subnet: string | undefined): string | undefined {
    return subnet === undefined ? undefined : this.#tables.get(subnet)?.table;
  }

  /** Routes to all addresses, from a subnet. */
  routesOut(subnet: string | undefined): readonly Route[] {
    const table = this.findTable(subnet);
    const all = table === undefined ? undefined : this.#routes.get(table);
    return (all ?? []).filter(({ destination }) => destination === "0.0.0.0/0");
  }

  /** Answers come back to visitors on the internet by an internet gateway. */
  isPublic({ name, subnets }: End): Link {
    const what = `the internet -> the subnets of ${name}`;
    const answers = subnets.map((subnet): Answer => {
      if (this.findTable(subnet) === undefined) return "unknown";
      const out = this.routesOut(subnet);
      return out.some((one) => one.isInternetGateway && this.#isThere(one.target)) ? "open" : "closed";
    });
    if (answers.length > 0 && answers.every((one) => one === "closed")) {
      return { answer: "closed", what, why: "no route leads to an internet gateway" };
    }
    // The main route table of a VPC, and one that is not in the plan, are as they were.
    return { answer: "open", what };
  }

  #isThere(address: string): boolean {
    const change = this.#plan.at(address);
    return change === undefined || change[this.#moment] !== undefined;
  }

  #lets(direction: Opening["direction"], end: End, other: End, port: number): Answer {
    const peers = this.findOpenings(direction, end.groups, port).map(({ peer }) => peer);
    const networks = other.subnets.map((subnet) => this.#findNetwork(subnet));
    const isMet = (peer: string) => {
      if (other.groups.includes(peer)) return true;
      const isWithin = (network: string | undefined) => network !== undefined && holds(peer, network);
      return peer === "0.0.0.0/0" || (networks.length > 0 && networks.every(isWithin));
    };
    if (peers.some(isMet)) return "open";
    if (this.#isWhole) return "closed";
    const isUnknown =
      end.groups.length === 0 ||
      other.groups.length === 0 ||
      !this.knowsRules(end.groups) ||
      peers.some((peer) => peer === KNOWN_LATER || (peer.includes("/") && networks.includes(undefined)));
    return isUnknown ? "unknown" : "closed";
  }

  #findNetwork(subnet: string): string | undefined {
    const values = this.#plan.at(subnet)?.[this.#moment];
    return texts(values?.cidr_block)[0];
  }
}
