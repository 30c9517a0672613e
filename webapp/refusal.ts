import { ENGLISH, type Texts } from "./languages";

/** A visitor's mistake. The answer is an error page that says why, in the visitor's language. */
export class Refusal extends Error {
  override readonly name: string = "Refusal";
  readonly expose = true;

  /**
   * @param status - 400 to 499.
   * @param explain - the reason out of a language's texts; the error's own message has it in English.
   * @param headers - of the answer.
   */
  constructor(
    readonly status: number,
    readonly explain: (texts: Texts) => string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(explain(ENGLISH));
  }
}
