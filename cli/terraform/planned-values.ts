import { UnknownValueError, type Value, type Values } from "./configuration";

/** The parts of a Terraform plan for one resource, or for one block in it. */
export interface Planned {
  /** Known values. Terraform omits them if every argument is known only after apply. */
  readonly values?: Values;
  /** `after_unknown` of the change: `true` stands for a whole value, an object or a list for a part of it. */
  readonly unknown?: Values;
  /** `expressions` of the configuration: each argument as it is written. */
  readonly expressions?: Values;
}

/**
 * A resource's arguments in a plan. An argument that is known only after apply is read as it is written, `${...}`
 * included, as in a synthesized stack. A plan of Terraform's own language does not contain the written text, and a read of such an
 * argument throws {@link UnknownValueError}.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */
export function plannedValues({ values = {}, unknown = {}, expressions = {} }: Planned): Values {
  const all: Record<string, Value> = { ...values };
  for (const [name, expression] of Object.entries(expressions)) {
    if (!isUnknown(unknown[name])) continue;
    const written = readConstant(expression);
    if (written !== undefined) all[name] = withKnown(written, values[name]);
    else if (Array.isArray(expression)) all[name] = plannedBlocks(expression, values[name], unknown[name]);
    else if (unknown[name] === true) raiseWhenRead(all, name);
  }
  return all;
}

/** Whether a value, or a part of it, is known only after apply. */
function isUnknown(unknown: Value | undefined): boolean {
  if (typeof unknown !== "object" || unknown === null) return unknown === true;
  return Object.values(unknown).some((part) => isUnknown(part as Value));
}

/** An argument as it is written. A plan of a JSON configuration has it whole, with references as `${...}`. */
export function readConstant(expression: Value | undefined): Value | undefined {
  return isObject(expression) ? expression.constant_value : undefined;
}

/** Merges a written map with its entries that the plan knows. */
function withKnown(written: Value, known: Value | undefined): Value {
  return isObject(written) && isObject(known) ? { ...written, ...known } : written;
}

function plannedBlocks(expressions: readonly Value[], values: Value | undefined, unknown: Value | undefined): Value[] {
  return expressions.map((block, index) =>
    plannedValues({
      values: objectAt(values, index),
      unknown: objectAt(unknown, index),
      expressions: isObject(block) ? block : {},
    }),
  );
}

function objectAt(list: Value | undefined, index: number): Values {
  const one = Array.isArray(list) ? list[index] : undefined;
  return isObject(one) ? one : {};
}

function isObject(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function raiseWhenRead(values: Record<string, Value>, argument: string): void {
  Object.defineProperty(values, argument, {
    get: () => {
      throw new UnknownValueError(argument);
    },
  });
}
