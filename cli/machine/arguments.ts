import { parseArgs } from "node:util";
import { UserError } from "../../environment/user-error";
import { formatCommand, IS_REPOSITORY } from "./root";

/** An option of a command. */
export interface Option {
  readonly says: string;
  /** Name of the value in the usage. @default - the option has no value */
  readonly value?: string;
  /** The allowed values. @default - any text */
  readonly choices?: readonly string[];
  /** Whether the option can have several values: `--fail-on ports roles`, or the option again. @default false */
  readonly isList?: true;
  /** Whether the option needs the repository's stacks. The package then does not have it. @default false */
  readonly isForRepository?: true;
}

/** The options of a command, under their names. */
export type Options = Readonly<Record<string, Option>>;

/** Values of the given options; undefined for others. */
export type Values<O extends Options> = {
  readonly [K in keyof O]:
    | (NonNullable<O[K]> extends { readonly isList: true }
        ? readonly string[]
        : NonNullable<O[K]> extends { readonly value: string }
          ? string
          : true)
    | undefined;
};

/** The arguments that a command takes, and its description. */
export interface Takes<O extends Options> {
  /** Its name: `npm run <name>` here, `npx session-store <name>` elsewhere. */
  readonly name: string;
  /** Its description in the usage. */
  readonly says: string;
  /** Condition of exit code 1, for the usage. @default - never */
  readonly finds?: string;
  /** Arguments that belong to no option, as the stack in `npm run plan -- session-ec2`. @default - none */
  readonly operands?: {
    /** Name of the arguments in the usage. */
    readonly usage: string;
    readonly says: string;
    /** @default - any number */
    readonly atMost?: number;
  };
  readonly options: O;
  /** The last lines of its usage. @default - none */
  readonly note?: string;
}

const HELP: Option = { says: "print this" };

/** The options of a command, in the repository or in the package. */
function listOptions({ options }: Takes<Options>): [name: string, Option][] {
  return Object.entries({ ...options, help: HELP }).filter(
    ([, { isForRepository }]) => IS_REPOSITORY || !isForRepository,
  );
}

/** Parses the arguments of a command; undefined if they ask for help. @throws {UserError} */
export function parse<O extends Options>(
  command: Takes<O>,
  args: readonly string[],
): { readonly operands: readonly string[]; readonly values: Values<O> } | undefined {
  const known = new Map(listOptions(command));
  const types = [...known].map(([name, { value }]) => [name, { type: value === undefined ? "boolean" : "string" }]);
  // Not strict: its errors name neither what is allowed nor this command.
  const { tokens } = parseArgs({ args: [...args], options: Object.fromEntries(types), strict: false, tokens: true });
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  // Where arguments without an option go: behind a list, into the list.
  let into = operands;
  for (const token of tokens) {
    if (token.kind === "positional") into.push(token.value);
    else into = operands;
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    const option = known.get(name);
    if (option === undefined) throw misuse(command, `got ${rawName}, takes --${[...known.keys()].join(", --")}`);
    if (option.value === undefined && value !== undefined)
      throw misuse(command, `${rawName}: got ${value}, takes none`);
    if (option.value !== undefined && (value === undefined || (!inlineValue && /^-./.test(value)))) {
      throw misuse(command, `${rawName}: got nothing, takes ${option.value}`);
    }
    const list = [...((option.isList && values.get(name)) || []), value ?? ""];
    values.set(name, list);
    if (option.isList) into = list;
  }
  if (values.has("help")) return undefined;
  check(command, operands, values);
  const read = ([name, list]: [string, string[]]) => {
    const { value, isList } = known.get(name) as Option;
    return [name, isList ? list : value === undefined ? true : list[0]];
  };
  return { operands, values: Object.fromEntries([...values].map(read)) };
}

/** @throws {UserError} for too many arguments, and for a value that is not among an option's choices. */
function check(
  command: Takes<Options>,
  operands: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): void {
  const { usage: takes = "none", atMost = command.operands ? Number.POSITIVE_INFINITY : 0 } = command.operands ?? {};
  if (operands.length > atMost) throw misuse(command, `got the arguments ${operands.join(" ")}, takes ${takes}`);
  for (const [name, list] of values) {
    const { choices } = command.options[name] as Option;
    const wrong = choices === undefined ? [] : list.filter((value) => !choices.includes(value));
    if (wrong.length > 0) throw misuse(command, `--${name}: got ${wrong.join(", ")}, takes ${choices?.join(", ")}`);
  }
}

function misuse({ name }: Takes<Options>, says: string): UserError {
  const command = formatCommand(name);
  return new UserError(`${command.replace(/ --$/, "")}: ${says}; ${command} --help says more`);
}

/** The text that `--help` prints. */
export function usage(command: Takes<Options>): string {
  const { name, says, finds, operands, note } = command;
  const rows = listOptions(command).map(([option, { says, value, choices, isList }]) => {
    const shown = value === undefined ? "" : ` ${value}${isList ? "..." : ""}`;
    return [`--${option}${shown}`, choices === undefined ? says : `${says}: ${choices.join(", ")}`] as const;
  });
  const all = [...(operands === undefined ? [] : [[operands.usage, operands.says] as const]), ...rows];
  const width = Math.max(...all.map(([left]) => left.length));
  const lines = all.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  const found = finds === undefined ? "" : ` with 1 ${finds},`;
  const notLooked = "with 2 when it could not look:\nbad arguments, input that can't be read, a missing program";
  const first = [formatCommand(name), ...(operands === undefined ? [] : [operands.usage]), "[options]"].join(" ");
  const parts = [first, says, lines.join("\n"), `Ends with 0,${found} ${notLooked}.`];
  return `${[...parts, ...(note === undefined ? [] : [note])].join("\n\n")}\n`;
}
