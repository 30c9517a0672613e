import type { Cluster, Redis } from "ioredis";
import Keygrip from "keygrip";
import Koa, { type Middleware } from "koa";
import { parseFields } from "../forms/read-form";
import { requireSameOrigin } from "../forms/same-origin";
import { assetRoutes } from "../routes/assets";
import { securityHeaders } from "../security-headers";
import { renderFailure } from "./pages";

/** Dependencies of all examples. */
export interface BaseDependencies {
  /** Keys that sign cookies, the newest first: SECRET_KEY. */
  readonly keys: readonly string[];
  /** Gets one line with the reason of a failed request. */
  readonly report: (line: string) => void;
}

/** Dependencies of examples 2 to 4. */
export interface ExampleDependencies extends BaseDependencies {
  readonly redis: Redis | Cluster;
  /** First part of the examples' keys in Redis. */
  readonly prefix: string;
  /** Lifetime of a count without a visit, in seconds; in examples 3 and 4. @default 10 */
  readonly ttlSeconds?: number;
}

/** A Koa app with the parts that all examples share. */
export function createBaseApp({ keys, report, redis }: BaseDependencies & { readonly redis?: Redis | Cluster }): Koa {
  const app = new Koa();
  // Koa's own default is SHA-1.
  app.keys = new Keygrip([...keys], "sha256");
  app.use(answerErrors(report, redis));
  app.use(securityHeaders({ secure: false }));
  app.use(assetRoutes());
  // A form on another site cannot log a visitor in or out.
  app.use(requireSameOrigin({ publicScheme: "http", publicOrigin: undefined }));
  return app;
}

/**
 * Checks the form's only field.
 *
 * @returns the name, or the reason for its refusal.
 */
export function readUsername(body: unknown): { readonly username: string } | { readonly problem: string } {
  const { username } = parseFields(body);
  const name = typeof username === "string" ? username.trim() : "";
  if (name === "") return { problem: "Please enter a name." };
  if (name.length > 64) return { problem: "Please enter at most 64 characters." };
  return { username: name };
}

function answerErrors(report: (line: string) => void, redis?: Redis | Cluster): Middleware {
  return async function errors(ctx, next) {
    try {
      await next();
      if (ctx.status >= 400 && ctx.body == null) show(ctx.status, ctx.message);
    } catch (error) {
      const { status, expose, message } = error as { status?: number; expose?: boolean; message: string };
      if (status !== undefined) return show(status, expose ? message : "Something went wrong");
      report(`${ctx.method} ${ctx.path}: ${message}`);
      // A ping tells whether Redis is down, or the error is in the app.
      const isAway = redis !== undefined && !(await redis.ping().catch(() => false));
      show(isAway ? 503 : 500, isAway ? "Redis can't be reached right now" : "Something went wrong");
    }

    function show(status: number, text: string): void {
      ctx.status = status;
      ctx.type = "html";
      ctx.body = renderFailure(text);
    }
  };
}
