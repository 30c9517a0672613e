import { Deadline } from "../../../../webapp/deadline";
import { Discovery } from "../../../../webapp/photo-cache/memcached/discovery";
import { type LogLines, logLines } from "../../../harness/log-lines";
import { until } from "../../../harness/poll";
import {
  type ConfigurationEndpoint,
  configAnswer,
  configuration,
  startConfigurationEndpoint,
} from "../../../programs/configuration-endpoint";
import { startMemcached } from "../../../programs/memcached-server";
import { describeWith } from "../../../programs/require";

const A = { host: "a", ip: "10.0.1.1", port: 11211 };
const B = { host: "b", ip: "10.0.2.2", port: 11211 };
const formatList = (version: number, ...nodes: (typeof A)[]) =>
  configuration(
    version,
    nodes.map(({ host, ip, port }) => `${host}|${ip}|${port}`),
  );
const soon = () => new Deadline(2000);
/** Asks for the list at each use. */
const ALWAYS = 0;

const at = (port: number, told: LogLines, pollMs?: number) =>
  new Discovery({ host: "127.0.0.1", port, tls: undefined }, told.log, pollMs);

describe("discovery through `config get cluster`", () => {
  let endpoint: ConfigurationEndpoint;
  let told: LogLines;
  beforeEach(async () => {
    told = logLines();
    endpoint = await startConfigurationEndpoint(configAnswer(formatList(1, A, B)));
  });
  afterEach(() => endpoint.stop());

  test.each([1, 2, 7, 1000])("reads an answer that comes in pieces of %i bytes", async (chunkBytes) => {
    endpoint.chunkBytes = chunkBytes;
    expect(await at(endpoint.port, told).nodes(soon())).toEqual([A, B]);
  });

  test("goes by the byte count: END in a host's name ends nothing", async () => {
    const end = { host: "END", ip: "10.0.0.1", port: 1 };
    endpoint.answer = configAnswer(`1\nEND|10.0.0.1|1\n`);
    endpoint.chunkBytes = 3;
    expect(await at(endpoint.port, told).nodes(soon())).toEqual([end]);
  });

  test("asks once a minute, not at each use, and once for all who need it at the same time", async () => {
    const discovery = at(endpoint.port, told);
    await Promise.all(Array.from({ length: 20 }, () => discovery.nodes(soon())));
    await discovery.nodes(soon());
    expect(endpoint.asked).toEqual(["config get cluster"]);
    expect(discovery.report()).toEqual({ version: 1, command: "config get cluster" });
  });

  test("finds a node that was added and one that was removed", async () => {
    const discovery = at(endpoint.port, told, ALWAYS);
    expect(await discovery.nodes(soon())).toEqual([A, B]);
    endpoint.answer = configAnswer(formatList(2, B));
    expect(await discovery.nodes(soon())).toEqual([B]);
    endpoint.answer = configAnswer(formatList(3, A, B));
    expect(await discovery.nodes(soon())).toEqual([A, B]);
    expect(told.lines.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  test("an older answer, of a node that has not heard of the change, changes nothing", async () => {
    endpoint.answer = configAnswer(formatList(5, A, B));
    const discovery = at(endpoint.port, told, ALWAYS);
    await discovery.nodes(soon());
    endpoint.answer = configAnswer(formatList(4, A));
    expect(await discovery.nodes(soon())).toEqual([A, B]);
  });

  test("but it is believed when a node does not answer: a recreated cluster counts from 1", async () => {
    endpoint.answer = configAnswer(formatList(5, A));
    const discovery = at(endpoint.port, told, ALWAYS);
    await discovery.nodes(soon());
    discovery.doubt();
    endpoint.answer = configAnswer(formatList(1, B));
    expect(await discovery.nodes(soon())).toEqual([B]);
  });

  test("a doubt has the list asked for before its time, and again only after a while", async () => {
    const discovery = at(endpoint.port, told, 200);
    await discovery.nodes(soon());
    discovery.doubt();
    await discovery.nodes(soon());
    expect(endpoint.asked).toHaveLength(1);
    await until(async () => {
      discovery.doubt();
      await discovery.nodes(soon());
      return endpoint.asked.length === 2;
    }, "a second question");
  });

  test.each([
    { what: "garbage", answer: "CONFIG cluster 0 4\r\nnope\r\nEND\r\n" },
    { what: "a list without nodes", answer: configAnswer("7\n\n") },
    { what: "a byte count too small", answer: configAnswer(formatList(7, A)).replace(/0 \d+/, "0 9") },
    { what: "a byte count that is none", answer: configAnswer(formatList(7, A)).replace(/0 \d+/, "0 x") },
    { what: "a byte count without end", answer: configAnswer(formatList(7, A)).replace(/0 \d+/, "0 999999") },
    { what: "ERROR", answer: "ERROR\r\n" },
    { what: "SERVER_ERROR", answer: "SERVER_ERROR busy\r\n" },
    { what: "nothing", answer: "END\r\n" },
    { what: "silence", answer: undefined },
  ])("$what leaves the last good list in use, and says so", async ({ answer }) => {
    const discovery = at(endpoint.port, told, ALWAYS);
    await discovery.nodes(soon());
    endpoint.answer = answer;
    expect(await discovery.nodes(new Deadline(400))).toEqual([A, B]);
    expect(told.messages("warn")).toEqual(["discovery failed: the last good list stays in use"]);
    expect(discovery.report()).toMatchObject({ version: 1, failure: expect.stringMatching(/./) });
    endpoint.answer = configAnswer(formatList(8, B));
    expect(await discovery.nodes(soon())).toEqual([B]);
    expect(discovery.report()).toEqual({ version: 8, command: "config get cluster" });
  });

  test("an endpoint that is away leaves the last good list in use", async () => {
    const discovery = at(endpoint.port, told, ALWAYS);
    await discovery.nodes(soon());
    await endpoint.stop();
    expect(await discovery.nodes(soon())).toEqual([A, B]);
    endpoint = await startConfigurationEndpoint();
  });

  test("a serverless cache, which answers ERROR to both commands, is told apart", async () => {
    endpoint.answer = "ERROR\r\n";
    await expect(at(endpoint.port, told).nodes(soon())).rejects.toThrow(/is no configuration endpoint; a serverless/);
    expect(endpoint.asked).toEqual(["config get cluster", "get AmazonElastiCache:cluster"]);
  });

  test("without a list, who asks within a second of a failure is told at once", async () => {
    endpoint.answer = undefined;
    const discovery = at(endpoint.port, told);
    await expect(discovery.nodes(new Deadline(100))).rejects.toThrow(/no answer within \d+ ms/);
    await expect(discovery.nodes(soon())).rejects.toThrow(/no answer within \d+ ms/);
    expect(endpoint.asked).toHaveLength(1);
  });
});

describeWith(["memcached"], "discovery on a memcached without `config get cluster`", () => {
  test("reads the list under the key of older engines, and keeps to that command", async () => {
    const server = await startMemcached();
    try {
      await server.put("AmazonElastiCache:cluster", formatList(9, A, B));
      const discovery = at(server.port, logLines(), ALWAYS);
      expect(await discovery.nodes(soon())).toEqual([A, B]);
      expect(discovery.report()).toEqual({ version: 9, command: "get AmazonElastiCache:cluster" });
      await discovery.nodes(soon());
      expect(await server.stat("cmd_get")).toBe(2);
      // Connections are closed behind each question; the last is this one.
      await until(async () => (await server.stat("curr_connections")) <= 2, "closed connections");
    } finally {
      await server.stop();
    }
  });

  test("a plain memcached has no list", async () => {
    const server = await startMemcached();
    try {
      await expect(at(server.port, logLines()).nodes(soon())).rejects.toThrow(
        /found nothing.*no configuration endpoint/,
      );
    } finally {
      await server.stop();
    }
  });
});
