import { once } from "node:events";
import type { AppProcess } from "../programs/app-process";
import { type Balancer, startBalancer } from "../programs/balancer";
import { type SecretsManager, startSecretsManager } from "../programs/secrets-manager";
import { startProxy, type TcpProxy } from "../programs/tcp-proxy";
import { type FaultyRedis, startFaultyRedis } from "./faulty-redis";
import { type Counted, startFaultedApp } from "./ride";

/** Seconds. */
const DRAIN = 1;
/** Several times within the drain. */
const INTERVAL_MS = 100;

/** Two instances behind a load balancer, with a key in Secrets Manager and Redis as it is deployed. */
export interface CountedFleet {
  readonly redis: FaultyRedis;
  readonly secrets: SecretsManager;
  /** What lies between the instances and AWS. */
  readonly nat: TcpProxy;
  readonly balancer: Balancer;
  /** The process a ride looks at, at the address of the load balancer. */
  readonly front: AppProcess;
  readonly apps: readonly AppProcess[];
  /** One more instance, in service. */
  join(variables?: Readonly<Record<string, string>>, bundle?: string): Promise<AppProcess>;
  /** Stops an instance as a rolling replacement does. @returns its exit code. */
  leave(app: AppProcess): Promise<number | null>;
  counted(kind: Counted["kind"]): Counted;
  stop(): Promise<void>;
}

export async function startCountedFleet(): Promise<CountedFleet> {
  const [redis, secrets] = await Promise.all([startFaultyRedis(), startSecretsManager("1".repeat(64))]);
  const nat = await startProxy(secrets.port);
  const deployed = {
    ...redis.variables,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${nat.port}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    SECRET_KEY_ARN: secrets.arn,
    TRUST_PROXY: "1",
    DRAIN_SECONDS: String(DRAIN),
  };
  const apps = [await startFaultedApp(deployed), await startFaultedApp(deployed)];
  const balancer = await startBalancer(
    apps.map((app) => app.url),
    // As it is deployed: a page about the process alone, whatever Redis does.
    { healthCheckPath: "/healthz", intervalMs: INTERVAL_MS },
  );
  const admin = redis.admin();
  return {
    redis,
    secrets,
    nat,
    balancer,
    apps,
    front: { ...(apps[1] as AppProcess), url: balancer.url },
    async join(variables = {}, bundle) {
      const app = await startFaultedApp({ ...deployed, ...variables }, bundle);
      apps.push(app);
      await balancer.register(app.url);
      return app;
    },
    async leave(app) {
      const exit = once(app.process, "exit");
      balancer.deregister(app.url);
      app.process.kill("SIGTERM");
      const [code] = await exit;
      return code;
    },
    counted: (kind) => ({ kind, sessions: () => admin.keys("session:s:*") }),
    async stop() {
      await balancer.stop();
      for (const app of apps) await app.stop();
      await nat.stop();
      await secrets.stop();
      await redis.stop();
    },
  };
}
