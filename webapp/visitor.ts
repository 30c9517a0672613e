import * as z from "zod";
import type { FormTokens } from "./forms/form-token";
import type { Sessions } from "./session";

/** One container's mark in a shared session. */
const sharedUpdate = z.object({
  container: z.number().int(),
  host: z.string().max(255),
  /** Milliseconds since 1970, by that host's clock. */
  at: z.number().int(),
});
/** One container's mark in a shared session. */
export type SharedUpdate = z.infer<typeof sharedUpdate>;

/** The data that this app keeps in a visitor's session. */
export const visitorSchema = z.object({
  /** How often the visitor has seen the home page since login; counted in the store. */
  visits: z.number().int().optional(),
  /** Which container updated the session on the shared pages, and which before that. */
  lastUpdate: sharedUpdate.optional(),
  updateBefore: sharedUpdate.optional(),
});

/** The parts that pages with a visitor use. */
export interface PageDependencies {
  readonly sessions: Sessions<typeof visitorSchema>;
  readonly forms: FormTokens;
}
