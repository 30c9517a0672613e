import { Redis } from "ioredis";
import { type RedisCredentials, readPassword } from "./credentials";
import { HOLD_MS, type Options, reconnectOnError } from "./policy";

/** One Redis, whichever node its name points to at the moment: asks for its password before each connect. */
export class SingleNode extends Redis {
  readonly #credentials: RedisCredentials;
  readonly #reauthMs: number;
  #connecting: Promise<void> | undefined;
  /** The password is not known yet, or was refused. */
  #needsPassword = true;
  #wasReady = false;
  /** The link that is there or on its way has said what is wrong with it. */
  #complained = false;
  /** The node on the other side runs nothing: it said so to one command, and what came behind has not run either. */
  #refused = false;
  #hold: NodeJS.Timeout | undefined;
  #reauth: NodeJS.Timeout | undefined;

  constructor(options: Options, credentials: RedisCredentials, reauthMs: number) {
    super({ ...options, lazyConnect: true, ...(credentials.user === undefined ? {} : { username: credentials.user }) });
    this.#credentials = credentials;
    this.#reauthMs = reauthMs;
    this.on("ready", () => this.#linked());
    this.on("close", () => this.#lost());
    this.on("end", () => this.#stopTimers());
    this.on("error", ({ message }: Error) => {
      this.#complained = true;
      if (/\b(WRONGPASS|NOAUTH)\b/.test(message)) this.#needsPassword = true;
      // A node that went silent is not back in a moment, so no command waits for it again.
      if (message.startsWith("Socket timeout")) this.#wasReady = false;
    });
  }

  override connect(): Promise<void> {
    this.#connecting ??= this.#connectWithPassword().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  override handleReconnection(error: Error, item: Parameters<Redis["handleReconnection"]>[1]): void {
    if (!this.#refused && this.status === "ready" && reconnectOnError(error) !== false) {
      this.#refused = true;
      this.emit("error", error);
    }
    super.handleReconnection(error, item);
  }

  async #connectWithPassword(): Promise<void> {
    if (this.#needsPassword || this.#credentials.expires) await this.#readPassword();
    this.#complained = false;
    // The client was closed while the password was fetched: no part would close a connection that is opened now.
    if (this.status !== "end") await super.connect();
  }

  async #readPassword(): Promise<void> {
    try {
      const password = await readPassword(this.#credentials);
      if (password !== undefined) this.options.password = password;
      this.#needsPassword = false;
    } catch (error) {
      // Redis refuses the old password and the next attempt asks again: no password, no session, no end of retrying.
      this.emit("error", error);
    }
  }

  #linked(): void {
    this.#stopTimers();
    this.#wasReady = true;
    this.#refused = false;
    // Not in force while the link is there; from the moment it is lost, commands wait for the next.
    this.options.enableOfflineQueue = true;
    if (this.#credentials.expires) this.#reauth = setInterval(() => this.#logInAgain(), this.#reauthMs).unref();
  }

  #lost(): void {
    this.#stopTimers();
    if (!this.#complained && this.status !== "end") this.emit("error", new Error("link lost"));
    this.options.autoResendUnfulfilledCommands = this.#refused;
    // ioredis would leave these to their timeouts. Private there, and the one way to it.
    // biome-ignore lint/complexity/useLiteralKeys: TypeScript keeps a private method from any other syntax
    if (!this.#refused) this["flushQueue"](new Error("Redis link lost"), { offlineQueue: false });
    if (this.#wasReady) this.#hold = setTimeout(() => this.#stopHolding(), HOLD_MS);
    else this.#stopHolding();
    this.#wasReady = false;
  }

  #stopHolding(): void {
    this.options.enableOfflineQueue = false;
  }

  async #logInAgain(): Promise<void> {
    await this.#readPassword();
    const { username = "default", password = "" } = this.options;
    await this.auth(username, password).catch((error: unknown) => this.emit("error", error));
  }

  #stopTimers(): void {
    clearTimeout(this.#hold);
    clearInterval(this.#reauth);
  }
}
