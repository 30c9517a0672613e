import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import type { EnvironmentVariables } from "../../environment";
import { main } from "../machine/command";
import { listenOn, type Opened, print, readStack, STACK_FILE, serve, stackFile } from "./command";
import { type Listener, readListener } from "./listener";
import { LoadBalancer } from "./load-balancer";
import { openRedis } from "./redis";
import { Service } from "./service";

const DEFAULT_PORT = 8080;

/**
 * Runs the ECS topology on a laptop: an app process for each target group, Redis, and a load balancer with the rules of the synthesized
 * stack. Variables of the environment contract are passed on to the app.
 */
async function start(opened: Opened, file: string): Promise<void> {
  const listener = readStack(file, readListener);
  const balancer = new LoadBalancer(listener);
  const url = await listenOn("PORT", DEFAULT_PORT, (port) => balancer.listen(port));
  await opened.add(() => balancer.close());
  const redis = await openRedis(process.env.REDIS_URL);
  await opened.add(() => redis.stop());
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
  await opened.add(() => Promise.all(services.map((service) => service.stop())));
  await Promise.all(services.map((service) => service.deploy()));
  print(formatRules(listener));
  print(`listening on ${url}; "replace" and Enter is a rolling deployment, Ctrl-C stops`);
  const input = createInterface({ input: process.stdin });
  await opened.add(() => input.close());
  input.on("line", async (line) => {
    if (line.trim() !== "replace") return print(`got ${JSON.stringify(line)}, takes "replace"`);
    await Promise.all(services.map((service) => service.deploy().catch((error: Error) => print(error.message))));
    print("replaced");
  });
}

/** The rules as a table for people. */
function formatRules({ rules, otherwise, groups }: Listener): string {
  const findName = (id: string) => groups.find((group) => group.id === id)?.name ?? id;
  const to = (weighted: Listener["otherwise"]) =>
    weighted
      .map(({ group, weight }) => (weighted.length > 1 ? `${findName(group)} (${weight})` : findName(group)))
      .join(", ");
  const lines = rules.map(({ priority, paths, forwardTo }) => `${priority}: ${paths.join(", ")} -> ${to(forwardTo)}`);
  return [...lines, `else -> ${to(otherwise)}`].join("\n");
}

void main({
  name: "dev:ecs",
  says:
    "Plays the stack session-ecs on this machine: the app's services, Redis and a load balancer with the stack's rules on\n" +
    "http://127.0.0.1:8080, or on PORT. Takes Redis from REDIS_URL where it is set.",
  operands: STACK_FILE,
  options: {},
  async run([named]) {
    const file = await stackFile("session-ecs", named);
    await serve((opened) => start(opened, file));
  },
});
