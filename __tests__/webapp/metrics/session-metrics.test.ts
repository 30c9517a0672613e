import { Writable } from "node:stream";
import pino from "pino";
import { SESSION_METRICS } from "../../../environment";
import { Metrics } from "../../../webapp/metrics";
import { SessionMetrics } from "../../../webapp/metrics/session-metrics";
import type { SessionEventName } from "../../../webapp/session";

interface Line {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly [
      {
        readonly Namespace: string;
        readonly Dimensions: string[][];
        readonly Metrics: { Name: string; Unit: string }[];
      },
    ];
  };
  readonly [member: string]: unknown;
}

const MINUTE_MS = 60_000;

/** The metrics of a process, and the lines that its log has. */
function measure(level = "info") {
  const lines: Line[] = [];
  const output = new Writable({
    write(line, _, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  const metrics = new Metrics();
  const sessionMetrics = new SessionMetrics("shop-app", metrics, pino({ level, base: null }, output));
  const happen = (event: SessionEventName) => metrics.happened({ event, session: "s" });
  return { metrics, sessionMetrics, lines, happen };
}

describe("session metrics", () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_700_000_000_000, doNotFake: ["performance"] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it("are a line in CloudWatch's embedded metric format", async () => {
    const { metrics, sessionMetrics, lines, happen } = measure();
    for (const event of ["login", "login", "lost", "unknown", "logout"] as const) happen(event);
    for (const status of [403, 422, 429, 303]) metrics.answered("POST", "/login", status, 0.01);
    metrics.answered("GET", "/login", 405, 0.01);
    metrics.answered("POST", "/logout", 403, 0.01);
    for (const route of ["/", "/readyz"]) metrics.answered("GET", route, 503, 0.01);
    metrics.answered("GET", "/", 500, 0.01);
    metrics.stepped("load", "ok", 0.0004);
    metrics.stepped("load", "error", 3);
    await sessionMetrics.stop();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      _aws: { Timestamp: 1_700_000_000_000 },
      App: "shop-app",
      Logins: 2,
      RefusedLogins: 3,
      LostSessions: 1,
      UnknownSessions: 1,
      RedisUnavailable: 1,
      RedisTime: [0.25, 2000],
    });
    expect(lines[0]?._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: "SessionApp",
        Dimensions: [["App"]],
        Metrics: Object.entries(SESSION_METRICS.units).map(([Name, Unit]) => ({ Name, Unit })),
      },
    ]);
  });

  it("have in each line what happened since the one before, a minute apart", async () => {
    const { metrics, sessionMetrics, lines, happen } = measure();
    sessionMetrics.start();
    happen("login");
    metrics.stepped("load", "ok", 0.0004);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    happen("login");
    happen("login");
    metrics.stepped("load", "ok", 0.0008);
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    await sessionMetrics.stop();
    await jest.advanceTimersByTimeAsync(MINUTE_MS);
    expect(lines.map(({ Logins, RedisTime }) => [Logins, RedisTime])).toEqual([
      [1, [0.25]],
      [2, [0.75]],
      [0, undefined],
    ]);
    // CloudWatch refuses a line that declares a metric and has no value of it.
    expect(lines[2]?._aws.CloudWatchMetrics[0].Metrics).not.toContainEqual(
      expect.objectContaining({ Name: "RedisTime" }),
    );
  });

  it("have at most the 100 values of a metric that CloudWatch takes", async () => {
    const { metrics, sessionMetrics, lines } = measure();
    for (let i = 0; i < 1000; i++) metrics.stepped("load", "ok", i < 940 ? 0.0004 : 0.2);
    await sessionMetrics.stop();
    const times = lines[0]?.RedisTime as number[];
    expect(times).toHaveLength(100);
    expect(times.filter((ms) => ms > 50)).toHaveLength(6);
  });

  it("of a frozen process are due a minute after the last line, if something happened", async () => {
    const { sessionMetrics, lines, happen } = measure();
    await sessionMetrics.writeIfDue();
    expect(lines).toEqual([]);
    happen("login");
    await sessionMetrics.writeIfDue();
    happen("login");
    await sessionMetrics.writeIfDue();
    expect(lines.map(({ Logins }) => Logins)).toEqual([1]);
    jest.setSystemTime(Date.now() + MINUTE_MS);
    await sessionMetrics.writeIfDue();
    jest.setSystemTime(Date.now() + MINUTE_MS);
    await sessionMetrics.writeIfDue();
    expect(lines.map(({ Logins }) => Logins)).toEqual([1, 1]);
  });

  it("are written at every LOG_LEVEL", async () => {
    const { sessionMetrics, lines } = measure("silent");
    await sessionMetrics.stop();
    expect(lines).toHaveLength(1);
  });
});
