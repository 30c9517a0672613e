import type Router from "@koa/router";
import { renderHome } from "../views/home";
import { showPage } from "../views/show-page";
import type { PageDependencies } from "../visitor";

/** `/`: who the visitor is and how often they came. The one GET that changes state, by name: it counts. */
export function addHomeRoutes(router: Router, { sessions, forms }: PageDependencies): void {
  router.get("/", async (ctx) => {
    const session = sessions.of(ctx);
    // The router hands HEAD in here too: that one looks and does not count.
    const counts = session.user !== undefined && ctx.method === "GET";
    const visits = counts ? await session.increment("visits") : session.data.visits;
    // Ended while this request was under way: then the visitor is not logged in, whatever they were at its start.
    const { user } = session;
    showPage(ctx, (texts) => renderHome(texts, { user, visits, token: forms.issue(session.reference) }));
  });
}
