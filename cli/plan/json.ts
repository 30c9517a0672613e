import type { Review } from "./review";

/** A review for programs. */
export function asJson(review: Review): string {
  return `${JSON.stringify(review, undefined, 2)}\n`;
}
