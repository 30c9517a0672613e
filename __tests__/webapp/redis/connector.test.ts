import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Redis } from "ioredis";
import pino from "pino";
import { readEnvironment } from "../../../environment";
import { connectTo } from "../../../webapp/redis/connect";
import { until } from "../../harness/poll";
import { makeCertificate } from "../../programs/certificate";
import { startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";

describeWith(["redis-server", "openssl"], "Connector", () => {
  // The certificate's CA is unknown: a first error. The alert of a server that is hung up on: a second.
  it("outlives a second error of a link that is given up while it shakes hands", async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), "tls-"));
    const server = await startRedis({ tls: makeCertificate(dir) });
    const { redis } = readEnvironment({ REDIS_URL: `rediss://localhost:${server.port}` });
    if (redis === undefined) throw new Error("no Redis named");
    for (let i = 0; i < 20; i++) {
      const client = connectTo(redis, pino({ level: "silent" })) as Redis;
      while (client.stream === undefined) await new Promise(setImmediate);
      const { stream } = client;
      stream.once("connect", () => client.disconnect());
      // Jest fails a test in which an error went uncaught.
      await until(() => stream.closed, "the end of the link");
    }
    await server.stop();
    rmSync(dir, { recursive: true });
  });
});
