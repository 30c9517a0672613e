import os from "node:os";
import { describeWith } from "../../programs/require";
import { moreVisits } from "../../programs/ride";
import { type StrictAws, startStrictAws } from "../aws-double/start";
import { region } from "../synthesize";
import { DRILLS } from "./drills";
import type { RedisNode } from "./redis";
import { inTwoZones, NODES, type SmallStack, shown, smallStack, store } from "./small-stack";
import { type Running, start } from "./start";
import { type Strike, underLoad } from "./under-load";

const programs = ["redis-server", "openssl", "unshare", "nsenter", "moto_server", "aws"] as const;
const A_WHILE = 50;

/** One stack, struck in turn; what a test breaks, it mends, but for the last. */
describeWith(programs, "a rotation or a drill under load", () => {
  let double: StrictAws;
  let secretArn: string;
  let stack: SmallStack;
  let running: Running;

  beforeAll(async () => {
    double = await startStrictAws({ region: region() });
    const stored = await store(double);
    secretArn = stored.secretArn;
    stack = inTwoZones(smallStack(stored));
    const aws: StrictAws["aws"] = async (...args) =>
      args.includes("describe-cache-clusters") ? NODES : double.aws(...args);
    running = await start({ terraform, aws: { ...double, aws } });
  }, 300_000);
  afterAll(async () => {
    await running?.stop();
    await double?.stop();
  });

  const terraform = { folder: os.tmpdir(), run: async () => shown(stack) };
  const follow = () => running.follow(terraform);
  const broken = async (what: string, strike: Strike) => (await underLoad(running, what, strike)).broken.join("\n");
  /** Another definition of the task, and so a deployment. */
  const deploy = (level: string) => {
    const { web } = stack.aws_ecs_task_definition ?? {};
    web.containers[0].environment.LOG_LEVEL = level;
    return follow();
  };
  const pids = () => running.servers().map((server) => server.pid());

  it("is not noticed when it is as it should be", async () => {
    const before = pids();
    const counts = await underLoad(running, "new bundle, services", { strike: () => deploy("warn") });
    expect(counts).toMatchObject({ failed: 0, sessions: 3, lost: 0, loggedOut: 0, broken: [] });
    expect(pids().filter((pid) => before.includes(pid))).toEqual([]);
  }, 120_000);

  it("is noticed when all servers are replaced at once", async () => {
    const { web } = stack.aws_ecs_service ?? {};
    Object.assign(web, { deployment_minimum_healthy_percent: 0, deployment_maximum_percent: 100 });
    expect(await broken("new bundle, services", { strike: () => deploy("error") })).toContain("requests failed");
  }, 120_000);

  it("is noticed when the user's new rights lack a command", async () => {
    const { app } = stack.aws_elasticache_user ?? {};
    const rights = app.access_string;
    const lacking: Strike = {
      async strike(load) {
        app.access_string = rights.replace(" +hincrby", "");
        await follow();
        await moreVisits(load, A_WHILE);
      },
      heal() {
        app.access_string = rights;
        return follow();
      },
    };
    expect(await broken("Redis user's rights", lacking)).toContain("requests failed");
  }, 120_000);

  it("is noticed when the key before last is needed", async () => {
    const put = (key: string) =>
      double.aws("secretsmanager", "put-secret-value", "--secret-id", secretArn, "--secret-string", key.repeat(64));
    const twice: Strike = {
      async strike(load) {
        const sendForms = await load.readForms();
        await put("1");
        await put("2");
        await Promise.all(running.servers().map((server) => running.replace(server)));
        await sendForms();
      },
    };
    expect(await broken("SECRET_KEY rotated", twice)).toContain("requests failed");
  }, 120_000);

  it("is noticed when the replica that takes over has nothing", async () => {
    const drill = DRILLS["the primary killed"](running);
    const replica = running.redis[0]?.nodes.find((node) => node !== running.redis[0]?.primary()) as RedisNode;
    const empty: Strike = {
      ...drill,
      async during() {
        await replica.admin.replicaof("NO", "ONE");
        await replica.admin.flushall();
      },
    };
    expect(await broken("the primary killed", empty)).toMatch(/sessions are lost[\s\S]*had to log in again/);
  }, 120_000);
});
