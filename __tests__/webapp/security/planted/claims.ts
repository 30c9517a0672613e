import { BROWSER_CLAIMS } from "./browser-claims";
import type { Claim } from "./claim";
import { LOGIN_CLAIMS } from "./login-claims";
import { OTHER_CLAIMS } from "./other-claims";
import { SESSION_CLAIMS } from "./session-claims";

/** Each row of docs/security.md, with the faults that its tests must notice. */
export const CLAIMS: readonly Claim[] = [...SESSION_CLAIMS, ...BROWSER_CLAIMS, ...LOGIN_CLAIMS, ...OTHER_CLAIMS];
