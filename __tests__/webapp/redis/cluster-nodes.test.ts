import type { Cluster, Redis } from "ioredis";
import pino from "pino";
import type { RedisAuth } from "../../../environment";
import { ClusterNodes } from "../../../webapp/redis/cluster-nodes";
import { connectTo } from "../../../webapp/redis/connect";
import { until } from "../../harness/poll";
import { type RedisNodes, startRedisCluster } from "../../programs/redis-cluster";
import { describeWith } from "../../programs/require";

const KEYS = { AWS_ACCESS_KEY_ID: "fakeAccessKeyId", AWS_SECRET_ACCESS_KEY: "fakeSecretKey" };

describeWith(["redis-server"], "logging in to each node of a cluster", () => {
  let servers: RedisNodes;
  let port: number;
  const clients: Cluster[] = [];

  beforeAll(async () => {
    // A token can't be checked outside of AWS: any password is right.
    const users = ["--user", "iam", "on", "nopass", "~*", "+@all", "--user", "app", "on", ">first", "~*", "+@all"];
    servers = await startRedisCluster(3, users);
    port = servers.nodes[0]?.port as number;
    Object.assign(process.env, KEYS);
  }, 20_000);
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });
  afterAll(async () => {
    for (const name of Object.keys(KEYS)) delete process.env[name];
    await servers?.stop();
  });

  /** Sends something to each node, so that there is a link to it. */
  async function reach(client: Cluster): Promise<readonly Redis[]> {
    await until(() => client.ping(), "a connection");
    for (let i = 0; i < 30; i++) await client.set(`key ${i}`, "value");
    const nodes = client.nodes("master");
    expect(nodes.length).toBe(3);
    return nodes;
  }

  it("by IAM, and again on each open link before ElastiCache cuts it", async () => {
    const auth: RedisAuth = { kind: "iam", user: "iam", cacheId: "sessions", region: "eu-west-1" };
    const where = { host: "127.0.0.1", port, db: 0, tls: false, caFile: undefined, cluster: true, auth };
    const client = connectTo(where, pino({ level: "silent" }), { reauthMs: 100 }) as Cluster;
    clients.push(client);
    for (const node of await reach(client)) {
      expect(await node.call("ACL", "WHOAMI")).toBe("iam");
      expect(node.options.password).toMatch(/^sessions\/\?Action=connect&User=iam&/);
      const link = await node.client("ID");
      const logins = async () => Number(/cmdstat_auth:calls=(\d+)/.exec(String(await node.info("commandstats")))?.[1]);
      const before = await logins();
      await until(async () => (await logins()) >= before + 3, "three more logins");
      expect(await node.client("ID")).toBe(link);
    }
  });

  it("with a password that is read again when it is refused", async () => {
    let password = "first";
    const read = jest.fn(async () => password);
    const credentials = { user: "app", password: read, expires: false };
    const options = { enableOfflineQueue: false, clusterRetryStrategy: () => 50 };
    const client = new ClusterNodes([{ host: "127.0.0.1", port }], options, credentials, 1_000_000);
    client.on("error", () => {});
    clients.push(client);
    client.connect().catch(() => {});
    const admins = (await reach(client)).map((node) => node.duplicate({ username: "default", password: "" }));
    expect(read).toHaveBeenCalledTimes(1);
    password = "second";
    for (const admin of admins) await admin.acl("SETUSER", "app", "resetpass", ">second");
    for (const admin of admins) await admin.call("CLIENT", "KILL", "USER", "app");
    for (const admin of admins) admin.disconnect();
    await until(async () => (await reach(client)).length === 3, "all nodes again");
    expect(read.mock.calls.length).toBeGreaterThan(1);
  });
});
