import { readPhotoCacheEnvironment } from "../../environment/photo-cache";
import { createLog } from "../log";
import { createHandler } from "./handler";
import { MemcachedCache } from "./memcached/memcached-cache";
import { Photos } from "./photos";
import { RedisCache } from "./redis-cache";

/**
 * The function's one file, as it is deployed: `photo-cache.handler`. Clients are made here, once for all invocations that
 * Lambda sends to this process; what is wrong with the environment ends it before the first.
 */
const environment = readPhotoCacheEnvironment(process.env);
const log = createLog(environment.logLevel, true);
const cache =
  environment.cache.engine === "redis"
    ? new RedisCache(environment.cache.redis, log)
    : new MemcachedCache(environment.cache.memcached, log);

/** The function's handler. */
export const handler = createHandler({ environment, cache, photos: new Photos(environment), log });
