/** How a check ended. */
export type Status = "ok" | "warn" | "fail" | "skipped";

/** One line of the doctor's. */
export interface Finding {
  /** What was looked at. */
  readonly check: string;
  readonly status: Status;
  /** What was seen; of a skipped one, the reason. */
  readonly says: string;
  /** What to do about it. */
  readonly next?: string;
}

/** A check that passed. */
export const ok = (check: string, says: string): Finding => ({ check, status: "ok", says });
/** A check that found a risk. @param next - what to do about it */
export const warn = (check: string, says: string, next: string): Finding => ({ check, status: "warn", says, next });
/** A check that failed. @param next - what to do about it */
export const fail = (check: string, says: string, next: string): Finding => ({ check, status: "fail", says, next });
/** A check that could not run. @param next - what makes it run. @default - no advice */
export const skipped = (check: string, says: string, next?: string): Finding => ({
  check,
  status: "skipped",
  says,
  ...(next !== undefined && { next }),
});

/** The message of a thrown error and of its cause, in one line. */
export function describeError(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  const why =
    cause instanceof Error ? `${message}: ${cause.message || (cause as NodeJS.ErrnoException).code}` : message;
  return inOneLine(why);
}

/** Longest text of a site that a finding quotes, in characters. */
const LONGEST_QUOTE = 200;

/** Text from outside, fit for one line of a terminal: no control or formatting characters, at most 200 characters. */
export function inOneLine(text: string): string {
  const plain = text.replaceAll(/[\p{C}\s]+/gu, " ").trim();
  return plain.length > LONGEST_QUOTE ? `${plain.slice(0, LONGEST_QUOTE)}…` : plain;
}
