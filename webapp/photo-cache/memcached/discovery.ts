import type { Logger } from "pino";
import { CircuitBreaker } from "../../circuit-breaker";
import type { Deadline } from "../../deadline";
import { type CacheNode, CacheRefusal, type CacheReport, isAway } from "../cache";
import { type ClusterConfiguration, parseClusterConfiguration } from "./cluster-configuration";
import type { CommandOptions, NodeAddress } from "./connection";
import { Link } from "./link";

/** Interval between reads of the list, as in AWS' own clients, and the pause after a failure. Milliseconds. */
const POLL_MS = 60_000;
const AFTER_FAILURE_MS = 5000;
const OLDER_KEY = "AmazonElastiCache:cluster";

/** A command that returns the list, and a parser of its answer. */
interface Question {
  readonly command: string;
  readonly options: CommandOptions;
  readPayload(answer: unknown): string | undefined;
}

/** The commands of engine 1.4.14 and later, and of older ones, in which the list is the value of a key. */
const QUESTIONS: readonly Question[] = [
  {
    command: "config get cluster",
    options: { isConfig: true },
    readPayload: (answer) => (answer as string[] | undefined)?.join(""),
  },
  {
    command: `get ${OLDER_KEY}`,
    options: { isMultiline: true, requestedKeys: [OLDER_KEY] },
    readPayload: (answer) => (answer as { values?: string[] }).values?.[0],
  },
];

/**
 * The nodes behind a configuration endpoint. The list is read on demand, when the last answer is a minute old, because a timer would not
 * run while the function is frozen. After an unusable answer, the last good list stays in use.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoDiscovery.html
 */
export class Discovery {
  readonly #endpoint: NodeAddress;
  readonly #log: Logger;
  readonly #pollMs: number;
  readonly #breaker = new CircuitBreaker(isAway);
  #known: (ClusterConfiguration & { readonly command: string }) | undefined;
  #question: Question | undefined;
  #askAt = 0;
  #askedAt = 0;
  #asking: Promise<void> | undefined;
  #failure: string | undefined;
  /** Whether a node of the list did not answer: the list may be outdated. */
  #doubted = false;

  /** @param pollMs - maximum age of a list, in milliseconds. @default a minute */
  constructor(endpoint: NodeAddress, log: Logger, pollMs = POLL_MS) {
    this.#endpoint = endpoint;
    this.#log = log;
    this.#pollMs = pollMs;
  }

  /** @throws when there is no list, and none can be read. */
  async nodes(deadline: Deadline): Promise<readonly CacheNode[]> {
    if (this.#known === undefined) await this.#breaker.run(() => this.#askOnce(deadline));
    // With a list in use, half of the time is left for the command that needs it.
    else if (performance.now() >= this.#askAt) await this.#askOnce(deadline.half());
    return this.#known?.nodes ?? [];
  }

  /** Reads the list again before its time, but not for each key of a node that is down. */
  doubt(): void {
    if (this.#doubted || performance.now() < this.#askedAt + this.#retryMs) return;
    this.#doubted = true;
    this.#askAt = 0;
  }

  get #retryMs(): number {
    return Math.min(AFTER_FAILURE_MS, this.#pollMs);
  }

  report(): CacheReport["discovery"] {
    if (this.#known === undefined) return undefined;
    const { version, command } = this.#known;
    return { version, command, ...(this.#failure !== undefined && { failure: this.#failure }) };
  }

  /** Reads the list once for all callers at the same time. */
  #askOnce(deadline: Deadline): Promise<void> {
    this.#asking ??= this.#ask(deadline).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(deadline: Deadline): Promise<void> {
    this.#askedAt = performance.now();
    try {
      this.#take(await this.#answer(deadline));
      this.#askAt = performance.now() + this.#pollMs;
      this.#failure = undefined;
      this.#doubted = false;
    } catch (error) {
      this.#failure = (error as Error).message;
      if (this.#known === undefined) throw error;
      this.#askAt = performance.now() + this.#retryMs;
      this.#log.warn({ err: error, version: this.#known.version }, "discovery failed: the last good list stays in use");
    }
  }

  #take(found: ClusterConfiguration & { readonly command: string }): void {
    const { version } = found;
    // The endpoint resolves to any node, and a node may not know a change yet that another node has reported. If a node does not answer, an
    // older version can be right: a recreated cluster of the same name starts its versions again.
    if (this.#known !== undefined && version < this.#known.version && !this.#doubted) return;
    if (this.#known?.version !== version) this.#log.info({ version, nodes: found.nodes }, "memcached nodes");
    this.#known = found;
  }

  /** Reads the list with the command that worked last, or tries both. Closes the connection, because the next read is a minute later. */
  async #answer(deadline: Deadline): Promise<ClusterConfiguration & { readonly command: string }> {
    const said: string[] = [];
    const questions = this.#question === undefined ? QUESTIONS : [this.#question];
    for (const question of questions) {
      const { command, options } = question;
      const link = new Link(this.#endpoint);
      try {
        const payload = question.readPayload(await link.send(command, options, deadline));
        if (payload !== undefined) {
          const found = { ...parseClusterConfiguration(payload), command };
          this.#question = question;
          return found;
        }
        said.push(`"${command}" found nothing`);
      } catch (error) {
        if (!(error instanceof CacheRefusal)) throw error;
        said.push(`"${command}" was refused (${error.message})`);
      } finally {
        link.close();
      }
    }
    this.#question = undefined;
    const { host, port } = this.#endpoint;
    throw new Error(
      `discovery: ${said.join(", ")}: ${host}:${port} is no configuration endpoint; a serverless cache has none`,
    );
  }
}
