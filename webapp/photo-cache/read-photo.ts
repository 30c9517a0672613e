import type { Logger } from "pino";
import type { Deadline } from "../deadline";
import type { Cache } from "./cache";
import { buildPhotoKey } from "./keys";
import type { Photo, Photos } from "./photos";

/** A photo and its source. */
export interface PhotoAnswer {
  /** The photo; null if the table does not have it. */
  readonly photo: Photo | null;
  readonly from: "cache" | "dynamodb";
  /** Result of the cache; `away` if it did not answer. */
  readonly cache: "hit" | "miss" | "away";
}

/** Dependencies of a {@link PhotoReader}. */
export interface PhotoReaderOptions {
  readonly cache: Cache;
  readonly photos: Photos;
  readonly ttlSeconds: number;
  readonly cacheTimeoutMs: number;
  readonly log: Logger;
}

/** Lifetimes vary by a tenth. So photos that were cached together do not expire together, and are not read from DynamoDB at once. */
const JITTER = 0.1;

/** Cache-aside: reads a photo from the cache, or else from DynamoDB, and then writes it into the cache with an expiry. */
export class PhotoReader {
  readonly #options: PhotoReaderOptions;
  readonly #underWay = new Map<string, Promise<PhotoAnswer>>();

  constructor(options: PhotoReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads a photo, once for all callers at the same time.
   *
   * @throws when the cache does not have the photo and DynamoDB does not answer.
   */
  read(id: string, deadline: Deadline): Promise<PhotoAnswer> {
    const underWay = this.#underWay.get(id);
    if (underWay !== undefined) return underWay;
    const reading = this.#read(id, deadline).finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, reading);
    return reading;
  }

  async #read(id: string, deadline: Deadline): Promise<PhotoAnswer> {
    const key = buildPhotoKey(id);
    const cached = await this.#readCache(key, deadline);
    if (typeof cached === "object") return { photo: cached, from: "cache", cache: "hit" };
    const photo = await this.#options.photos.get(id, deadline);
    // A cache that is down would only cost a second timeout.
    if (photo !== undefined && cached === "miss") await this.#writeCache(key, photo, deadline);
    return { photo: photo ?? null, from: "dynamodb", cache: cached };
  }

  async #readCache(key: string, deadline: Deadline): Promise<Photo | "miss" | "away"> {
    const { cache, cacheTimeoutMs, log } = this.#options;
    try {
      return parsePhoto(await cache.get(key, deadline.within(cacheTimeoutMs))) ?? "miss";
    } catch (error) {
      log.warn({ err: error }, "cache away: the photo is read from DynamoDB");
      return "away";
    }
  }

  async #writeCache(key: string, photo: Photo, deadline: Deadline): Promise<void> {
    const { cache, cacheTimeoutMs, ttlSeconds, log } = this.#options;
    const ttl = Math.max(1, Math.round(ttlSeconds * (1 - JITTER * Math.random())));
    try {
      await cache.set(key, JSON.stringify(photo), ttl, deadline.within(cacheTimeoutMs));
    } catch (error) {
      log.warn({ err: error }, "photo not cached");
    }
  }
}

/** The photo in a cached text; undefined for any other text. */
function parsePhoto(text: string | undefined): Photo | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Photo) : undefined;
  } catch {
    return undefined;
  }
}
