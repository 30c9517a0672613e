import type { Context, Middleware } from "koa";
import type { Environment } from "../../environment";
import { Refusal } from "../refusal";

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Refuses what another site makes a browser send (ASVS 5.0 3.5.1): on anything that may change state, Sec-Fetch-Site
 * where the browser sends it (https), and Origin must be this site. A request without either comes from no browser,
 * so it carries no visitor's cookie by accident.
 */
export function requireSameOrigin(environment: Pick<Environment, "publicScheme" | "publicOrigin">): Middleware {
  return function sameOrigin(ctx, next) {
    if (!SAFE_METHODS.has(ctx.method)) {
      const site = ctx.get("Sec-Fetch-Site");
      const origin = ctx.get("Origin");
      const expected = environment.publicOrigin ?? ownOrigin(ctx, environment.publicScheme);
      const isOwn =
        (origin === "" || origin === expected) && (site === "" || site === "same-origin" || site === "none");
      if (!isOwn) throw new Refusal(403, ({ refusals }) => refusals.otherSite);
    }
    return next();
  };
}

/** From the Host header alone: X-Forwarded-Host is anybody's. */
function ownOrigin(ctx: Context, scheme: string): string {
  return `${scheme}://${ctx.req.headers.host ?? ""}`;
}
