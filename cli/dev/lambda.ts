import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { main } from "../machine/command";
import { listenOn, type Opened, print, readStack, STACK_FILE, serve, stackFile } from "./command";
import { openDynamodb, PHOTOS } from "./lambda/dynamodb";
import { LocalFunction } from "./lambda/function";
import { HttpApi } from "./lambda/http-api";
import { InvokeApi } from "./lambda/invoke-api";
import { openMemcached } from "./lambda/memcached";
import { type LambdaStack, readLambdaStack, type StackFunction } from "./lambda/stack";
import { unzip } from "./lambda/unzip";
import { openRedis } from "./redis";

const DEFAULT_PORT = 8080;
const DEFAULT_INVOKE_PORT = 8081;

/** Turns off the AWS SDK's warning about Node 20. It is about this machine; on Lambda, the function runs on `lambda.runtime`. */
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };

type Variables = Readonly<Record<string, string>>;

/**
 * Runs the Lambda topology on a laptop: the functions' zips in processes that are frozen between requests, an HTTP API in front of
 * the app, Lambda's API for the other functions, and local caches and a local table in place of those in AWS.
 */
async function start(opened: Opened, file: string): Promise<void> {
  Object.assign(process.env, QUIET);
  const stack = readStack(file, (synthesized) => readLambdaStack(synthesized, path.dirname(file)));
  const code = mkdtempSync(path.join(os.tmpdir(), "functions-"));
  await opened.add(() => rmSync(code, { recursive: true, force: true }));
  const redis = await openRedis(process.env.REDIS_URL);
  await opened.add(() => redis.stop());

  async function open(one: StackFunction, places: Variables): Promise<LocalFunction> {
    const { name, zip, handler, timeoutSeconds, memoryMib, mostAtOnce, told } = one;
    const root = path.join(code, name);
    unzip(zip, root);
    const environment = {
      ...withoutPlaces(one.variables),
      ...QUIET,
      LOG_LEVEL: "warn",
      ...places,
      ...ownVariables(told),
    };
    const made = new LocalFunction({
      name,
      region: stack.region,
      root,
      handler,
      environment,
      timeoutSeconds,
      memoryMib,
      ...(mostAtOnce !== undefined && { mostAtOnce }),
      say: print,
    });
    await opened.add(() => made.stop());
    return made;
  }

  const app = await open(stack.web, {
    REDIS_URL: redis.url,
    SECRET_KEY: randomBytes(32).toString("base64url"),
    PUBLIC_SCHEME: "http",
  });
  const api = new HttpApi((event) => app.invoke(event), { say: print });
  const url = await listenOn("PORT", DEFAULT_PORT, (port) => api.listen(port));
  await opened.add(() => api.stop());

  const functions = new Map([[stack.web.name, app]]);
  for (const one of stack.others) {
    const places = await locateServices(one, stack, redis.url, opened).catch((error: Error) => {
      print(`${one.name} is left out: ${error.message}`);
    });
    if (places !== undefined) functions.set(one.name, await open(one, places));
  }
  const lambda = new InvokeApi(functions);
  const lambdaUrl = await listenOn("INVOKE_PORT", DEFAULT_INVOKE_PORT, (port) => lambda.listen(port));
  await opened.add(() => lambda.stop());

  for (const { name, told } of stack.others.filter((one) => functions.has(one.name))) {
    const event = told.has("PHOTO_TABLE") ? JSON.stringify({ photo: PHOTOS[0] }) : "{}";
    print(`${name}: curl -d '${event}' ${lambdaUrl}/2015-03-31/functions/${name}/invocations`);
  }
  print(`listening on ${url}; Ctrl-C stops`);
}

/** The local addresses of the services that a function uses in AWS. */
async function locateServices(
  { told }: StackFunction,
  { tables, region }: LambdaStack,
  redisUrl: string,
  opened: Opened,
): Promise<Variables> {
  const places: Record<string, string> = {};
  if (told.has("MEMCACHED_ENDPOINT")) {
    const memcached = await openMemcached();
    await opened.add(() => memcached.stop());
    Object.assign(places, { MEMCACHED_ENDPOINT: memcached.endpoint, MEMCACHED_TLS: "false" });
  } else {
    Object.assign(places, { REDIS_URL: redisUrl });
  }
  const dynamodb = await openDynamodb(process.env.AWS_ENDPOINT_URL_DYNAMODB, tables, region);
  await opened.add(() => dynamodb.stop());
  const { AWS_ACCESS_KEY_ID = "local", AWS_SECRET_ACCESS_KEY = "local" } = process.env;
  return { ...places, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
}

/** The variables of a function without those for its place and its visitors' networks. */
function withoutPlaces(variables: Variables): Variables {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !/^((REDIS|MEMCACHED|PUBLIC)_|ALLOWED_CIDRS$)/.test(name)),
  );
}

/** The variables of this shell that override a variable of the stack. */
function ownVariables(told: ReadonlySet<string>): Variables {
  const names = [...told, "LOG_LEVEL"].filter((name) => !/^(REDIS|MEMCACHED|PUBLIC|SECRET)_/.test(name));
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

void main({
  name: "dev:lambda",
  says:
    "Plays the stack session-lambda on this machine: its functions, the HTTP API on http://127.0.0.1:8080 or PORT, Lambda's\n" +
    "own API on 8081 or INVOKE_PORT, Redis, memcached and DynamoDB.",
  operands: STACK_FILE,
  options: {},
  async run([named]) {
    const file = await stackFile("session-lambda", named);
    await serve((opened) => start(opened, file));
  },
});
