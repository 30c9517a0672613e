import { parse, usage } from "../../../cli/machine/arguments";
import { UserError } from "../../../environment";

const command = {
  name: "sail",
  says: "Sails.",
  finds: "when there is land",
  operands: { usage: "[port]", says: "where to", atMost: 1 },
  options: {
    file: { value: "<chart>", says: "a chart; - is standard input" },
    wind: { value: "<wind>", says: "from where", choices: ["north", "south"] },
    crew: { value: "<name>", says: "who comes along", isList: true },
    fast: { says: "all sails" },
  },
  note: "Mind the rocks.",
} as const;
const given = (...args: string[]) => parse(command, args);

describe("the arguments of a command", () => {
  it.each([
    { args: [], operands: [], values: {} },
    { args: ["kobe", "--fast"], operands: ["kobe"], values: { fast: true } },
    { args: ["--file", "-", "kobe"], operands: ["kobe"], values: { file: "-" } },
    { args: ["--file=--x", "--wind", "north"], operands: [], values: { file: "--x", wind: "north" } },
    { args: ["--file", "a", "--file", "b"], operands: [], values: { file: "b" } },
    {
      args: ["kobe", "--crew", "ann", "bob", "--fast"],
      operands: ["kobe"],
      values: { crew: ["ann", "bob"], fast: true },
    },
    { args: ["--crew", "ann", "--crew", "bob"], operands: [], values: { crew: ["ann", "bob"] } },
    { args: ["--crew", "ann", "--", "kobe"], operands: ["kobe"], values: { crew: ["ann"] } },
  ])("are read: $args", ({ args, operands, values }) => {
    expect(given(...args)).toEqual({ operands, values });
  });

  it.each([
    { args: ["--sale"], says: "got --sale, takes --file, --wind, --crew, --fast, --help" },
    { args: ["-x"], says: "got -x, takes --file, " },
    { args: ["--constructor"], says: "got --constructor, takes --file, " },
    { args: ["--fast=yes"], says: "--fast: got yes, takes none" },
    { args: ["--file"], says: "--file: got nothing, takes <chart>" },
    { args: ["--file", "--fast"], says: "--file: got nothing, takes <chart>" },
    { args: ["--wind", "west"], says: "--wind: got west, takes north, south" },
    { args: ["kobe", "osaka"], says: "got the arguments kobe osaka, takes [port]" },
  ])("are refused with what it got and what it takes: $args", ({ args, says }) => {
    expect(() => given(...args)).toThrow(UserError);
    expect(() => given(...args)).toThrow(`npm run sail: ${says}`);
  });

  it("ask for help, even where something else is wrong with them", () => {
    expect(given("--help", "--wind", "west")).toBeUndefined();
    expect(usage(command)).toBe(`npm run sail -- [port] [options]

Sails.

  [port]            where to
  --file <chart>    a chart; - is standard input
  --wind <wind>     from where: north, south
  --crew <name>...  who comes along
  --fast            all sails
  --help            print this

Ends with 0, with 1 when there is land, with 2 when it could not look:
bad arguments, input that can't be read, a missing program.

Mind the rocks.
`);
  });
});
