import * as z from "zod";
import type { FormTokens } from "./forms/form-token";
import type { Sessions } from "./session";

/** What this app keeps in a visitor's session. */
export const visitorSchema = z.object({
  /** How often the visitor has seen the home page since login; counted in the store. */
  visits: z.number().int().optional(),
});

/** What the pages that know the visitor stand on. */
export interface PageDependencies {
  readonly sessions: Sessions<typeof visitorSchema>;
  readonly forms: FormTokens;
}
