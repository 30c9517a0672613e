import { randomBytes } from "node:crypto";
import Keygrip from "keygrip";
import type { SecretKeySource } from "../../environment";
import { secretVersions } from "./secrets-manager";

/** Asks Secrets Manager at most so often because of unknown signatures: anybody can send those. Milliseconds. */
const RELOAD_EVERY_MS = 60_000;

/**
 * The keys that sign forms, newest first. One rotation in one go breaks nothing: what the old key signed still
 * verifies, and a process that meets a signature of a key it does not know reads the keys again.
 */
export class KeyRing {
  readonly #load: () => Promise<readonly [string, ...string[]]>;
  #keys: Keygrip;
  #loadedAt = 0;

  private constructor(load: () => Promise<readonly [string, ...string[]]>, keys: readonly [string, ...string[]]) {
    this.#load = load;
    this.#keys = new Keygrip([...keys], "sha256");
    this.#loadedAt = Date.now();
  }

  /** @throws when the keys are in Secrets Manager and can't be read. */
  static async open(source: SecretKeySource, load = loader(source)): Promise<KeyRing> {
    return new KeyRing(load, await load());
  }

  /** HMAC-SHA256 by the newest key, base64url. */
  sign(text: string): string {
    return this.#keys.sign(text);
  }

  /** Whether one of the keys signed `text`; compares in constant time. */
  async verify(text: string, signature: string): Promise<boolean> {
    if (this.#keys.verify(text, signature)) return true;
    if (Date.now() - this.#loadedAt < RELOAD_EVERY_MS) return false;
    this.#loadedAt = Date.now();
    this.#keys = new Keygrip([...(await this.#load())], "sha256");
    return this.#keys.verify(text, signature);
  }
}

function loader(source: SecretKeySource): () => Promise<readonly [string, ...string[]]> {
  switch (source.kind) {
    case "keys":
      return async () => source.keys;
    case "secret":
      return async () => (await secretVersions(source.arn)).flatMap(split) as [string, ...string[]];
    case "random": {
      const key = randomBytes(32).toString("base64url");
      return async () => [key];
    }
  }
}

function split(value: string): string[] {
  return value.split(",").map((key) => key.trim());
}
