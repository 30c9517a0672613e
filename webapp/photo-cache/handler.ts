import type { Logger } from "pino";
import * as z from "zod";
import type { PhotoCacheEnvironment } from "../../environment/photo-cache";
import { Deadline } from "../deadline";
import type { Cache } from "./cache";
import { type CheckReport, check } from "./check";
import type { Photos } from "./photos";
import { type PhotoAnswer, PhotoReader } from "./read-photo";

/** The parts of Lambda's context that the function uses. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** The longest partition key of DynamoDB, in bytes. */
const LONGEST_ID = 2048;
const PHOTO = `a photo's id, a text of 1 to ${LONGEST_ID} bytes`;

/** Unknown fields of an event are ignored, so events of schedules and the console's test event run the check. */
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

/** Dependencies of the function. */
export interface HandlerOptions {
  readonly environment: PhotoCacheEnvironment;
  readonly cache: Cache;
  readonly photos: Photos;
  readonly log: Logger;
}

/** `It works!` or `Doesn't work`, as in the source document; a report or a photo if the event asks for one. */
export type Answer = "It works!" | "Doesn't work" | CheckReport | PhotoAnswer;

/**
 * Creates the handler of the function. It answers before its timeout, also when the cache or DynamoDB is down.
 *
 * @returns a handler that throws for a malformed event, and when it cannot read a photo from the cache or from DynamoDB.
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

/** Whether a text has a form in UTF-8: a single surrogate has none. */
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
