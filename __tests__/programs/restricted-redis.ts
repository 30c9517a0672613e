import { Redis } from "ioredis";
import { accessString } from "../../environment";
import { type RedisServer, startRedis } from "./redis-server";

/** A real redis-server on which the app has the rights it has on ElastiCache, and no more. */
export interface RestrictedRedis {
  readonly server: RedisServer;
  /** REDIS_URL of the app's user. */
  readonly url: string;
  /** Sees and may do everything. */
  readonly admin: Redis;
  stop(): Promise<void>;
}

/** @param prefix - SESSION_PREFIX of the app. @default "session:" */
export async function startRestrictedRedis(prefix = "session:"): Promise<RestrictedRedis> {
  const app = `user app ${accessString(prefix).replace("on ", "on nopass ")}`;
  const server = await startRedis({ acl: [app, "user admin on nopass ~* &* +@all", "user default off"] });
  const admin = new Redis({ port: server.port, username: "admin", password: "any", disableClientInfo: true });
  return {
    server,
    url: `redis://app:any@127.0.0.1:${server.port}`,
    admin,
    async stop() {
      admin.disconnect();
      await server.stop();
    },
  };
}
