import { Token } from "cdktf";
import { UserError } from "../../environment/user-error";
import { KNOWN_LATER } from "../validation";

/** TCP ports of a rule. */
export class Port {
  /**
   * One port.
   *
   * @param port - 1 to 65535; known at synth, because it is part of the rules' names.
   */
  static tcp(port: number): Port {
    return Port.tcpRange(port, port);
  }

  /**
   * All ports from `first` to `last`, both included.
   *
   * @throws when a bound is not a whole number from 1 to 65535, or the first is above the last.
   */
  static tcpRange(first: number, last: number): Port {
    const valid = (port: number) => Number.isInteger(port) && port >= 1 && port <= 65535;
    if (!valid(first) || !valid(last) || first > last) {
      const isToken = Token.isUnresolved(first) || Token.isUnresolved(last);
      const bounds = first === last ? first : `${first} to ${last}`;
      throw new UserError(
        `Port: got ${isToken ? KNOWN_LATER : bounds}, allowed: 1 to 65535, the first not above the last. ` +
          "Fix: give whole numbers that are known at synth.",
      );
    }
    return new Port(first, last);
  }

  private constructor(
    /** First port. */
    readonly first: number,
    /** Last port. */
    readonly last: number,
  ) {}

  /** The port as part of a rule's id. */
  toString(): string {
    return this.first === this.last ? `tcp-${this.first}` : `tcp-${this.first}-${this.last}`;
  }
}
