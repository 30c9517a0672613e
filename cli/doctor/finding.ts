/** Result of a check. */
export type Status = "ok" | "warn" | "fail" | "skipped";

/** A line of the doctor's report. */
export interface Finding {
  /** Name of the check. */
  readonly check: string;
  readonly status: Status;
  /** The result in words; for a skipped check, the reason. */
  readonly says: string;
  /** The advice to the user. */
  readonly next?: string;
}

/** A check that passed. */
export const ok = (check: string, says: string): Finding => ({ check, status: "ok", says });
/** A check that found a risk. @param next - the advice to the user */
export const warn = (check: string, says: string, next: string): Finding => ({ check, status: "warn", says, next });
/** A check that failed. @param next - the advice to the user */
export const fail = (check: string, says: string, next: string): Finding => ({ check, status: "fail", says, next });
/** A check that could not run. @param next - how to make it run. @default - no advice */
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

/** Foreign text for one line of a terminal: without control and formatting characters, at most 200 characters. */
export function inOneLine(text: string): string {
  const plain = text.replaceAll(/[\p{C}\s]+/gu, " ").trim();
  return plain.length > LONGEST_QUOTE ? `${plain.slice(0, LONGEST_QUOTE)}…` : plain;
}
