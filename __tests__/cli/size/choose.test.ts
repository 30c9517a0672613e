import { readFileSync } from "node:fs";
import path from "node:path";
import { answer, type Choice, type Question } from "../../../cli/size/choose";
import { NODE_TYPES } from "../../../cli/size/node-types";
import { formatAnswer, toJson } from "../../../cli/size/report";
import { redisThresholds } from "../../../modules/alarms/redis-thresholds";

const sessions = { users: 100_000, sessionsPerUser: 1, attributes: 1, bytes: 2048 };
const requests = {
  perSecond: 500,
  averagePerSecond: 500,
  writing: 1,
  bytes: 2048,
  attributes: 1,
  loginsPerSecond: 100_000 / (12 * 3600),
};
/** 100,000 users, 12 hours, 2 KB, 500 requests a second. */
const QUESTION: Question = { sessions, requests, connections: 20, replicas: 1, engine: "redis" };

const find = (question: Question, nodeType: string): Choice => {
  const found = answer(question).choices.find((choice) => choice.nodeType === nodeType);
  if (found === undefined) throw new Error(`${nodeType} does not carry the load`);
  return found;
};

describe("node types", () => {
  it.each(NODE_TYPES)("$name has the limits at which its alarms go off", ({ name, usable, connections, memory }) => {
    const alarms = redisThresholds(name);
    expect(usable).toBeCloseTo((0.75 * alarms.memoryPercent) / 100);
    expect(connections).toBe(alarms.connections);
    expect(memory).toBeGreaterThan(0);
  });
});

describe("the answer", () => {
  it("has a type without cluster mode where its memory is enough, and shards where it is not", () => {
    const [micro, medium] = [find(QUESTION, "cache.t4g.micro"), find(QUESTION, "cache.t4g.medium")];
    expect([medium.shards, medium.nodes]).toEqual([undefined, 2]);
    expect(micro.shards).toBeGreaterThan(1);
    expect(micro.nodes).toBe(2 * (micro.shards ?? 0));
    for (const { use } of answer(QUESTION).choices)
      for (const part of [use.memory, use.cpu, use.credits ?? 0, use.connections]) expect(part).toBeLessThanOrEqual(1);
  });

  it("takes the cheapest choice in a region with all prices", () => {
    const { best, choices } = answer(QUESTION);
    const prices = choices.map(({ dollars }) => dollars["us-east-1"] ?? Number.NaN);
    expect(best?.dollars["us-east-1"]).toBe(Math.min(...prices));
  });

  it("does not count on CPU credits that a load all day takes", () => {
    const busy = { ...QUESTION, requests: { ...requests, perSecond: 5000, averagePerSecond: 5000 } };
    const calm = { ...QUESTION, requests: { ...requests, perSecond: 5000, averagePerSecond: 50 } };
    expect(find(busy, "cache.t4g.medium").nodes).toBeGreaterThan(find(calm, "cache.t4g.medium").nodes);
    expect(find(busy, "cache.m7g.large").use.credits).toBeUndefined();
  });

  it("refuses a type with too few connections: each app process connects to each shard", () => {
    const { refusals } = answer({ ...QUESTION, connections: 20_000 });
    expect(refusals).toContainEqual({ nodeType: "cache.t4g.micro", limit: "connections" });
  });

  it("has nothing for a load that no type carries, and Serverless neither", () => {
    const question = { ...QUESTION, connections: 100_000 };
    expect(answer(question).best).toBeUndefined();
    const says = formatAnswer(question, answer(question));
    expect(says).toContain("It does not carry this load: its limit is 65,000 connections.");
    expect(says).toContain("No node type here carries this load. Store less in a session");
  });

  it("counts two connections of each process to each node in cluster mode", () => {
    const { choices } = answer({ ...QUESTION, sessions: { ...sessions, users: 10_000_000 }, connections: 1000 });
    const parts = choices.filter(({ shards }) => shards !== undefined).map(({ use }) => use.connections);
    expect(Math.max(...parts)).toBeCloseTo(2000 / 52_000);
  });

  it("bills Serverless at least the minimum, and by engine", () => {
    const few = { ...QUESTION, sessions: { ...sessions, users: 10 } };
    expect(answer(few).serverless.gb).toBe(1);
    expect(answer({ ...few, engine: "valkey" }).serverless.gb).toBe(0.1);
    const { gb, millionEcpus, dollars } = answer(QUESTION).serverless;
    expect(dollars["us-east-1"]).toBeCloseTo(gb * 730 * 0.125 + millionEcpus * 0.0034);
    expect(dollars["ap-northeast-1"]).toBeUndefined();
  });

  it("is on its page", () => {
    const page = readFileSync(path.join(__dirname, "..", "..", "..", "docs", "sizing.md"), "utf8");
    expect(page).toContain(formatAnswer(QUESTION, answer(QUESTION)));
  });

  it("shows its arithmetic, and a ? for a price that is not known", () => {
    const text = formatAnswer(QUESTION, answer(QUESTION));
    expect(text).toMatch(/^100,000 users with 1 session of 2,048 bytes in 1 attribute,\n/);
    expect(text).toMatch(/ 100,000 sessions x [\d,]+ bytes +[\d.]+ MiB\n/);
    expect(text).toMatch(/ reads of a session: 500 a second x \d+ µs +[\d.]+ %\n/);
    expect(text).toMatch(/^\| cache\.t4g\.medium \| no cluster mode \| 2 \| \d+ % \|.*\| \? \| \$94\.90 \|$/m);
    expect(text).toMatch(/\nTake .*\.$/);
    const { choices } = JSON.parse(toJson(QUESTION, answer(QUESTION)));
    expect(choices[2].dollars).toEqual({ "ap-northeast-1": null, "us-east-1": expect.closeTo(94.9) });
  });
});
