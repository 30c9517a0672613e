import fc from "fast-check";
import { checkWindows } from "../../../modules/elasticache/windows";

const check = (maintenanceWindow?: string, snapshotWindow?: string) => () =>
  checkWindows("test", { maintenanceWindow, snapshotWindow });

describe("windows are taken", () => {
  test.each([
    [undefined, undefined],
    ["sun:18:00-sun:19:00", "16:00-17:00"],
    ["sun:23:30-mon:00:30", "00:30-01:30"],
    ["sat:23:30-sun:00:30", "22:30-23:30"],
    ["mon:01:00-tue:01:00", undefined],
    [undefined, "23:30-00:30"],
  ])("maintenance %s, snapshot %s", (maintenance, snapshot) => {
    expect(check(maintenance, snapshot)).not.toThrow();
  });
});

describe("windows are refused", () => {
  test.each([
    "sun:18:00-sun:18:59",
    "sun:18:00-mon:18:01",
    "SUN:18:00-SUN:19:00",
    "sun:24:00-mon:01:00",
    "18:00-19:00",
    "sun:18:00",
    "sun:18:00-sun:19:00-sun:20:00",
    "",
  ])("maintenance %j", (window) => {
    expect(check(window)).toThrow(`test: maintenanceWindow: got ${window}, allowed: ddd:hh:mm-ddd:hh:mm`);
  });

  test.each(["16:00-16:59", "16:00-16:00", "16-17", "sun:16:00-sun:17:00", "16:00-17:60", ""])(
    "snapshot %j",
    (window) => {
      expect(check(undefined, window)).toThrow(`test: snapshotWindow: got ${window}, allowed: hh:mm-hh:mm`);
    },
  );

  test.each([
    ["sun:16:30-sun:17:30", "16:00-17:00"],
    ["sun:23:30-mon:00:30", "00:00-01:00"],
    ["sat:23:30-sun:00:30", "00:00-01:00"],
    ["sat:22:00-sun:01:00", "23:30-00:30"],
    ["wed:02:00-thu:02:00", "05:00-06:00"],
  ])("overlapping: maintenance %s, snapshot %s", (maintenance, snapshot) => {
    expect(check(maintenance, snapshot)).toThrow(
      /^test: maintenanceWindow, snapshotWindow: got .* Fix: move one of them\.$/,
    );
  });

  test("as overlapping exactly when some minute of the week is in both", () => {
    const [DAY, WEEK] = [24 * 60, 7 * 24 * 60];
    const pad = (number: number) => String(number).padStart(2, "0");
    const clock = (minute: number) => `${pad(Math.floor((minute % DAY) / 60))}:${pad(minute % 60)}`;
    const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    const moment = (minute: number) => `${days[Math.floor((minute % WEEK) / DAY)]}:${clock(minute)}`;
    const minutes = (start: number, length: number, period: number) =>
      Array.from({ length }, (_, index) => (start + index) % period);
    fc.assert(
      fc.property(
        fc.nat(WEEK - 1),
        fc.integer({ min: 60, max: DAY }),
        fc.nat(DAY - 1),
        fc.integer({ min: 60, max: 600 }),
        (weekly, weeklyLength, daily, dailyLength) => {
          const inDaily = new Set(minutes(daily, dailyLength, DAY));
          const overlap = minutes(weekly, weeklyLength, WEEK).some((minute) => inDaily.has(minute % DAY));
          const maintenance = `${moment(weekly)}-${moment(weekly + weeklyLength)}`;
          const snapshot = `${clock(daily)}-${clock(daily + dailyLength)}`;
          if (overlap) expect(check(maintenance, snapshot)).toThrow(/^test: maintenanceWindow, snapshotWindow:/);
          else expect(check(maintenance, snapshot)).not.toThrow();
        },
      ),
    );
  });
});
