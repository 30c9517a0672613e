import type * as z from "zod";
import type { USER } from "./attributes";

/** The attributes of a session by its schema, and who is logged in. */
export type SessionAttributes<T extends z.ZodObject> = z.infer<T> & { readonly [USER]?: string };

/**
 * The part of Koa's context that the session layer adds: `new Koa<Koa.DefaultState, SessionContext<typeof schema>>()`.
 *
 * @typeParam T - the schema.
 */
export interface SessionContext<T extends z.ZodObject> {
  /** The attributes, to read and to assign; null after a logout. To log out, assign null. */
  session: Partial<SessionAttributes<T>> | null;
}
