import type { Construct } from "constructs";
import { checkText } from "../validation";

/** Of group, user and snapshot ids. */
const ID = /^[a-z](-?[a-z0-9])*$/;
const ID_FIX = "change namePrefix or the construct's id";

/** @throws {ValidationError} when ElastiCache does not accept an id. */
export function checkId(scope: Construct, what: string, id: string | undefined, fix = ID_FIX): void {
  checkText(scope, what, id, {
    pattern: ID,
    allowed: "letters, digits and single hyphens, a letter first and no hyphen last",
    fix,
  });
}
