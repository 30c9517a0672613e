import type { App } from "cdktf";
import {
  EcsTopology,
  LambdaTopology,
  Monitoring,
  Nat,
  Network,
  RedisAdministrator,
  RedisServerlessAlarms,
  RedisServerlessCache,
  SessionApp,
  SessionStack,
} from "../../modules";
import { BUNDLE } from "./bundle";

const REGION = "ap-northeast-1";
const ACCOUNT = `${REGION}:123456789012`;

/** A serverless cache with each of its props, and one that is there already, under compute in another stack. */
export function serverlessCache(app: App): void {
  const data = new SessionStack(app, "serverless-data", { region: REGION });
  const network = new Network(data, "network", { availabilityZones: ["a", "c", "d"], nat: Nat.SINGLE });
  const redis = new RedisServerlessCache(data, "redis", {
    network,
    engine: "redis",
    majorEngineVersion: "7",
    dataStorageGb: { min: 1, max: 10 },
    ecpuPerSecond: { min: 1000, max: 50_000 },
    snapshotRetentionDays: 7,
    dailySnapshotTime: "16:00",
    snapshotArns: [`arn:aws:elasticache:${ACCOUNT}:serverlesscachesnapshot:nightly`],
    encryptionKey: { arn: `arn:aws:kms:${ACCOUNT}:key/0b4f9b62-7a2c-4c57-9d5e-6f6a0a4c1d11` },
  });
  const monitoring = new Monitoring(data, "monitoring", { region: REGION });
  new RedisServerlessAlarms(data, "redis-alarms", { redis, monitoring });
  new RedisAdministrator(data, "administrator", { redis });

  const web = new SessionStack(app, "serverless-web", { region: REGION });
  const shop = new SessionApp(web, "app", { redis, bundle: BUNDLE });
  new EcsTopology(web, "web", { network, app: shop, http: true, allowedCidrs: ["203.0.113.0/24"] });

  const existing = RedisServerlessCache.fromExisting(web, "existing", {
    host: "sessions-abc123.serverless.apne1.cache.amazonaws.com",
    securityGroupId: "sg-0123456789abcdef0",
    auth: {
      kind: "iam",
      cacheId: "sessions",
      userName: "app",
      arns: [`arn:aws:elasticache:${ACCOUNT}:serverlesscache:sessions`, `arn:aws:elasticache:${ACCOUNT}:user:app`],
    },
  });
  const api = new SessionApp(web, "api-app", { redis: existing, functionBundle: BUNDLE });
  new LambdaTopology(web, "api", { network, app: api });
}
