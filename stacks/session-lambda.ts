import type { App } from "cdktf";
import { photoAccessString } from "../environment/photo-cache";
import {
  FunctionAlarms,
  type IRedisCluster,
  LambdaTopology,
  MemcachedAlarms,
  MemcachedCluster,
  type MemcachedClusterProps,
  Nat,
  NodeRuntime,
  PhotoCache,
} from "../modules";
import { type Settings, SettingsError } from "../settings";
import { addFoundation, addRedisOutput, type Foundation } from "./foundation";
import { blameSettings, omitUndefined, toEncryptionKey } from "./props";

type PhotoCacheSettings = NonNullable<Settings["lambda"]["photoCache"]>;

/** Adds the stack of source document C, with functions in the VPC: the app behind an HTTP API, and photos from DynamoDB through a cache. */
export function addLambdaStack(app: App, id: string, settings: Settings): void {
  const foundation = addFoundation(app, id, settings, Nat.SINGLE);
  const { stack, network, redis, sessionApp, monitoring } = foundation;
  const { domain, photoCache, runtime: _, ...lambda } = toEncryptionKey(settings.lambda);
  const props = { network, app: sessionApp, ...lambda, ...resolveRuntime(settings), ...(domain && { domain }) };
  const web = blameSettings("lambda", () => new LambdaTopology(stack, "web", props), {
    base: "lambda",
    renamed: { encryptionKey: "lambda.kmsKeyArn" },
  });
  if (monitoring !== undefined) {
    new FunctionAlarms(stack, "web-alarms", { function: web.function, apiId: web.api.apiId, monitoring });
  }
  stack.output("url", "Address of the app", web.url);
  if (web.api.domainTarget !== undefined) {
    stack.output("domain_target", "Target of the DNS record of lambda.domain", web.api.domainTarget);
  }
  addRedisOutput(stack, redis);
  if (photoCache !== null) addPhotoCache(foundation, settings, photoCache);
}

function resolveRuntime({ lambda: { runtime } }: Settings): { runtime?: NodeRuntime } {
  return runtime === undefined ? {} : { runtime: blameSettings("lambda", () => NodeRuntime.of(runtime)) };
}

function addPhotoCache(foundation: Foundation, settings: Settings, photoCache: PhotoCacheSettings): void {
  const { stack, network, redis, monitoring } = foundation;
  const keepsUsers = settings.existingRedis === null && settings.redis.existingUserGroup === undefined;
  const { engine = keepsUsers ? "redis" : "memcached", nodes, nodeType, tableKmsKeyArn, ...own } = photoCache;
  const { logRetentionDays, tracing, encryptionKey } = toEncryptionKey(settings.lambda);
  const made = blameSettings(
    "lambda.photoCache",
    () => {
      const cache =
        engine === "redis"
          ? photoUser(redis)
          : addMemcached(foundation, { network, ...omitUndefined({ nodes, nodeType }) });
      const tableKey = tableKmsKeyArn === undefined ? undefined : { arn: tableKmsKeyArn };
      const more = omitUndefined({ ...own, tableKey, logRetentionDays, tracing, encryptionKey });
      const props = { network, cache, ...more, ...resolveRuntime(settings) };
      return new PhotoCache(stack, "photo-cache", props);
    },
    { base: "lambda.photoCache", renamed: { tableKey: "lambda.photoCache.tableKmsKeyArn" } },
  );
  if (monitoring !== undefined) {
    new FunctionAlarms(stack, "photo-cache-alarms", { function: made.function, monitoring });
  }
  stack.output("photo_function", "Name of the photo function, for aws lambda invoke", made.function.functionName);
  stack.output("photo_table", "Name of the table of photos", made.tableName);
}

function addMemcached({ stack, monitoring }: Foundation, props: MemcachedClusterProps): MemcachedCluster {
  const memcached = new MemcachedCluster(stack, "memcached", props);
  if (monitoring !== undefined) new MemcachedAlarms(stack, "memcached-alarms", { memcached, monitoring });
  return memcached;
}

/** A separate user of the cache, with access to photos and to no session. */
function photoUser(redis: IRedisCluster) {
  if (redis.addUser !== undefined) return redis.addUser("photo", photoAccessString);
  throw new SettingsError("engine: got redis beside existingRedis, allowed: memcached. Fix: leave it out");
}
