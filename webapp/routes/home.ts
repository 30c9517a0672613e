import type Router from "@koa/router";
import { renderHome } from "../views/home";
import { showPage } from "../views/show-page";
import type { PageDependencies } from "../visitor";

/** `/`: the visitor's name and number of visits. It is the one GET that changes state: it counts. */
export function addHomeRoutes(router: Router, { sessions, forms }: PageDependencies): void {
  router.get("/", async (ctx) => {
    const session = sessions.of(ctx);
    // The router hands HEAD in here too: that one looks and does not count.
    const counts = session.user !== undefined && ctx.method === "GET";
    const visits = counts ? await session.increment("visits") : session.data.visits;
    // The session may have ended during this request. Then the visitor is not logged in any more.
    const { user } = session;
    showPage(ctx, (texts) => renderHome(texts, { user, visits, token: forms.issue(session.reference) }));
  });
}
