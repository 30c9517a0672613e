import { type ClusterOptions as AnyClusterOptions, Cluster, type ClusterNode, type Redis } from "ioredis";
import { type RedisCredentials, readPassword } from "./credentials";
import { RENEW_MS } from "./policy";

/** ioredis' options, with replies in the shape of RESP2. */
export type ClusterOptions = AnyClusterOptions & {
  redisOptions?: AnyClusterOptions["redisOptions"] & { readonly replyMapping?: "legacy" };
};

/**
 * Redis in cluster mode. ioredis opens links of its own to each node, and more to ask one for the slots; all of them take
 * name and password from the node's options, so these always hold a password that is good now.
 */
export class ClusterNodes extends Cluster {
  readonly #credentials: RedisCredentials;
  readonly #reauthMs: number;
  #connecting: Promise<void> | undefined;
  #reading: Promise<void> | undefined;
  #password: string | undefined;
  #renew: NodeJS.Timeout | undefined;
  #reauth: NodeJS.Timeout | undefined;

  constructor(nodes: ClusterNode[], options: ClusterOptions, credentials: RedisCredentials, reauthMs: number) {
    super(nodes, Object.assign({}, options, { lazyConnect: true }));
    this.#credentials = credentials;
    this.#reauthMs = reauthMs;
    this.on("+node", (node: Redis) => this.#tell(node));
    this.on("node error", ({ message }: Error) => {
      if (/\b(WRONGPASS|NOAUTH)\b/.test(message)) void this.#readPassword();
    });
    this.on("end", () => this.#stopTimers());
  }

  override connect(): Promise<void> {
    this.#connecting ??= this.#connectWithPassword().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connectWithPassword(): Promise<void> {
    if (this.#password === undefined || this.#credentials.expires) await this.#readPassword();
    if (this.status === "end") return;
    this.#stopTimers();
    if (this.#credentials.expires) {
      this.#renew = setInterval(() => void this.#readPassword(), RENEW_MS).unref();
      this.#reauth = setInterval(() => void this.#logInAgain(), this.#reauthMs).unref();
    }
    await super.connect();
  }

  /** Once at a time, however many nodes refuse. */
  #readPassword(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    try {
      this.#password = await readPassword(this.#credentials);
      for (const node of this.nodes("all")) this.#tell(node);
    } catch (error) {
      this.emit("error", error);
    }
  }

  #tell(node: Redis): void {
    if (this.#credentials.user !== undefined) node.options.username = this.#credentials.user;
    if (this.#password !== undefined) node.options.password = this.#password;
  }

  async #logInAgain(): Promise<void> {
    await this.#readPassword();
    const { user = "default" } = this.#credentials;
    const open = this.nodes("all").filter(({ status }) => status === "ready");
    const logins = open.map((node) => node.auth(user, this.#password ?? ""));
    for (const { reason } of (await Promise.allSettled(logins)) as { reason?: unknown }[]) {
      if (reason !== undefined) this.emit("error", reason);
    }
  }

  #stopTimers(): void {
    clearInterval(this.#renew);
    clearInterval(this.#reauth);
  }
}
