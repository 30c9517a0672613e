import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import helmet from "helmet";
import type { Middleware } from "koa";

const YEAR_SECONDS = 31_536_000;

/**
 * Helmet's headers, with nothing inline allowed (ASVS 5.0 3.4). They never change, so helmet works them out once, not
 * on each request. Browsers obey some of them on https only.
 */
export function securityHeaders({ secure }: { readonly secure: boolean }): Middleware {
  const headers = constantHeaders(secure);
  return function security(ctx, next) {
    ctx.set(headers);
    return next();
  };
}

function constantHeaders(secure: boolean): Record<string, string> {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const self = ["'self'"];
  const none = ["'none'"];
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: none,
        styleSrc: self,
        imgSrc: self,
        formAction: self,
        baseUri: none,
        objectSrc: none,
        frameAncestors: none,
      },
    },
    strictTransportSecurity: secure && { maxAge: YEAR_SECONDS },
    crossOriginOpenerPolicy: secure && { policy: "same-origin" },
    // A second app of the same site may be on plain http: the key is bound to the scheme, not to the site.
    originAgentCluster: secure,
    xFrameOptions: { action: "deny" },
    referrerPolicy: { policy: "same-origin" },
  })(response.req, response, () => undefined);
  return { ...(response.getHeaders() as Record<string, string>), "cache-control": "no-store" };
}
