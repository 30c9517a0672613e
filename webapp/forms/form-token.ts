import { Refusal } from "../refusal";
import type { KeyRing } from "../secrets/key-ring";

/** The field every form carries. */
const FORM_TOKEN_FIELD = "token";

/** A form left open longer than this has to be loaded again. Milliseconds. */
const MAX_AGE_MS = 12 * 60 * 60 * 1000;

/** A visitor's session, as forms are bound to it. */
interface FormOwner {
  /** The visitor's session as a page may call it; undefined without a session. */
  readonly reference: string | undefined;
  /** The same of an ended session whose id is still in the visitor's cookie; undefined without one. */
  readonly endedReference: string | undefined;
}

/**
 * The second guard against forged requests, beside Origin and SameSite (ASVS 5.0 3.5.1): what a form carries and
 * another site can't know. Bound to the visitor's session, if they have one.
 */
export class FormTokens {
  readonly #keys: KeyRing;
  readonly #now: () => number;

  constructor(keys: KeyRing, now: () => number = Date.now) {
    this.#keys = keys;
    this.#now = now;
  }

  /** @param binding - the visitor's session as a page may call it; undefined for a visitor without one. */
  issue(binding: string | undefined): string {
    const issuedAt = this.#now().toString(36);
    return `${issuedAt}.${this.#keys.sign(signed(issuedAt, binding))}`;
  }

  async accepts(token: unknown, binding: string | undefined): Promise<boolean> {
    if (typeof token !== "string" || token.length > 100) return false;
    const [issuedAt = "", signature = ""] = token.split(".");
    const age = this.#now() - Number.parseInt(issuedAt, 36);
    if (!(age >= 0 && age <= MAX_AGE_MS)) return false;
    return this.#keys.verify(signed(issuedAt, binding), signature);
  }

  /** Whether this visitor was given the form: in their session, or in an ended one whose id is still in their cookie. */
  async isTheirs(fields: Readonly<Record<string, unknown>>, visitor: FormOwner): Promise<boolean> {
    const token = fields[FORM_TOKEN_FIELD];
    if (await this.accepts(token, visitor.reference)) return true;
    return visitor.endedReference !== undefined && this.accepts(token, visitor.endedReference);
  }

  /** @throws {Refusal} (403) when the form is not one that this visitor was given. */
  async assert(fields: Readonly<Record<string, unknown>>, visitor: FormOwner): Promise<void> {
    if (!(await this.isTheirs(fields, visitor))) throw new Refusal(403, ({ refusals }) => refusals.oldForm);
  }
}

function signed(issuedAt: string, binding: string | undefined): string {
  return `form:${issuedAt}:${binding ?? "no session"}`;
}
