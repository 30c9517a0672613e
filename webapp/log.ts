import pino, { type Logger } from "pino";

/** Lines wait for so many bytes of company, and no longer than this: a write for each costs an eighth of a request. */
const BATCH_BYTES = 4096;
const BATCH_MS = 100;

/**
 * Structured log lines on standard output, within a tenth of a second, and at every exit but SIGKILL. No
 * cookie, form field, query or address of a secret is ever in one.
 *
 * @param atOnce - in no batch: for a process that is frozen after each answer, as Lambda's are. @default false
 */
export function createLog(level: string, atOnce = false): Logger {
  const batch = { sync: false, minLength: BATCH_BYTES, periodicFlush: BATCH_MS };
  const output = pino.destination({ dest: 1, ...(atOnce ? { sync: true } : batch) });
  const timestamp = pino.stdTimeFunctions.isoTime;
  const hooks = { streamWrite: escapeLineBreaks };
  return pino({ level, timestamp, base: null, serializers: { err: describeError }, hooks }, output);
}

/** Characters that JSON leaves as they are and readers other than JSON's take for the end of a line. */
const LINE_BREAKS = /[\u0085\u2028\u2029]/g;

/** A record stays one line for every reader: names that users choose are in it. */
function escapeLineBreaks(line: string): string {
  return line.replace(LINE_BREAKS, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Of an error only what is named here: Node's own carry the bytes of the request they could not parse, cookie included. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(cause === undefined ? {} : { cause: cause instanceof Error ? cause.message : String(cause) }),
  };
}
