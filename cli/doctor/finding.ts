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

export const ok = (check: string, says: string): Finding => ({ check, status: "ok", says });
export const warn = (check: string, says: string, next: string): Finding => ({ check, status: "warn", says, next });
export const fail = (check: string, says: string, next: string): Finding => ({ check, status: "fail", says, next });
export const skipped = (check: string, says: string, next?: string): Finding => ({
  check,
  status: "skipped",
  says,
  ...(next !== undefined && { next }),
});

/** What a thrown error says, in one line. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  const why =
    cause instanceof Error ? `${message}: ${cause.message || (cause as NodeJS.ErrnoException).code}` : message;
  return why.replaceAll(/\s+/g, " ").trim();
}
