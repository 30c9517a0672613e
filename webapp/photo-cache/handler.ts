import type { Logger } from "pino";
import * as z from "zod";
import type { PhotoCacheEnvironment } from "../../environment/photo-cache";
import { Deadline } from "../deadline";
import type { Cache } from "./cache";
import { type CheckReport, check } from "./check";
import type { Photos } from "./photos";
import { type PhotoAnswer, PhotoReader } from "./read-photo";

/** What Lambda says of an invocation, as far as the function asks. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** DynamoDB takes keys of so many bytes. */
const LONGEST_ID = 2048;
const PHOTO = `a photo's id, a text of 1 to ${LONGEST_ID} bytes`;

/** Whatever else an event holds is left alone: a schedule's and the console's own test event ask for the check. */
const eventSchema = z.object(
  {
    photo: z
      .string(PHOTO)
      .refine((id) => isText(id) && id !== "" && Buffer.byteLength(id) <= LONGEST_ID, PHOTO)
      .optional(),
    report: z.boolean("true or false").optional(),
  },
  'an object: {} or { "report": true } for the check, { "photo": "<id>" } for a photo',
);

/** The parts of the function. */
export interface HandlerOptions {
  readonly environment: PhotoCacheEnvironment;
  readonly cache: Cache;
  readonly photos: Photos;
  readonly log: Logger;
}

/** `It works!` or `Doesn't work`, as in the source document; with more detail, or a photo, when asked. */
export type Answer = "It works!" | "Doesn't work" | CheckReport | PhotoAnswer;

/**
 * The function. Whatever is away, it answers before Lambda would end it.
 *
 * @returns a handler that throws at an event it does not take, and when a photo is in neither place it could be read from.
 */
export function createHandler({ environment, cache, photos, log }: HandlerOptions) {
  const { ttlSeconds, cacheTimeoutMs, longestAnswerMs, toAnswerMs } = environment;
  const reader = new PhotoReader({ cache, photos, ttlSeconds, cacheTimeoutMs, log });
  let warned = false;

  return async function photoCache(event: unknown, invocation: Invocation): Promise<Answer> {
    const { photo, report = false } = readEvent(event);
    const given = invocation.getRemainingTimeInMillis();
    if (given < longestAnswerMs && !warned) {
      warned = true;
      log.warn({ given, longestAnswerMs }, "the function's timeout is shorter than its longest answer: waits are cut");
    }
    const deadline = new Deadline(given - toAnswerMs);
    if (photo !== undefined) return reader.read(photo, deadline);
    const found = await check({ cache, photos, ttlSeconds, cacheTimeoutMs }, deadline);
    if (!found.works) log.error({ failure: found.failure, nodes: found.nodes }, "Doesn't work");
    if (report) return found;
    return found.works ? "It works!" : "Doesn't work";
  };
}

/** Half a character outside of the basic plane has no bytes in UTF-8. */
function isText(id: string): boolean {
  return Buffer.from(id).toString() === id;
}

function readEvent(event: unknown): z.infer<typeof eventSchema> {
  const parsed = eventSchema.safeParse(event ?? {});
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => {
    const got = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], event);
    return `${["event", ...path].join(".")}: got ${JSON.stringify(got)?.slice(0, 100)}, takes ${message}`;
  });
  throw new Error(lines.join("\n"));
}
