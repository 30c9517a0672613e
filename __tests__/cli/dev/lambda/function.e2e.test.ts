import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { zipSync } from "fflate";
import type { LocalFunctionProps } from "../../../../cli/dev/lambda/function";
import { unzip } from "../../../../cli/dev/lambda/unzip";
import { until } from "../../../harness/poll";
import { type RunningFunction, startFunction } from "../../../programs/lambda";

/** Does what the event says. */
const CODE = `
  let count = 0;
  exports.handler = async (event, context) => {
    count += 1;
    if (event.fail) throw Object.assign(new TypeError(event.fail));
    if (event.exit) process.exit(event.exit);
    if (event.hang) await new Promise((resolve) => setTimeout(resolve, 1e9));
    if (event.write) console.log(event.write);
    if (event.nothing) return;
    if (event.function) return () => {};
    const { getRemainingTimeInMillis, ...told } = context;
    return { event, count, told, left: getRemainingTimeInMillis(), pid: process.pid, cwd: process.cwd(), env: process.env };
  };
  exports.value = 5;
`;

interface Answer {
  readonly count: number;
  readonly pid: number;
  readonly left: number;
  readonly cwd: string;
  readonly told: Record<string, unknown>;
  readonly env: Record<string, string>;
}

describe("a function on a laptop", () => {
  const root = mkdtempSync(path.join(os.tmpdir(), "function-"));
  const running: RunningFunction[] = [];

  beforeAll(() => {
    writeFileSync(path.join(root, "code.js"), CODE);
    writeFileSync(path.join(root, "module.mjs"), "export const handler = async () => 'a module';");
    writeFileSync(path.join(root, "broken.js"), "throw new RangeError('its environment is wrong');");
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function start(props: Partial<LocalFunctionProps> = {}, handler = "code.handler"): Promise<RunningFunction> {
    const program = await startFunction(handler, { OWN: "mine" }, { root, ...props });
    running.push(program);
    return program;
  }
  const ask = async ({ invoke }: RunningFunction, event: object = {}) => (await invoke(event)) as Answer;
  const readState = (pid: number) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];

  it("is told what Lambda tells, and its own variables", async () => {
    const { told, left, cwd, env } = await ask(await start({ name: "photos", memoryMib: 256 }));
    expect(told).toEqual({
      functionName: "photos",
      functionVersion: "$LATEST",
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/photos",
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      invokedFunctionArn: "arn:aws:lambda:ap-northeast-1:000000000000:function:photos",
    });
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(15_000);
    expect(cwd).toBe(root);
    expect(env).toMatchObject({
      OWN: "mine",
      _HANDLER: "code.handler",
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/),
      AWS_REGION: "ap-northeast-1",
      AWS_EXECUTION_ENV: expect.stringMatching(/^AWS_Lambda_nodejs\d+\.x$/),
      LAMBDA_TASK_ROOT: root,
      TZ: ":UTC",
    });
    expect(env).not.toHaveProperty("HOME");
  });

  it("keeps a process for the next event, and what is in it", async () => {
    const program = await start();
    const [first, second] = [await ask(program), await ask(program)];
    expect([first.count, second.count]).toEqual([1, 2]);
    expect(second.pid).toBe(first.pid);
  });

  it("is stopped between two events", async () => {
    const { pid } = await ask(await start());
    await until(() => readState(pid) === "T", "the process to be stopped");
  });

  it("runs in as many processes as there are events at a time, up to its cap", async () => {
    const program = await start({ mostAtOnce: 2 });
    const both = await Promise.all([ask(program), ask(program)]);
    expect(new Set(both.map(({ pid }) => pid)).size).toBe(2);
    const three = await Promise.allSettled([ask(program), ask(program), ask(program)]);
    expect(three.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(three[2]).toMatchObject({ reason: { type: "TooManyRequestsException" } });
  });

  it("takes its processes in turn", async () => {
    const program = await start({ mostAtOnce: 2 });
    const [first, second, third] = [await ask(program), await ask(program), await ask(program)];
    expect(second.pid).not.toBe(first.pid);
    expect(third.pid).toBe(first.pid);
  });

  it("says what the handler threw, and goes on in the same process", async () => {
    const program = await start();
    const { pid } = await ask(program);
    await expect(program.invoke({ fail: "no photo" })).rejects.toMatchObject({
      type: "TypeError",
      message: "no photo",
    });
    expect(await ask(program)).toMatchObject({ pid, count: 3 });
  });

  it("ends a process that takes too long, and starts another", async () => {
    const program = await start({ timeoutSeconds: 1 });
    await expect(program.invoke({ hang: true })).rejects.toThrow("Task timed out after 1.00 seconds");
    // A second is little on a busy machine.
    await until(async () => (await ask(program)).count === 1, "an answer of another");
  });

  it("starts another for one that ended", async () => {
    const program = await start();
    await expect(program.invoke({ exit: 3 })).rejects.toMatchObject({
      type: "Runtime.ExitError",
      message: "Runtime exited with exit status 3",
    });
    expect(await ask(program)).toMatchObject({ count: 1 });
  });

  it("hands on what it writes, and answers null for nothing and for what is no JSON", async () => {
    const program = await start();
    expect(await program.invoke({ nothing: true, write: "a line" })).toBeNull();
    expect(await program.invoke({ function: true })).toBeNull();
    await until(() => program.output().includes("code-1: a line"), "the line");
  });

  it("may be an ES module", async () => {
    expect(await (await start({}, "module.handler")).invoke({})).toBe("a module");
  });

  it.each([
    ["is not there", "nothing.handler", "Runtime.ImportModuleError", "Cannot find module 'nothing'"],
    ["exports no such function", "code.value", "Runtime.HandlerNotFound", "code.value is undefined or not exported"],
    ["throws when it is loaded", "broken.handler", "RangeError", "its environment is wrong"],
  ])("says when its code %s", async (_what, handler, type, message) => {
    await expect(start({}, handler)).rejects.toMatchObject({ type, message });
  });

  it("leaves no process behind", async () => {
    const program = await start({ mostAtOnce: 2 });
    const pids = program.lambda.processes.map(({ pid }) => pid as number);
    await program.stop();
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("is unpacked from a zip, folders too", () => {
    const folder = path.join(root, "unpacked");
    const zip = path.join(root, "code.zip");
    writeFileSync(zip, zipSync({ "index.js": Buffer.from("1"), lib: { "part.js": Buffer.from("2") } }));
    unzip(zip, folder);
    expect(readFileSync(path.join(folder, "index.js"), "utf8")).toBe("1");
    expect(readFileSync(path.join(folder, "lib", "part.js"), "utf8")).toBe("2");
  });
});
