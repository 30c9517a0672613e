import { Token } from "cdktf";
import { ValidationError, type ValidationScope } from "../validation";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY = 24 * 60;
const SHORTEST_MINUTES = 60;
const LONGEST_MAINTENANCE = DAY;

/** A window in minutes. It can cross midnight, or the end of the week. */
interface Stretch {
  readonly start: number;
  readonly length: number;
}

/** Times for maintenance and snapshots, in UTC. */
export interface Windows {
  /** `ddd:hh:mm-ddd:hh:mm`, once a week. */
  readonly maintenanceWindow?: string | undefined;
  /** `hh:mm-hh:mm`, every day. */
  readonly snapshotWindow?: string | undefined;
}

/** @throws {ValidationError} when a window is malformed, too short or too long, or the two overlap. */
export function checkWindows(scope: ValidationScope, { maintenanceWindow, snapshotWindow }: Windows): void {
  const maintenance = isKnown(maintenanceWindow) ? parseMaintenance(maintenanceWindow) : undefined;
  const snapshot = isKnown(snapshotWindow) ? parseSnapshot(snapshotWindow) : undefined;
  if (isKnown(maintenanceWindow) && !lasts(maintenance, LONGEST_MAINTENANCE)) {
    throw new ValidationError(scope, {
      what: "maintenanceWindow",
      got: maintenanceWindow,
      allowed: "ddd:hh:mm-ddd:hh:mm in UTC, from an hour to a day long",
      fix: `write it like "sun:18:00-sun:19:00"`,
    });
  }
  if (isKnown(snapshotWindow) && !lasts(snapshot, DAY)) {
    throw new ValidationError(scope, {
      what: "snapshotWindow",
      got: snapshotWindow,
      allowed: "hh:mm-hh:mm in UTC, an hour long at least",
      fix: `write it like "16:00-17:00"`,
    });
  }
  if (maintenance !== undefined && snapshot !== undefined && overlap(maintenance, snapshot)) {
    throw new ValidationError(scope, {
      what: "maintenanceWindow, snapshotWindow",
      got: `maintenance ${maintenanceWindow}, snapshot ${snapshotWindow}`,
      allowed: "two windows that do not overlap",
      fix: "move one of them",
    });
  }
}

/** Accepts a window that is not set, and a token. */
function isKnown(window: string | undefined): window is string {
  return window !== undefined && !Token.isUnresolved(window);
}

function lasts(stretch: Stretch | undefined, longest: number): boolean {
  return stretch !== undefined && stretch.length >= SHORTEST_MINUTES && stretch.length <= longest;
}

function parseMaintenance(window: string): Stretch | undefined {
  const [from, to, ...more] = window.split("-").map(minuteOfWeek);
  return from === undefined || to === undefined || more.length > 0 ? undefined : stretch(from, to, 7 * DAY);
}

function parseSnapshot(window: string): Stretch | undefined {
  const [from, to, ...more] = window.split("-").map(minuteOfDay);
  return from === undefined || to === undefined || more.length > 0 ? undefined : stretch(from, to, DAY);
}

function stretch(from: number, to: number, period: number): Stretch {
  return { start: from, length: (to - from + period) % period };
}

function minuteOfWeek(text: string): number | undefined {
  const day = DAYS.indexOf(text.slice(0, 3));
  const minute = text[3] === ":" ? minuteOfDay(text.slice(4)) : undefined;
  return day < 0 || minute === undefined ? undefined : day * DAY + minute;
}

function minuteOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/** The daily window repeats each day, and the weekly window can cross the end of the week, so each start is compared. */
function overlap(weekly: Stretch, daily: Stretch): boolean {
  const starts = Array.from({ length: 16 }, (_, index) => (index - 1) * DAY + daily.start);
  return starts.some((start) => start < weekly.start + weekly.length && weekly.start < start + daily.length);
}
