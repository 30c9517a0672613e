import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { describeListenError } from "../../environment/listen-error";

describe("describeListenError", () => {
  it("says of a port in use that another program has it, and how to take another", async () => {
    const taken = net.createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const second = net.createServer().listen(port, "127.0.0.1");
    const [error] = await once(second, "error");
    taken.close();
    expect(describeListenError("PORT", `127.0.0.1:${port}`, error)).toBe(
      `PORT: can't listen on 127.0.0.1:${port}: another program listens there (EADDRINUSE). ` +
        "Fix: end that program, or give another port: PORT=5001",
    );
  });

  it("says that the system keeps low ports to itself", () => {
    const error = Object.assign(new Error("listen EACCES: permission denied"), { code: "EACCES" });
    expect(describeListenError("PORT", "0.0.0.0:80", error)).toBe(
      "PORT: can't listen on 0.0.0.0:80: the system does not allow it (EACCES). Fix: give a port from 1024: PORT=5001",
    );
  });

  it("keeps the message of any other error", () => {
    const error = Object.assign(new Error("getaddrinfo ENOTFOUND nowhere"), { code: "ENOTFOUND" });
    expect(describeListenError("METRICS_PORT", "nowhere:9090", error)).toContain("getaddrinfo ENOTFOUND nowhere");
  });
});
