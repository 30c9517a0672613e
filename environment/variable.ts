/** An environment variable: its parser, and the allowed values for error messages. */
export interface Variable<T> {
  /** The allowed values, for the end of the message "NAME: got VALUE, takes ...". */
  readonly takes: string;
  /** Parses a text; undefined for a text that is not allowed. */
  read(text: string): T | undefined;
  /** Value of a variable that is not set. */
  readonly unset: T | undefined;
}

/** A variable that may be left out, or that has a default. */
export interface OptionalVariable<T> extends Variable<T> {
  readonly unset: undefined;
  default(value: T): Variable<T> & { readonly unset: T };
}

function variable<T>(takes: string, read: (text: string) => T | undefined): OptionalVariable<T> {
  return { takes, read, unset: undefined, default: (value) => ({ takes, read, unset: value }) };
}

/** A whole number in decimal digits. */
export function whole(min: number, max: number): OptionalVariable<number> {
  return variable(`a whole number from ${min} to ${max}`, (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  });
}

/** One of these words. */
export function oneOf<const T extends string>(...words: readonly T[]): OptionalVariable<T> {
  const takes = words.map((word) => `"${word}"`).join(" or ");
  return variable(takes, (text) => words.find((word) => word === text));
}

/** A comma-separated list of at least one value. */
export function list(isOne: (text: string) => boolean, takes: string): OptionalVariable<readonly string[]> {
  return variable(takes, (text) => {
    const values = text.split(",").map((value) => value.trim());
    return values.every(isOne) ? values : undefined;
  });
}

/** A text of this form. */
export function text(pattern: RegExp, takes: string): OptionalVariable<string> {
  return variable(takes, (value) => (pattern.test(value) ? value : undefined));
}
