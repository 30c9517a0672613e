import type { Cluster, Redis } from "ioredis";
import type { Logger } from "pino";
import { type Environment, FUNCTION_ANSWER_SECONDS } from "../../environment";
import { Deadline, inTime } from "../deadline";
import { Metrics } from "../metrics";
import { SessionMetrics } from "../metrics/session-metrics";
import { openApp } from "../open-app";
import { connectTo } from "../redis/connect";
import { FreshLink } from "./fresh-link";
import { answerEvents, type HttpEvent, type HttpResult } from "./http-event";

/** The part of the invocation context that the app reads. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** A secret is read in a tenth of that, or not at all. */
const KEYS_MS = 5000;
/** The rest of the function's time, in which it can still say why it has no answer. Lambda replaces a function that runs out of time. */
const TO_ANSWER_MS = 500;
/** As for a session store that is away. */
const AWAY: HttpResult = {
  statusCode: 503,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "retry-after": "2" },
  body: "Not available at the moment, please try again.\n",
  isBase64Encoded: false,
};

/**
 * The session app as a Lambda function. Key, link and app are made with the first request and serve all that Lambda
 * sends to this process; what could not be made is tried again with the next.
 *
 * @returns a handler that answers before Lambda would end it, and throws at an event that is no HTTP request.
 */
export function createSessionFunction(environment: Environment, log: Logger) {
  const { sessionMetrics: name } = environment;
  const metrics = name === undefined ? undefined : new Metrics();
  const sessionMetrics = name === undefined ? undefined : metrics && new SessionMetrics(name, metrics, log);
  // Lambda sends it to a process with an extension, and kills any other.
  if (sessionMetrics !== undefined) process.once("SIGTERM", () => void sessionMetrics.stop().finally(process.exit));
  let redis: Redis | Cluster | undefined;
  let link: FreshLink | undefined;
  let app: Promise<(event: HttpEvent) => Promise<HttpResult>> | undefined;

  function connect(): void {
    if (environment.redis === undefined || redis !== undefined) return;
    redis = connectTo(environment.redis, log);
    link = new FreshLink(redis);
  }

  async function open() {
    const opening = openApp({ environment, log, redis, metrics });
    const app = await inTime(opening, new Deadline(KEYS_MS), "the secret key");
    return answerEvents(app.callback());
  }

  async function answer(event: HttpEvent): Promise<HttpResult> {
    connect();
    app ??= open();
    const checked = link?.check();
    const respond = await app.catch((error: unknown) => {
      app = undefined;
      throw error;
    });
    await checked;
    const result = await respond(event);
    link?.used();
    return result;
  }

  return async function sessionFunction(event: HttpEvent, invocation: Invocation): Promise<HttpResult> {
    const left = invocation.getRemainingTimeInMillis() - TO_ANSWER_MS;
    const deadline = new Deadline(Math.min(left, FUNCTION_ANSWER_SECONDS * 1000));
    try {
      return await inTime(answer(event), deadline, "the app");
    } catch (error) {
      log.error({ err: error }, "request failed");
      return AWAY;
    } finally {
      await sessionMetrics?.writeIfDue();
    }
  };
}
