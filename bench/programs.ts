import path from "node:path";
import { APP_BUNDLE, BENCH, type Program } from "./served";

/** One line of the table: a program and the page that is asked for. */
export interface Contender extends Program {
  readonly key: string;
  readonly path: string;
  /** Does its page count in a session? */
  readonly hasSession: boolean;
}

const peer = (file: string) => path.join(BENCH, "peers", `${file}.mjs`);
const LAYER = path.join(BENCH, "dist/layer-app.js");

const plain = { path: "/", hasSession: false };
const session = { path: "/", hasSession: true };

/** As the topologies set it up: production, behind one proxy that ends TLS, log and metrics on. */
const appEnvironment: Contender["environment"] = ({ redis, free }) => ({
  REDIS_URL: `redis://127.0.0.1:${redis}`,
  PUBLIC_SCHEME: "https",
  TRUST_PROXY: "1",
  HOST: "127.0.0.1",
  SECRET_KEY: "a-secret-key-of-the-benchmark-alone",
  LOGIN: "demo",
  METRICS_PORT: String(free),
});

/** The programs that are compared, in the order of the table. */
export const CONTENDERS = [
  { key: "node", name: "plain node http", file: peer("plain-node"), ...plain },
  { key: "koa", name: "plain Koa", file: peer("plain-koa"), ...plain },
  { key: "twoCommands", name: "plain Koa + two bare commands, no session", file: peer("koa-two-commands"), ...plain },
  { key: "layer", name: "our session layer, counter", file: LAYER, ...session },
  { key: "assign", name: "our session layer, assignment", file: LAYER, ...session, path: "/assign" },
  { key: "read", name: "our session layer, read only", file: LAYER, ...session, path: "/read" },
  { key: "koaJson", name: "koa-session + auto-pipelined JSON store", file: peer("koa-session-json"), ...session },
  { key: "koaRedis", name: "koa-session + koa-redis", file: peer("koa-session-koa-redis"), ...session },
  { key: "fastify", name: "fastify + @fastify/session + connect-redis", file: peer("fastify-session"), ...session },
  { key: "express", name: "express-session + connect-redis", file: peer("express-session"), ...session },
  { key: "app", name: "the shipped app", file: APP_BUNDLE, ...session, environment: appEnvironment, ready: "/readyz" },
] as const satisfies readonly Contender[];

/** The key of a contender. */
export type Key = (typeof CONTENDERS)[number]["key"];

/** The contender with this key. */
export function contender(key: Key): Contender {
  return CONTENDERS.find((one) => one.key === key) as Contender;
}
