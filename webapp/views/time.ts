import type { Texts } from "../languages";

/** A time as people read it, and beside it as programs do: HTML for `<%~ %>`. */
export function renderTime({ time }: Texts, ms: number): string {
  return `<time datetime="${new Date(ms).toISOString()}">${time(ms)}</time>`;
}
