/** A time as ISO 8601, to the second; a number that is no time as it is. */
export function iso(ms: number): string {
  if (Number.isNaN(new Date(ms).getTime())) return String(ms);
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** How far a time is from another: `in 12 min`, `3 h ago`. */
function relative(ms: number, now: number): string {
  const distance = span(Math.abs(ms - now));
  return ms >= now ? `in ${distance}` : `${distance} ago`;
}

/** ISO, and how far away. */
export function isoAndRelative(ms: number, now: number): string {
  return `${iso(ms)} (${relative(ms, now)})`;
}

/** Two minutes are said in seconds, two hours in minutes, two days in hours. */
function span(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
