import type { Logger } from "pino";
import { CircuitBreaker } from "../../circuit-breaker";
import type { Deadline } from "../../deadline";
import { type CacheNode, CacheRefusal, type CacheReport, isAway } from "../cache";
import { type ClusterConfiguration, parseClusterConfiguration } from "./cluster-configuration";
import type { CommandOptions, NodeAddress } from "./connection";
import { Link } from "./link";

/** How often the list is asked for anew, as AWS' own clients do; and how soon after a failure. Milliseconds. */
const POLL_MS = 60_000;
const AFTER_FAILURE_MS = 5000;
const OLDER_KEY = "AmazonElastiCache:cluster";

/** A command that answers with the list, and where the answer holds it. */
interface Question {
  readonly command: string;
  readonly options: CommandOptions;
  readPayload(answer: unknown): string | undefined;
}

/** Of engine 1.4.14 and later, and of older ones, where the list is the value of a key. */
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
 * The nodes behind a configuration endpoint. Asked for when they are needed and the last answer is a minute old: a timer
 * would stand still while the function is frozen. An answer that cannot be used leaves the last good list in force.
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
  /** A node of the list did not answer: the list may be older than the cluster. */
  #doubted = false;

  /** @param pollMs - how old a list may be. @default a minute */
  constructor(endpoint: NodeAddress, log: Logger, pollMs = POLL_MS) {
    this.#endpoint = endpoint;
    this.#log = log;
    this.#pollMs = pollMs;
  }

  /** @throws when there has been no list so far, and none can be read now. */
  async nodes(deadline: Deadline): Promise<readonly CacheNode[]> {
    if (this.#known === undefined) await this.#breaker.run(() => this.#askOnce(deadline));
    // With a list at hand, the one who uses it needs time too.
    else if (performance.now() >= this.#askAt) await this.#askOnce(deadline.half());
    return this.#known?.nodes ?? [];
  }

  /** Has the list asked for anew before its time, but not for every key of a node that is away. */
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

  /** However many need it at the same time. */
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
    // The endpoint leads to any node, and one may not have heard of a change yet that another told us. With a node that
    // does not answer, an older version may be right: a cluster made anew under its name begins to count again.
    if (this.#known !== undefined && version < this.#known.version && !this.#doubted) return;
    if (this.#known?.version !== version) this.#log.info({ version, nodes: found.nodes }, "memcached nodes");
    this.#known = found;
  }

  /** By the command that worked last, or by both in turn. The link is closed: the next question is a minute away. */
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
