import type Router from "@koa/router";
import type { Context } from "koa";
import { parseFields, readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import type { LoginThrottle } from "../login/throttle";
import { renderShared } from "../views/shared";
import { showPage } from "../views/show-page";
import type { PageDependencies } from "../visitor";
import { logOut } from "./log-out";

const INDEX = "/index.html";
/** Path of each container's page, by what the form sends. A load balancer routes by these. */
const CONTAINERS: ReadonlyMap<unknown, string> = new Map([
  ["1", "/1"],
  ["2", "/2"],
]);
const PATHS = [...CONTAINERS.values()];

/** The parts of the shared pages. */
export interface SharedDependencies extends PageDependencies {
  /** The name of this host on the pages. */
  readonly shownHost: string;
  /** Whether the pages number containers, not pages. */
  readonly inContainer: boolean;
  readonly throttle: LoginThrottle;
}

/**
 * `/index.html`, `/1`, `/2`, `/invalidate`: one session that two services behind a load balancer share. The load balancer
 * decides which of them answers: each service serves each path, with the name of its host.
 */
export function addSharedRoutes(router: Router, dependencies: SharedDependencies): void {
  const { sessions, forms, shownHost, inContainer, throttle } = dependencies;
  router.get([INDEX, ...PATHS], (ctx) => show(ctx));

  // A form without script has one address: 307 sends the browser on with the same form to the container it names.
  router.post(INDEX, readForm(), (ctx) => {
    const path = CONTAINERS.get(parseFields(ctx.request.body).container);
    if (path === undefined) {
      ctx.status = 422;
      show(ctx, { isUnclear: true });
      return;
    }
    ctx.redirect(path);
    ctx.status = 307;
    ctx.body = "";
  });

  router.post(PATHS, readForm(), async (ctx) => {
    const session = sessions.of(ctx);
    await forms.assert(parseFields(ctx.request.body), session);
    // A visitor without a session gets one here.
    if (session.reference === undefined) await throttle.admitSession(ctx.ip);
    const { data } = session;
    const container = parseContainer(ctx.path) as number;
    if (data.lastUpdate !== undefined) data.updateBefore = data.lastUpdate;
    data.lastUpdate = { container, host: shownHost, at: Date.now() };
    seeOther(ctx, `/${container}`);
  });

  router.post("/invalidate", readForm(), logOut({ sessions, forms }, INDEX));

  function show(ctx: Context, { isUnclear } = { isUnclear: false }): void {
    const { data, user, reference } = sessions.of(ctx);
    const page = {
      container: parseContainer(ctx.path),
      inContainer,
      host: shownHost,
      user,
      hasSession: reference !== undefined,
      lastUpdate: data.lastUpdate,
      updateBefore: data.updateBefore,
      isUnclear,
      token: forms.issue(reference),
    };
    showPage(ctx, (texts) => renderShared(texts, page));
  }
}

/** The container a path is about; undefined for the index page, which any of them serves. */
function parseContainer(path: string): number | undefined {
  const number = /^\/([12])\/?$/.exec(path)?.[1];
  return number === undefined ? undefined : Number(number);
}
