import { CircuitBreaker } from "../../circuit-breaker";
import { type Deadline, inTime } from "../../deadline";
import { CacheRefusal, isAway, STALE_MS } from "../cache";
import { type CommandOptions, Connection, type NodeAddress } from "./connection";

/** A connection, or an attempt to connect. */
interface Opened {
  readonly connection: Connection;
  readonly ready: Promise<void>;
}

/**
 * The link to one memcached node. It connects on first use, and again after each failure.
 *
 * A connection can die unnoticed while the function is frozen. If an open connection fails, the command is sent once more over a new one.
 * So a command may be sent twice.
 */
export class Link {
  readonly #address: NodeAddress;
  readonly #breaker = new CircuitBreaker(isAway);
  #opened: Opened | undefined;
  #answeredAt = 0;

  constructor(address: NodeAddress) {
    this.#address = address;
  }

  /**
   * @returns the node's answer, as the library parses it.
   * @throws {CacheRefusal} when the answer is an error; another error when there is no answer in time.
   */
  send(command: string, options: CommandOptions | undefined, deadline: Deadline): Promise<unknown> {
    return this.#breaker.run(async () => {
      const wasOpen = this.#opened !== undefined;
      const stale = wasOpen && Date.now() - this.#answeredAt > STALE_MS;
      try {
        return await this.#try(command, options, stale ? deadline.half() : deadline);
      } catch (error) {
        if (!wasOpen || error instanceof CacheRefusal || deadline.leftMs === 0) throw error;
        return await this.#try(command, options, deadline);
      }
    });
  }

  close(): void {
    this.#drop(this.#opened);
  }

  async #try(command: string, options: CommandOptions | undefined, deadline: Deadline): Promise<unknown> {
    this.#opened ??= this.#open();
    const opened = this.#opened;
    const { host, port } = this.#address;
    try {
      const answer = opened.ready.then(() => opened.connection.command(command, options) as Promise<unknown>);
      const said = await inTime(answer, deadline, `memcached at ${host}:${port}`);
      this.#answeredAt = Date.now();
      return said;
    } catch (error) {
      // After a failure, answers can no longer be matched to commands.
      this.#drop(opened);
      throw describe(error, `memcached at ${host}:${port}`);
    }
  }

  #open(): Opened {
    const connection = new Connection(this.#address);
    return { connection, ready: connection.connect() };
  }

  #drop(opened: Opened | undefined): void {
    if (opened === this.#opened) this.#opened = undefined;
    void opened?.connection.disconnect();
  }
}

/** Adds the node to an error. The library's error for an error answer of a node contains that answer alone. */
function describe(error: unknown, who: string): unknown {
  const { message = String(error), code } = error as NodeJS.ErrnoException;
  if (message.startsWith(who)) return error;
  const said = `${who}: ${message.trim() || code}`;
  if (/^(CLIENT_|SERVER_)?ERROR\b/.test(message)) return new CacheRefusal(said);
  return new Error(said, { cause: error });
}
