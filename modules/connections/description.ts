import { Token } from "cdktf";
import type { Construct } from "constructs";
import { ValidationError } from "../validation";

/** The form of a description of a security group or rule that EC2 accepts: 1 to 255 characters of this set. */
const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/** @throws {ValidationError} when EC2 does not accept the description of a security group or rule. */
export function checkDescription(scope: Construct, description: string): void {
  if (Token.isUnresolved(description) || DESCRIPTION.test(description)) return;
  throw new ValidationError(scope, {
    what: "description",
    got: `${JSON.stringify(description)} (${description.length} characters)`,
    allowed: "1 to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *",
    fix: "shorten it and leave out other characters",
  });
}
