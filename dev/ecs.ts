import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { EnvironmentVariables } from "../environment";
import { type Listener, readListener } from "./listener";
import { LoadBalancer } from "./load-balancer";
import { openRedis } from "./redis";
import { Service } from "./service";

/** Where `npm run synth` writes the stack. */
const SYNTHESIZED = path.join("cdktf.out", "stacks", "session-ecs", "cdk.tf.json");
const DEFAULT_PORT = 8080;

/**
 * The ECS topology on a laptop: an app process for each target group, Redis, and a load balancer that reads its rules
 * from the synthesized stack. Variables of the environment contract are handed on to the app.
 */
async function main(file = SYNTHESIZED): Promise<void> {
  const listener = readRules(file);
  const port = portFrom(process.env.PORT);
  const redis = await openRedis(process.env.REDIS_URL);
  const balancer = new LoadBalancer(listener);
  const environment: EnvironmentVariables = {
    REDIS_URL: redis.url,
    SECRET_KEY: process.env.SECRET_KEY ?? randomBytes(32).toString("base64url"),
    TRUST_PROXY: "1",
    PUBLIC_SCHEME: "http",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
  };
  const services = listener.groups.map(
    ({ id, name }) => new Service({ name, group: id, balancer, environment, say: print }),
  );
  const input = createInterface({ input: process.stdin });
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    input.close();
    await Promise.all(services.map((service) => service.stop()));
    await balancer.close();
    await redis.stop();
  };
  const stopOnce = () => {
    stopped ??= stop();
    return stopped;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stopOnce);
  try {
    const url = await balancer.listen(port).catch((error: Error) => {
      throw new Error(`PORT: can't listen on ${port}: ${error.message}`);
    });
    await Promise.all(services.map((service) => service.deploy()));
    print(rulesOf(listener));
    print(`listening on ${url}; "replace" and Enter is a rolling deployment, Ctrl-C stops`);
  } catch (error) {
    if (stopped !== undefined) return;
    await stopOnce();
    throw error;
  }
  input.on("line", async (line) => {
    if (line.trim() !== "replace") return print(`got ${JSON.stringify(line)}, takes "replace"`);
    await Promise.all(services.map((service) => service.deploy().catch((error: Error) => print(error.message))));
    print("replaced");
  });
}

function readRules(file: string): Listener {
  try {
    return readListener(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new Error(`${file}: is not there; npm run synth writes it, or name another cdk.tf.json`);
    }
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

function portFrom(text: string | undefined): number {
  const port = Number(text || DEFAULT_PORT);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`PORT: got ${JSON.stringify(text)}, takes a whole number from 0 to 65535`);
}

/** The rules as a table for people. */
function rulesOf({ rules, otherwise, groups }: Listener): string {
  const nameOf = (id: string) => groups.find((group) => group.id === id)?.name ?? id;
  const to = (weighted: Listener["otherwise"]) =>
    weighted
      .map(({ group, weight }) => (weighted.length > 1 ? `${nameOf(group)} (${weight})` : nameOf(group)))
      .join(", ");
  const lines = rules.map(({ priority, paths, forwardTo }) => `${priority}: ${paths.join(", ")} -> ${to(forwardTo)}`);
  return [...lines, `else -> ${to(otherwise)}`].join("\n");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
