/** A time as a calendar and a clock have it, in UTC. */
interface TimeParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** As in 09:05:00. */
  readonly clock: string;
}

/**
 * Node's own `Intl` would write dates too, but knows a language only where its data is installed: Amazon Linux packs them
 * apart from Node.
 *
 * @see https://nodejs.org/docs/latest-v22.x/api/intl.html
 */
export function parts(ms: number): TimeParts {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    clock: date.toISOString().slice(11, 19),
  };
}

/** The two largest of hours, minutes and seconds, each with its unit's word. */
export function amount(ms: number, [h, min, s]: readonly [string, string, string], between: string): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const two = hours > 0 ? ([`${hours}${h}`, minutes, min] as const) : ([`${minutes}${min}`, seconds % 60, s] as const);
  if (hours === 0 && minutes === 0) return `${seconds}${s}`;
  const [larger, count, unit] = two;
  return count === 0 ? larger : `${larger}${between}${count}${unit}`;
}
