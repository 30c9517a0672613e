import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import Keygrip from "keygrip";
import type { SecretKeySource } from "../../environment";
import { readSecretVersions } from "./secrets-manager";

/** Asks Secrets Manager at most so often because of unknown signatures: anybody can send those. Milliseconds. */
const RELOAD_EVERY_MS = 1000;

type Keys = readonly [string, ...string[]];

/** Properties of a {@link KeyRing}. */
export interface KeyRingOptions {
  /** Reads the keys again. @default - from the source; keys of the environment never change */
  readonly load?: (() => Promise<Keys>) | undefined;
  /** Called when the keys could not be read again. The current keys stay. @default - no listener */
  readonly onReloadFailed?: (error: unknown) => void;
}

/**
 * The keys that sign forms, newest first. One rotation in one go breaks nothing: what the old key signed still verifies,
 * and a process that meets a signature of a key it does not know reads the keys again before it says no.
 */
export class KeyRing {
  readonly #load: (() => Promise<Keys>) | undefined;
  readonly #onReloadFailed: (error: unknown) => void;
  #keys: Keygrip;
  #reload: Promise<void> | undefined;
  #reloadedAt = Number.NEGATIVE_INFINITY;

  private constructor(keys: Keys, { load, onReloadFailed = () => {} }: KeyRingOptions) {
    this.#load = load;
    this.#onReloadFailed = onReloadFailed;
    this.#keys = new Keygrip([...keys], "sha256");
  }

  /** @throws when the keys are in Secrets Manager and can't be read. */
  static async open(source: SecretKeySource, options: KeyRingOptions = {}): Promise<KeyRing> {
    const load = options.load ?? buildLoader(source);
    return new KeyRing(load === undefined ? chooseFixedKeys(source) : await load(), { ...options, load });
  }

  /** HMAC-SHA256 by the newest key, base64url. */
  sign(text: string): string {
    return this.#keys.sign(text);
  }

  /** Whether one of the keys signed `text`; compares in constant time. Waits a second at most for keys newer than these. */
  async verify(text: string, signature: string): Promise<boolean> {
    if (this.#keys.verify(text, signature)) return true;
    if (this.#load === undefined) return false;
    await this.#reloaded(this.#load);
    return this.#keys.verify(text, signature);
  }

  /** All who wait share one reading, which begins after they began to wait. */
  #reloaded(load: () => Promise<Keys>): Promise<void> {
    this.#reload ??= this.#reloadWhenDue(load);
    return this.#reload;
  }

  async #reloadWhenDue(load: () => Promise<Keys>): Promise<void> {
    await setTimeout(Math.max(0, this.#reloadedAt + RELOAD_EVERY_MS - Date.now()));
    this.#reload = undefined;
    this.#reloadedAt = Date.now();
    try {
      this.#keys = new Keygrip([...(await load())], "sha256");
    } catch (error) {
      this.#onReloadFailed(error);
    }
  }
}

/** Where keys may change while the app runs; undefined where they can't. */
function buildLoader(source: SecretKeySource): (() => Promise<Keys>) | undefined {
  if (source.kind !== "secret") return undefined;
  return async () => (await readSecretVersions(source.arn)).flatMap(split) as [string, ...string[]];
}

function chooseFixedKeys(source: SecretKeySource): Keys {
  return source.kind === "keys" ? source.keys : [randomBytes(32).toString("base64url")];
}

function split(value: string): string[] {
  return value.split(",").map((key) => key.trim());
}
