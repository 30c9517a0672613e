import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { MemcachedConnection } from "../../../../environment/photo-cache";
import { Deadline } from "../../../../webapp/deadline";
import { MemcachedCache } from "../../../../webapp/photo-cache/memcached/memcached-cache";
import { pickNode } from "../../../../webapp/photo-cache/memcached/rendezvous";
import { type LogLines, logLines } from "../../../harness/log-lines";
import { until } from "../../../harness/poll";
import { makeCertificate } from "../../../programs/certificate";
import { configuration } from "../../../programs/configuration-endpoint";
import { type MemcachedServer, startMemcached } from "../../../programs/memcached-server";
import { describeWith } from "../../../programs/require";
import { startProxy } from "../../../programs/tcp-proxy";

const soon = () => new Deadline(2000);
const KEYS = Array.from({ length: 60 }, (_, i) => `key-${i}`);
const formatPlace = (port: number) => `localhost|127.0.0.1|${port}`;

describeWith(["memcached"], "a memcached cluster as one cache", () => {
  let servers: MemcachedServer[];
  let told: LogLines;
  let cache: MemcachedCache;
  const closing: { stop(): Promise<void> }[] = [];

  /** The first server plays the configuration endpoint too. */
  const tell = (version: number, ports: readonly number[]) =>
    (servers[0] as MemcachedServer).put("AmazonElastiCache:cluster", configuration(version, ports.map(formatPlace)));
  const connect = (options: Partial<MemcachedConnection> = {}, pollMs?: number) => {
    const port = (servers[0] as MemcachedServer).port;
    return new MemcachedCache({ host: "127.0.0.1", port, tls: false, caFile: undefined, ...options }, told.log, pollMs);
  };
  const listPorts = (some: readonly MemcachedServer[]) => some.map(({ port }) => port);
  const holder = (key: string) => {
    const name = pickNode(
      listPorts(servers).map((port) => `127.0.0.1:${port}`),
      key,
    );
    return servers.find(({ port }) => name.endsWith(`:${port}`)) as MemcachedServer;
  };
  const keyOn = (server: MemcachedServer) => KEYS.find((key) => holder(key) === server) as string;

  beforeEach(async () => {
    told = logLines();
    servers = await Promise.all([startMemcached(), startMemcached(), startMemcached()]);
    await tell(1, listPorts(servers));
    cache = connect();
  });
  afterEach(async () => {
    cache.close();
    await Promise.all([...servers, ...closing.splice(0)].map((program) => program.stop()));
  });

  test("puts each key on the node that holds it, and finds it there", async () => {
    for (const key of KEYS) await cache.set(key, `of ${key}`, 60, soon());
    for (const key of KEYS) {
      expect(await holder(key).look(key)).toBe(`of ${key}`);
      expect(await cache.get(key, soon())).toBe(`of ${key}`);
    }
    expect(new Set(KEYS.map(holder)).size).toBe(3);
    expect(cache.report()).toMatchObject({ nodes: { length: 3 }, discovery: { version: 1 } });
  });

  test.each([
    ["a text of every alphabet", "é 写真 📷 \r\nEND\r\nVALUE x 0 1\r\n"],
    ["an empty text", ""],
    ["half a megabyte", "x".repeat(500_000)],
  ])("gives back %s as it was", async (_, value) => {
    await cache.set("example", value, 60, soon());
    expect(await cache.get("example", soon())).toBe(value);
  });

  test("a key that was never set is undefined", async () => {
    expect(await cache.get("nobody", soon())).toBeUndefined();
  });

  test("a key ends when its time is over", async () => {
    await cache.set("example", "short", 1, soon());
    await until(async () => (await cache.get("example", soon())) === undefined, "the end");
  });

  test("a value memcached does not take is an error that says so, and costs no other key a thing", async () => {
    const [key, other] = [keyOn(servers[0] as MemcachedServer), "other"];
    await expect(cache.set(key, "x".repeat(1_100_000), 60, soon())).rejects.toThrow(/SERVER_ERROR object too large/);
    await cache.set(key, "small", 60, soon());
    await cache.set(other, "small", 60, soon());
    expect(await cache.get(key, soon())).toBe("small");
  });

  test("commands at the same time each get their own answer", async () => {
    await Promise.all(KEYS.map((key) => cache.set(key, `of ${key}`, 60, soon())));
    const found = await Promise.all(KEYS.map((key) => cache.get(key, soon())));
    expect(found).toEqual(KEYS.map((key) => `of ${key}`));
    const open = await Promise.all(servers.map((server) => server.stat("curr_connections")));
    // One of ours and one that asks, beside memcached's own: not one for each command.
    expect(Math.max(...open)).toBeLessThanOrEqual(4);
  });

  test("a killed node's keys fail at once or in time, those of the others do not", async () => {
    const [, killed] = servers as [MemcachedServer, MemcachedServer];
    const lost = keyOn(killed);
    await Promise.all(KEYS.map((key) => cache.set(key, "there", 60, soon())));
    await killed.stop();
    await expect(cache.get(lost, soon())).rejects.toThrow(`memcached at 127.0.0.1:${killed.port}`);
    for (const key of KEYS.filter((key) => holder(key) !== killed)) expect(await cache.get(key, soon())).toBe("there");
  });

  test("a node that is back is used again", async () => {
    const [, killed] = servers as [MemcachedServer, MemcachedServer];
    const lost = keyOn(killed);
    await cache.set(lost, "there", 60, soon());
    await killed.stop();
    await expect(cache.get(lost, soon())).rejects.toThrow();
    closing.push(await startMemcached({ port: killed.port }));
    await until(async () => (await cache.get(lost, soon())) === undefined, "the node");
    await cache.set(lost, "again", 60, soon());
    expect(await cache.get(lost, soon())).toBe("again");
  });

  test("a node that was replaced under another address is found without waiting a minute", async () => {
    cache.close();
    cache = connect({}, 300);
    const [first, killed, third] = servers as [MemcachedServer, MemcachedServer, MemcachedServer];
    const lost = keyOn(killed);
    await cache.set(lost, "there", 60, soon());
    await killed.stop();
    const replacement = await startMemcached();
    servers = [first, replacement, third];
    await tell(2, listPorts(servers));
    await until(async () => {
      await cache.set(lost, "again", 60, soon());
      return true;
    }, "the replacement");
    expect(await holder(lost).look(lost)).toBe("again");
    expect(cache.report().nodes.map(({ port }) => port)).toEqual(listPorts(servers));
  });

  test("a node that died and came back between two commands costs nothing: the command is sent once more", async () => {
    const [, server] = servers as [MemcachedServer, MemcachedServer];
    const key = keyOn(server);
    await cache.set(key, "before", 60, soon());
    server.replaceUnseen();
    await cache.set(key, "after", 60, soon());
    expect(await cache.get(key, soon())).toBe("after");
  });

  test("a link that went silent while frozen is given up in half the time, and the rest is enough", async () => {
    const [server] = servers as [MemcachedServer];
    const proxy = await startProxy(server.port);
    closing.push(proxy);
    await tell(2, [proxy.port]);
    await cache.set("example", "there", 60, soon());
    proxy.silence();
    const now = Date.now;
    jest.spyOn(Date, "now").mockImplementation(() => now() + 60_000);
    try {
      expect(await cache.get("example", new Deadline(600))).toBe("there");
    } finally {
      jest.restoreAllMocks();
    }
  });

  test("a node that takes connections and says nothing is waited for once, then left alone for a moment", async () => {
    const [server] = servers as [MemcachedServer];
    const proxy = await startProxy(server.port);
    closing.push(proxy);
    proxy.partition();
    await tell(2, [proxy.port]);
    const start = performance.now();
    await expect(cache.get("example", new Deadline(300))).rejects.toThrow(/no answer within \d+ ms/);
    expect(performance.now() - start).toBeGreaterThan(250);
    const again = performance.now();
    await expect(cache.get("example", soon())).rejects.toThrow(/no answer/);
    expect(performance.now() - again).toBeLessThan(250);
    proxy.heal();
    await until(async () => (await cache.get("example", soon())) === undefined, "the node");
  });

  test("a slow node answers within the time there is", async () => {
    const [server] = servers as [MemcachedServer];
    const proxy = await startProxy(server.port);
    closing.push(proxy);
    await tell(2, [proxy.port]);
    await cache.set("example", "slow", 60, soon());
    proxy.delayMs = 80;
    expect(await cache.get("example", new Deadline(600))).toBe("slow");
  });
});

