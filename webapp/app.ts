import Koa from "koa";
import type { Logger } from "pino";
import type { Environment } from "../environment";
import { answerErrors } from "./errors";
import { FormTokens } from "./forms/form-token";
import { requireSameOrigin } from "./forms/same-origin";
import { logRequests } from "./log";
import { assetRoutes } from "./routes/assets";
import { healthRoutes } from "./routes/health";
import { homeRoutes } from "./routes/home";
import { loginRoutes } from "./routes/login";
import type { KeyRing } from "./secrets/key-ring";
import { securityHeaders } from "./security-headers";
import { createSessions, type Store } from "./session";
import { visitorSchema } from "./visitor";

/** What the app stands on. It builds and connects none of it. */
export interface AppDependencies {
  readonly environment: Pick<Environment, "publicScheme" | "publicOrigin" | "trustProxy" | "session">;
  readonly store: Store;
  readonly keys: KeyRing;
  readonly log: Logger;
}

/** The session web app. Order matters: what needs no session stands in front of it and works when Redis is away. */
export function createApp({ environment, store, keys, log }: AppDependencies): Koa {
  const app = new Koa({ proxy: environment.trustProxy > 0, maxIpsCount: environment.trustProxy });
  const secure = environment.publicScheme === "https";
  const sessions = createSessions(app, {
    store,
    schema: visitorSchema,
    cookie: { secure },
    limit: environment.session.limit,
    eventSalt: keys.sign("session event salt"),
    onEvent: ({ error, ...event }) => {
      const level = error === undefined ? "info" : "warn";
      log[level]({ ...event, ...(error instanceof Error ? { error: error.message } : {}) }, "session");
    },
  });
  const page = { sessions, forms: new FormTokens(keys) };

  app.use(logRequests(log));
  app.use(answerErrors(log));
  app.use(securityHeaders({ secure }));
  app.use(assetRoutes());
  app.use(healthRoutes(store));
  app.use(requireSameOrigin(environment));
  app.use(sessions.middleware);
  app.use(homeRoutes(page));
  app.use(loginRoutes(page));
  // What Koa itself could not answer (a broken connection, say): a log line, never a stack trace on stderr.
  app.on("error", (error: Error) => log.error({ err: error }, "response"));
  return app;
}
