import type { Logger } from "pino";
import type { Deadline } from "../deadline";
import type { Cache } from "./cache";
import { buildPhotoKey } from "./keys";
import type { Photo, Photos } from "./photos";

/** A photo, and where it came from. */
export interface PhotoAnswer {
  /** null when the table has no such photo. */
  readonly photo: Photo | null;
  readonly from: "cache" | "dynamodb";
  /** What the cache had: `away` is a cache that did not answer. */
  readonly cache: "hit" | "miss" | "away";
}

/** The parts of a {@link PhotoReader}. */
export interface PhotoReaderOptions {
  readonly cache: Cache;
  readonly photos: Photos;
  readonly ttlSeconds: number;
  readonly cacheTimeoutMs: number;
  readonly log: Logger;
}

/** Ends of what was cached together lie apart by a tenth, so that not all of it is read from DynamoDB at once. */
const JITTER = 0.1;

/** Cache-aside: from the cache, else from DynamoDB and then into the cache, each until its end. */
export class PhotoReader {
  readonly #options: PhotoReaderOptions;
  readonly #underWay = new Map<string, Promise<PhotoAnswer>>();

  constructor(options: PhotoReaderOptions) {
    this.#options = options;
  }

  /**
   * However many ask for a photo at the same time, it is read once.
   *
   * @throws when the cache does not have it and DynamoDB does not answer.
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
    // A cache that is away would only be waited for once more.
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

/** Anything else under the key is as good as nothing. */
function parsePhoto(text: string | undefined): Photo | undefined {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Photo) : undefined;
  } catch {
    return undefined;
  }
}