describeWith(["memcached", "openssl"], "a memcached cluster by TLS", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "memcached-tls-"));
  const certificate = makeCertificate(folder);
  let server: MemcachedServer;
  let cache: MemcachedCache;
  beforeAll(async () => {
    server = await startMemcached({ tls: certificate });
  });
  afterEach(() => cache.close());
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const connect = (options: Partial<MemcachedConnection>) =>
    new MemcachedCache(
      { host: "localhost", port: server.port, tls: true, caFile: certificate.ca, ...options },
      logLines().log,
    );

  test.each([
    { what: "without ip, as ElastiCache lists nodes then", node: () => `localhost||${server.port}` },
    {
      what: "with an ip that does not answer, since the certificate has the name",
      node: () => `localhost|192.0.2.1|${server.port}`,
    },
  ])("connects by name, $what", async ({ node }) => {
    await server.put("AmazonElastiCache:cluster", configuration(1, [node()]));
    cache = connect({});
    await Promise.all(KEYS.map((key) => cache.set(key, `of ${key}`, 60, soon())));
    const found = await Promise.all(KEYS.map((key) => cache.get(key, soon())));
    expect(found).toEqual(KEYS.map((key) => `of ${key}`));
    expect(await server.look("key-7")).toBe("of key-7");
  });

  test("connects again after a failure", async () => {
    const proxy = await startProxy(server.port);
    try {
      await server.put("AmazonElastiCache:cluster", configuration(1, [`localhost||${proxy.port}`]));
      cache = connect({});
      await cache.set("example", "there", 60, soon());
      proxy.cut();
      expect(await cache.get("example", soon())).toBe("there");
    } finally {
      await proxy.stop();
    }
  });

  test.each([
    { what: "a certificate of an unknown CA", options: { caFile: undefined }, says: /certificate/ },
    {
      what: "a certificate of another name",
      options: { host: "127.0.0.1" },
      says: /IP: 127\.0\.0\.1 is not in the cert/,
    },
  ])("does not speak to a server with $what", async ({ options, says }) => {
    cache = connect(options);
    await expect(cache.get("example", soon())).rejects.toThrow(says);
  });

  test("does not fall back to TLS-less, nor wait long for a server that speaks no TLS", async () => {
    const plain = await startMemcached();
    try {
      cache = connect({ port: plain.port });
      await expect(cache.get("example", new Deadline(500))).rejects.toThrow(/memcached at localhost/);
    } finally {
      await plain.stop();
    }
  });

  test("a CA file that is not there is an error at start that names its variable", () => {
    expect(() => connect({ caFile: "/nowhere/ca.pem" })).toThrow(/^MEMCACHED_CA_FILE: got "\/nowhere\/ca.pem", takes/);
  });
});
