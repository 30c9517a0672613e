import type { Configuration } from "../terraform/configuration";
import type { Drawing, Place } from "./drawing";

/** The subnets of a stack. A public subnet has a route table with a route to an internet gateway. */
export class Subnets {
  readonly #public: ReadonlySet<string>;
  readonly #stack: Configuration;

  constructor(stack: Configuration) {
    this.#stack = stack;
    const leadsOut = stack.of("aws_route").filter((route) => route.refersTo("gateway_id").length > 0);
    const tables = leadsOut.flatMap((route) => route.refersTo("route_table_id"));
    const associations = stack.of("aws_route_table_association");
    const inPublic = associations.filter((its) =>
      its.refersTo("route_table_id").some((table) => tables.includes(table)),
    );
    this.#public = new Set(inPublic.flatMap((association) => association.refersTo("subnet_id")));
  }

  /** Place of a part that refers to these addresses; undefined if none is the address of a subnet. */
  findPlace(addresses: readonly string[]): Place | undefined {
    const subnets = addresses.filter((address) => address.startsWith("aws_subnet."));
    if (subnets.length === 0) return undefined;
    return subnets.every((subnet) => this.#public.has(subnet)) ? "public" : "private";
  }

  /** Titles of both kinds. */
  titles(): Drawing["subnets"] {
    return { public: this.#title("public"), private: this.#title("private") };
  }

  #title(place: keyof Drawing["subnets"]): string {
    const own = this.#stack
      .of("aws_subnet")
      .filter(({ address }) => this.#public.has(address) === (place === "public"));
    const zones = own.map(({ values }) => String(values.availability_zone).slice(-1)).sort();
    return `${place} subnets: ${zones.join(", ")}`;
  }
}
