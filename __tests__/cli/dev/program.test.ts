import { once } from "node:events";
import net from "node:net";
import { freePort, onFreePort, startProgram } from "../../../cli/dev/program";
import { FailedError } from "../../../cli/machine/failed-error";
import { describeWith } from "../../programs/require";

const thieves: net.Server[] = [];
afterEach(() => {
  for (const thief of thieves.splice(0)) thief.close();
});

/** Another program that takes a port. */
async function steal(port: number): Promise<void> {
  const thief = net.createServer().listen(port, "127.0.0.1");
  thieves.push(thief);
  await once(thief, "listening");
}

describe("a free port", () => {
  it("is handed out once, and is none that a connection of another program may take meanwhile", async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, freePort));
    expect(new Set(ports).size).toBe(200);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it("is another one when a program has taken the first one meanwhile", async () => {
    const tried: number[] = [];
    const server = await onFreePort(async (port) => {
      if (tried.push(port) === 1) await steal(port);
      const server = net.createServer().listen(port, "127.0.0.1");
      await once(server, "listening");
      return server;
    });
    expect([tried.length, (server.address() as net.AddressInfo).port]).toEqual([2, tried[1]]);
    server.close();
  });

  it("is not tried again for another error", async () => {
    let tries = 0;
    const open = () => onFreePort(() => Promise.reject(new FailedError(`broken, try ${++tries}`)));
    await expect(open()).rejects.toThrow("broken, try 1");
  });
});

describeWith(["redis-server"], "a program that finds its port taken", () => {
  it("listens on another one, and is not mistaken for the program that answers there", async () => {
    const tried: number[] = [];
    const redis = await startProgram({
      command: "redis-server",
      args: (port) => {
        if (tried.push(port) === 1) void steal(port);
        return ["--port", String(port), "--bind", "127.0.0.1", "--save", ""];
      },
      ready: /Ready to accept connections/,
    });
    expect([tried.length, redis.port]).toEqual([2, tried[1]]);
    await redis.stop();
  });
});
