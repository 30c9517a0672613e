import { type Given, words } from "./fixtures";

/** One thing AWS refuses. */
export interface RefusedCommand {
  /** Its name in the double; "moto" where moto refuses by itself. */
  readonly rule: string;
  readonly what: string;
  /** Error code. */
  readonly says: string;
  /** Of the AWS CLI. */
  readonly command: (given: Given) => string[];
}

type Command = (given: Given) => string;

/** By its command line. */
export const line = (rule: string, what: string, says: string, command: Command): RefusedCommand => ({
  rule,
  what,
  says,
  command: (given) => words(command(given)),
});
