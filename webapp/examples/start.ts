import { randomBytes } from "node:crypto";
import type Koa from "koa";
import { type Environment, type RedisConnection, readEnvironment } from "../../environment";
import { describeListenError } from "../../environment/listen-error";
import { openRedis } from "../redis/open";
import type { ExampleDependencies } from "./base-app";
import { createExample1 } from "./example-1";
import { createExample2 } from "./example-2";
import { createExample3 } from "./example-3";
import { createExample4 } from "./example-4";

const EXAMPLES = new Map<string, (dependencies: ExampleDependencies) => Koa>([
  ["2", createExample2],
  ["3", createExample3],
  ["4", createExample4],
]);

const LOCAL_REDIS = "redis://127.0.0.1:6379";

const USAGE = `npm run example -- <1, 2, 3 or 4>

Starts one of the tutorial's four examples on http://127.0.0.1:5000, or on PORT. 2, 3 and 4 take their Redis from REDIS_URL,
${LOCAL_REDIS} when left out.

Ends with 0, with 2 when it could not start.
`;

/** `npm run example -- 3`: one of the tutorial's four examples, on a laptop. */
async function start(number = "nothing"): Promise<void> {
  if (number === "--help") {
    process.stdout.write(USAGE);
    return;
  }
  const create = EXAMPLES.get(number);
  if (create === undefined && number !== "1") throw new Error(`example: got ${number}, takes 1, 2, 3 or 4`);

  const local = process.env.REDIS_CLUSTER_ENDPOINT ? {} : { REDIS_URL: process.env.REDIS_URL || LOCAL_REDIS };
  const environment = readEnvironment({ ...process.env, ...local });
  const base = { keys: readKeys(environment), report: say };
  if (create === undefined) return listen(createExample1(base), environment);

  const redis = await openRedis(environment.redis as RedisConnection);
  listen(create({ ...base, redis, prefix: `${environment.session.prefix}example:` }), environment);
}

function readKeys({ secretKey }: Environment): readonly string[] {
  switch (secretKey.kind) {
    case "keys":
      return secretKey.keys;
    case "secret":
      throw new Error("SECRET_KEY_ARN: got a value, takes none here: the examples have their keys from SECRET_KEY");
    case "random":
      say("SECRET_KEY is not set: this run signs with a key of its own, and the next one will not know its cookies");
      return [randomBytes(32).toString("hex")];
  }
}

function listen(app: Koa, { host, port }: Environment): void {
  const server = app.listen(port, host, () => say(`listening on http://${host}:${port}`));
  server.once("error", (error) => fail(describeListenError("PORT", `${host}:${port}`, error)));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function fail(reason: string): never {
  say(reason);
  process.exit(2);
}

start(process.argv[2]).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
