import type { Context } from "koa";
import { parseFields } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import type { PageDependencies } from "../visitor";

/**
 * Creates a handler that ends the visitor's session and redirects to `path`.
 *
 * A request without a session ends nothing, so it needs no token: a second click, another tab and a form from before the expiry
 * get a 303 too. Its cookies stay as they are. A browser sends no cookie on a request from another site (SameSite), and such a
 * request must not log the visitor out.
 */
export function logOut({ sessions, forms }: PageDependencies, path: string) {
  return async (ctx: Context): Promise<void> => {
    const session = sessions.of(ctx);
    if (session.reference !== undefined) {
      await forms.assert(parseFields(ctx.request.body), session);
      session.logout();
      // "cookies" would clear the cookies of the whole registrable domain. The layer expires the session's own cookie.
      ctx.set("Clear-Site-Data", '"cache", "storage"');
    }
    seeOther(ctx, path);
  };
}
