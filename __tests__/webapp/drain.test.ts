import { once } from "node:events";
import http, { type ServerResponse } from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";
import { DrainingServer } from "../../webapp/drain";
import { until } from "../harness/poll";

/** A stop that has to cut a connection takes this long, and no test waits for it. Milliseconds. */
const WITHIN_MS = 60_000;

let web: DrainingServer;
let waiting: ServerResponse[];
let port: number;
let agent: http.Agent;
let sockets: Socket[];

beforeEach(async () => {
  waiting = [];
  sockets = [];
  agent = new http.Agent({ keepAlive: true });
  web = new DrainingServer((request, response) => {
    request.resume();
    if (request.url === "/wait") waiting.push(response);
    else response.end("ok");
  });
  web.server.listen(0, "127.0.0.1");
  await once(web.server, "listening");
  ({ port } = web.server.address() as AddressInfo);
});
afterEach(() => {
  agent.destroy();
  for (const socket of sockets) socket.destroy();
  web.server.closeAllConnections();
  web.server.close();
});

async function get(path: string) {
  const [response] = await once(http.get({ port, path, agent }), "response");
  response.resume();
  await once(response, "end");
  return response as http.IncomingMessage;
}

/** A connection that has sent these bytes. */
async function connect(bytes = ""): Promise<Socket> {
  const accepted = once(web.server, "connection");
  const socket = net.connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {
    // Cut by the server: a test asks whether it is closed.
  });
  socket.write(bytes);
  const [connection] = (await accepted) as [Socket];
  await until(async () => connection.bytesRead === bytes.length, "the bytes");
  return socket;
}

describe("a server that stops", () => {
  it("answers requests under way with Connection: close, and is done with the last one", async () => {
    expect((await get("/")).headers.connection).toBe("keep-alive");
    const answers = Array.from({ length: 100 }, () => get("/wait"));
    await until(() => waiting.length === 100, "100 requests");
    const closed = web.close(WITHIN_MS);
    for (const response of waiting) response.end("ok");
    for (const answer of await Promise.all(answers)) expect(answer.headers.connection).toBe("close");
    await closed;
  });

  it("closes a connection whose answer had begun with keep-alive before the stop", async () => {
    const answer = get("/wait");
    await until(() => waiting.length === 1, "the request");
    waiting[0]?.write("o");
    const closed = web.close(WITHIN_MS);
    waiting[0]?.end("k");
    expect((await answer).headers.connection).toBe("keep-alive");
    await closed;
  });

  it("takes requests while it drains, and keeps no connection", async () => {
    web.drain();
    expect((await get("/")).headers.connection).toBe("close");
    await web.close(WITHIN_MS);
  });

  it.each([
    ["that never sent anything, as a browser opens them ahead", ""],
    ["of half a header", "GET / HTTP/1.1\r\nHost: a"],
    ["of half a body", "POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf"],
    ["that is kept after a request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ])("does not wait for a connection %s", async (_what, bytes) => {
    const socket = await connect(bytes);
    const closed = web.close(WITHIN_MS);
    await Promise.all([once(socket.resume(), "close"), closed]);
  });

  it("gives a request that is half sent time to become whole, and answers it", async () => {
    const socket = await connect("GET / HTTP/1.1\r\nHost: a\r\n");
    const closed = web.close(WITHIN_MS);
    socket.write("\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 OK\r\n.*Connection: close/s);
    await closed;
  });

  it("gives headers less time than a request, else Node.js swaps the two, and keeps connections for longer than an ALB", () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = web.server;
    expect(headersTimeout).toBeLessThan(requestTimeout);
    expect(keepAliveTimeout).toBeGreaterThan(60_000);
  });
});
