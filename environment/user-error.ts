/**
 * An error that the person who runs a command mends: a wrong setting, argument or file, a missing program. Its message says
 * what, got, allowed, fix. A command prints it without a stack trace.
 */
export class UserError extends Error {
  /** Tells it from other errors. */
  override readonly name: string = "UserError";
}
