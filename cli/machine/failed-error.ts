import { UserError } from "../../environment/user-error";

/** An error of the work that a command started: an apply, a build, a push. The exit code is 1; other errors of users have 2. */
export class FailedError extends UserError {
  override readonly name = "FailedError";
}
