import type Router from "@koa/router";
import { parseFields, readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import type { Store } from "../session";
import { renderSession } from "../views/session";
import { showPage } from "../views/show-page";
import type { PageDependencies } from "../visitor";

/** The parts of the session page. */
export interface SessionPageDependencies extends PageDependencies {
  readonly store: Store;
}

/** `/session`: the visitor's own session as the store holds it, and the user's others, to end (ASVS 5.0 7.4.3, 7.5.2). */
export function addSessionRoutes(router: Router, { sessions, forms, store }: SessionPageDependencies): void {
  router.get("/session", async (ctx) => {
    const session = sessions.of(ctx);
    const { key, user, reference } = session;
    const [held, all] = await Promise.all([key === undefined ? undefined : store.peek(key), session.list()]);
    const page = {
      user,
      held: held && { name: store.nameOf(key as string), ...held },
      maxAgeSeconds: store.lifetimes.maxAgeSeconds,
      others: all.filter((other) => other.reference !== reference),
      token: forms.issue(reference),
    };
    showPage(ctx, (texts) => renderSession(texts, page));
  });

  router.post("/session/end", readForm(), async (ctx) => {
    const session = sessions.of(ctx);
    const { reference, ...fields } = parseFields(ctx.request.body);
    // Without a session there is nothing to end: the page shows that the session has ended.
    if (session.reference !== undefined) await forms.assert(fields, session);
    if (typeof reference === "string") await session.end(reference);
    seeOther(ctx, "/session");
  });

  router.post("/session/end-others", readForm(), async (ctx) => {
    const session = sessions.of(ctx);
    if (session.reference !== undefined) await forms.assert(parseFields(ctx.request.body), session);
    await session.endOthers();
    seeOther(ctx, "/session");
  });
}
