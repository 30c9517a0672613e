import type { Context } from "koa";
import { parseFields } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import type { PageDependencies } from "../visitor";

/**
 * A handler that ends the visitor's session and leads to `path`. Without a session there is nothing to end and nothing to guard: a
 * second click, another tab or a form from before the expiry is 303 too, and leaves cookies as they are. A browser that holds
 * the cookie back (SameSite, on a request from another site) is such a visitor: their cookie must stay.
 */
export function logOut({ sessions, forms }: PageDependencies, path: string) {
  return async (ctx: Context): Promise<void> => {
    const session = sessions.of(ctx);
    if (session.reference !== undefined) {
      await forms.assert(parseFields(ctx.request.body), session);
      session.logout();
      // "cookies" would clear the whole registrable domain: the session's own cookie expires with the session.
      ctx.set("Clear-Site-Data", '"cache", "storage"');
    }
    seeOther(ctx, path);
  };
}
