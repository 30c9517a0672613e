import Router, { type RouterMiddleware } from "@koa/router";
import Koa, { type Middleware } from "koa";
import type { Logger } from "pino";
import type { Environment } from "../environment";
import { requireAllowedAddress } from "./allowed-addresses";
import { answerErrors } from "./errors";
import { FormTokens } from "./forms/form-token";
import { requireSameOrigin } from "./forms/same-origin";
import { type Authentication, demoLogin } from "./login/authentication";
import type { LoginThrottle } from "./login/throttle";
import type { Metrics } from "./metrics";
import { measureRequests } from "./metrics/measure";
import { logRequests, requireReadableTarget } from "./requests";
import { assetRoutes } from "./routes/assets";
import { addHealthRoutes } from "./routes/health";
import { addHomeRoutes } from "./routes/home";
import { addLoginRoutes } from "./routes/login";
import { addSessionRoutes } from "./routes/session";
import { addSharedRoutes } from "./routes/shared";
import type { KeyRing } from "./secrets/key-ring";
import { securityHeaders } from "./security-headers";
import { createSessions, type SessionEvent, type Store } from "./session";
import { visitorSchema } from "./visitor";

/** The parts that the app uses. It builds and connects none of them. */
export interface AppDependencies {
  readonly environment: Pick<Environment, "publicScheme" | "publicOrigin" | "trustProxy" | "session" | "shownHost"> &
    Partial<Pick<Environment, "allowedCidrs" | "inContainer">>;
  readonly store: Store;
  readonly keys: KeyRing;
  readonly throttle: LoginThrottle;
  readonly log: Logger;
  /** @default - nothing is measured */
  readonly metrics?: Metrics;
  /** Aborted when the process is about to stop. @default - `/readyz` depends on the session store alone */
  readonly stopping?: AbortSignal;
  /** Decides who a visitor is. @default - the demo login: any name, no password */
  readonly authentication?: Authentication;
}

/** The session web app. Order matters: what needs no session comes before it and works when Redis is away. */
export function createApp(dependencies: AppDependencies): Koa {
  const { environment, store, keys, throttle, log, metrics, stopping, authentication = demoLogin } = dependencies;
  const app = new Koa({ proxy: environment.trustProxy > 0, maxIpsCount: environment.trustProxy });
  const secure = environment.publicScheme === "https";
  const { shownHost, inContainer = false } = environment;
  const { limit, onLimit } = environment.session;
  const sessions = createSessions(app, {
    store,
    schema: visitorSchema,
    cookie: { secure },
    limit,
    onLimit,
    eventSalt: keys.sign("session event salt"),
    onEvent: (event) => {
      logSession(log, event);
      metrics?.happened(event);
    },
  });
  const page = { sessions, forms: new FormTokens(keys) };

  // One router: each costs a request its way through all that come before.
  const router = new Router();
  addHealthRoutes(router, store, stopping);
  router.use(sessions.middleware as RouterMiddleware);
  addHomeRoutes(router, page);
  addLoginRoutes(router, { ...page, authentication, throttle });
  addSessionRoutes(router, { ...page, store });
  addSharedRoutes(router, { ...page, throttle, shownHost, inContainer });

  app.use(logRequests(log));
  if (metrics !== undefined) app.use(measureRequests(metrics));
  app.use(answerErrors(log));
  app.use(requireReadableTarget());
  app.use(securityHeaders({ secure }));
  if (environment.allowedCidrs !== undefined) app.use(requireAllowedAddress(environment.allowedCidrs));
  app.use(assetRoutes());
  app.use(requireSameOrigin(environment));
  app.use(router.routes() as Middleware);
  app.use(router.allowedMethods() as Middleware);
  // A request that Koa itself could not answer gets a log line, never a stack trace on stderr. Most are visitors who went away or
  // whose bytes are no HTTP.
  app.on("error", (error: NodeJS.ErrnoException) => {
    const isTheirs = error.code !== undefined && /^(HPE_|ECONN|EPIPE|ERR_STREAM_PREMATURE_CLOSE)/.test(error.code);
    log[isTheirs ? "info" : "error"]({ err: error }, "response");
  });
  return app;
}

function logSession(log: Logger, { error, ...event }: SessionEvent): void {
  if (error === undefined) log.info(event, "session");
  else log.warn({ ...event, error: error instanceof Error ? error.message : String(error) }, "session");
}
