import type { Sample } from "../../programs/load";

/** Between two looks at the clock. Milliseconds. */
const LOOK_MS = 50;
/** So much later than it should be, a look is a stall. Milliseconds. */
const STALL_MS = 500;

/**
 * When this process stood still. Visitors, their load balancer and the network are in it: a request that was under way
 * meanwhile tells of this machine, and not of the stack.
 */
export class Stalls {
  readonly #found: { readonly from: number; readonly to: number }[] = [];
  readonly #looking: NodeJS.Timeout;
  #last = performance.now();

  constructor() {
    this.#looking = setInterval(() => this.look(performance.now()), LOOK_MS);
  }

  /** @param now - as of `performance.now()`. */
  look(now: number): void {
    if (now - this.#last > LOOK_MS + STALL_MS) this.#found.push({ from: this.#last, to: now });
    this.#last = now;
  }

  /** Whether a request was under way in one. */
  cover({ start, end }: Pick<Sample, "start" | "end">): boolean {
    return this.#found.some(({ from, to }) => start < to && end > from);
  }

  stop(): void {
    clearInterval(this.#looking);
  }
}
