import { UserError } from "../../environment/user-error";

/** The command did its part, and the work failed: an apply, a build, a push. Its exit code is 1, that of other user's errors 2. */
export class FailedError extends UserError {
  override readonly name = "FailedError";
}
