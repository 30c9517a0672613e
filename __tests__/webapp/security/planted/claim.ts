/** An edit of one line of the app that breaks a promise. */
export interface Fault {
  /** From the root of the repository. */
  readonly file: string;
  /** Part of one line, in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

/** A row of docs/security.md, one of the tests it names, and faults that this test must notice. */
export interface Claim {
  /** First cell of the row. */
  readonly row: string;
  /** Under `__tests__/webapp`. */
  readonly test: string;
  /** Part of the test's name, as the row gives it. */
  readonly name: string;
  readonly faults: readonly Fault[];
}

/** Writes a claim's faults in one file as `from` and `to`. */
export function plant(file: string, ...lines: readonly (readonly [from: string, to: string])[]): Fault[] {
  return lines.map(([from, to]) => ({ file, from, to }));
}
