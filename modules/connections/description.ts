import { Token } from "cdktf";
import type { Construct } from "constructs";
import { ValidationError } from "../validation";

/** What EC2 takes as the description of a security group or rule: 255 characters of this set. */
const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/** @throws {ValidationError} when a description of a security group or rule is one EC2 does not take. */
export function checkDescription(scope: Construct, description: string): void {
  if (Token.isUnresolved(description) || DESCRIPTION.test(description)) return;
  throw new ValidationError(scope, {
    what: "description",
    got: `${JSON.stringify(description)} (${description.length} characters)`,
    allowed: "1 to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *",
    fix: "shorten it and leave out other characters",
  });
}
