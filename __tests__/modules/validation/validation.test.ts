import { Token } from "cdktf";
import {
  checkNumber,
  checkOneOf,
  checkText,
  checkWholeNumber,
  type NumberLimits,
  ValidationError,
} from "../../../modules/validation";

const fix = "leave it out";
const LATER = Token.asNumber({ resolve: () => 7 });
const SOME_TEXT = Token.asString({ resolve: () => "a" });

describe("a whole number", () => {
  const check = (got: number | undefined, limits: Omit<NumberLimits, "fix">) => () =>
    checkWholeNumber("cache", "replicas", got, { ...limits, fix });

  test.each([0, 5, undefined, LATER])("%p passes from 0 to 5", (got) => {
    expect(check(got, { min: 0, max: 5 })).not.toThrow();
  });

  test.each<[number, Omit<NumberLimits, "fix">, string]>([
    [6, { min: 0, max: 5 }, "cache: replicas: got 6, allowed: a whole number from 0 to 5. Fix: leave it out."],
    [-1, { min: 0 }, "got -1, allowed: a whole number, at least 0."],
    [1.5, { min: 0 }, "got 1.5, allowed"],
    [Number.NaN, { min: 0 }, "got null, allowed"],
    [0, { min: 1, unit: "days" }, "allowed: a whole number of days, at least 1."],
    [0, { min: 8, because: ", which the image takes" }, "allowed: a whole number, at least 8, which the image takes."],
    [1, { min: 7, max: 30, allowed: "0, or 7 to 30 days" }, "got 1, allowed: 0, or 7 to 30 days."],
    [LATER, { min: 0, atSynth: true }, "got a value known only after deployment, allowed: a whole number, at least 0."],
  ])("%p is refused by %j", (got, limits, message) => {
    expect(check(got, limits)).toThrow(message);
    expect(check(got, limits)).toThrow(ValidationError);
  });
});

test("a number may have a fraction, within its limits", () => {
  const check = (got: number) => () => checkNumber("fleet", "cpuPercent", got, { min: 10, max: 90, fix });
  expect(check(62.5)).not.toThrow();
  expect(check(90.5)).toThrow("fleet: cpuPercent: got 90.5, allowed: 10 to 90. Fix: leave it out.");
});

test("a text has a form, and is shown in quotes", () => {
  const form = { pattern: /^[a-z]*$/, allowed: "small letters", fix };
  const check =
    (got: string | undefined, atSynth = false) =>
    () =>
      checkText("app", "key", got, { ...form, atSynth });
  for (const got of ["a", undefined, SOME_TEXT]) expect(check(got)).not.toThrow();
  expect(check("A b")).toThrow('app: key: got "A b", allowed: small letters. Fix: leave it out.');
  expect(check(SOME_TEXT, true)).toThrow("got a value known only after deployment");
});

test("a value is one of an enumeration's", () => {
  const check = (got: string | undefined) => () =>
    checkOneOf("network", "nat", got, { NONE: "none", SINGLE: "single" });
  for (const got of ["none", "single", undefined]) expect(check(got)).not.toThrow();
  expect(check("double")).toThrow('network: nat: got "double", allowed: none, single. Fix: take one of those.');
});
