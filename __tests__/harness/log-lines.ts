import pino, { type Logger } from "pino";

/** A log whose lines a test can read. */
export interface LogLines {
  readonly log: Logger;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  /** Messages of one level and above. */
  messages(level: "info" | "warn" | "error"): string[];
}

export function logLines(): LogLines {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return {
    log,
    lines,
    messages: (level) =>
      lines.filter((line) => Number(line.level) >= (pino.levels.values[level] ?? 0)).map(({ msg }) => String(msg)),
  };
}
