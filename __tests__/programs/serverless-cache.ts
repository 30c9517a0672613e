import type { Redis } from "ioredis";
import type { Certificate } from "./certificate";
import { type CacheNode, startElastiCache } from "./elasticache";
import { type IamCache, type IamFront, startIamFront } from "./iam-login";
import { freePort } from "./redis-server";
import { withoutUnavailableRules } from "./serverless-commands";

/** How a serverless cache is played. */
interface ServerlessCacheOptions {
  /** Of the endpoint's name. */
  readonly certificate: Certificate;
  /** Its name, region and the AWS keys that may connect. */
  readonly iam: Omit<IamCache, "serverless">;
  /** Lines of an ACL file. A user who logs in by IAM has the password {@link TAKEN}. */
  readonly acl: readonly string[];
  /** Name and port by which clients know the endpoint. @default - localhost, and the front's own port */
  readonly endpoint?: { readonly address: string; readonly port: number };
}

/**
 * A real redis-server that answers as ElastiCache Serverless does: TLS alone, one virtual node with all slots, the commands that
 * AWS takes, IAM tokens for serverless caches. Where they differ, AWS hides failovers, and its reader port may answer from a
 * replica.
 */
export interface ServerlessCache {
  readonly node: CacheNode;
  /** The endpoint, on localhost. */
  readonly front: IamFront;
  /** The reader's port. */
  readonly reader: IamFront;
  /** Gives these users their rights; links stay. */
  setUsers(acl: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** @throws with what redis-server said, when it does not take an access string. */
export async function startServerlessCache(options: ServerlessCacheOptions): Promise<ServerlessCache> {
  const { certificate, iam, acl } = options;
  const port = await freePort();
  const { address, port: announced } = options.endpoint ?? { address: "localhost", port };
  const parameters = ["--cluster-announce-port", String(announced)];
  const cache = await startElastiCache({ acl: [], shards: 1, names: [address], parameters });
  const [node] = cache.nodes as [CacheNode];
  const opened: { stop(): Promise<void> }[] = [cache];
  const stop = async () => {
    for (const one of opened.splice(0).reverse()) await one.stop();
  };
  try {
    const serverless = { ...iam, serverless: true };
    const front = await startIamFront(node.server.port, certificate, serverless, port);
    opened.push(front);
    const reader = await startIamFront(node.server.port, certificate, serverless);
    opened.push(reader);
    const refused = withoutUnavailableRules((await node.admin.call("COMMAND", "LIST")) as string[]);
    const setUsers = (lines: readonly string[]) => giveRights(node.admin, lines, refused);
    await setUsers(["user default off", ...acl]);
    return { node, front, reader, setUsers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each in one go, as lines of an ACL file say: `user <name> <rules>`. */
async function giveRights(admin: Redis, acl: readonly string[], refused: readonly string[]): Promise<void> {
  for (const user of acl) {
    const [, name = "", ...rules] = user.split(" ");
    await admin.acl("SETUSER", name, "reset", ...rules, ...refused);
  }
}
