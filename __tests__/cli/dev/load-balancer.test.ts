import { once } from "node:events";
import http, { type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { readListener } from "../../../cli/dev/listener";
import { LoadBalancer, type Target } from "../../../cli/dev/load-balancer";
import { readConfiguration } from "../../../cli/terraform/read-configuration";
import { until } from "../../harness/poll";
import { twoServices } from "../../programs/two-services";

/** A target that answers as a test wants. */
async function startTarget(handle: RequestListener): Promise<http.Server & { url: string }> {
  const server = http.createServer((request, response) => {
    if (request.url === "/healthz") response.end("ok");
    else handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return Object.assign(server, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

let balancer: LoadBalancer;
let url: string;
const servers: http.Server[] = [];
const isHealthy = (target: Target) => until(() => target.state === "healthy", "a healthy target");

async function balance(deregistrationDelaySeconds = 30): Promise<void> {
  const listener = readListener(readConfiguration(twoServices({ deregistrationDelaySeconds })));
  balancer = new LoadBalancer(listener, { checkEveryMs: 20 });
  url = await balancer.listen(0);
}

beforeEach(() => balance());
afterEach(async () => {
  await balancer.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("the local load balancer", () => {
  it("tells its targets who asked, as an ALB does, and leaves the Host header alone", async () => {
    const { url: target } = await startTarget(({ headers, method, url: path }, response) => {
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      response.end(JSON.stringify({ headers, method, path }));
    });
    await isHealthy(balancer.register("service-1", target));
    const answer = await fetch(`${url}/1/x?y=%20z`, {
      method: "POST",
      body: "body",
      headers: { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" },
    });
    const { headers, method, path } = (await answer.json()) as { headers: Record<string, string> } & Record<
      string,
      string
    >;
    expect([method, path]).toEqual(["POST", "/1/x?y=%20z"]);
    expect(headers["x-forwarded-for"]).toBe("203.0.113.9, 127.0.0.1");
    expect(headers["x-forwarded-proto"]).toBe("http");
    expect(headers["x-forwarded-port"]).toBe(new URL(url).port);
    expect(headers.host).toBe(new URL(url).host);
    expect(headers["x-forwarded-host"]).toBeUndefined();
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  it("answers 503 where no target is, 502 where it does not answer, and goes on", async () => {
    expect((await fetch(`${url}/2`)).status).toBe(503);
    const target = await startTarget((_, response) => response.destroy());
    await isHealthy(balancer.register("service-2", target.url));
    expect((await fetch(`${url}/2`)).status).toBe(502);
    expect((await fetch(`${url}/healthz`)).status).toBe(503);
    expect((await fetch(`${url}/2/`)).status).toBe(502);
  });

  it("sends a target nothing before it is healthy, and nothing while another is and it is not", async () => {
    let asked = 0;
    let well = true;
    const sick = http.createServer((request, response) => {
      if (request.url !== "/healthz") asked++;
      response.writeHead(request.url === "/healthz" && !well ? 503 : 200).end("sick");
    });
    sick.listen(0, "127.0.0.1");
    servers.push(sick);
    await once(sick, "listening");
    const { url: good } = await startTarget((_, response) => response.end("good"));
    const first = balancer.register("service-1", `http://127.0.0.1:${(sick.address() as AddressInfo).port}`);
    await isHealthy(first);
    well = false;
    await isHealthy(balancer.register("service-1", good));
    await until(() => first.state === "unhealthy", "an unhealthy target");
    const before = asked;
    for (let i = 0; i < 6; i++) expect(await (await fetch(url)).text()).toBe("good");
    expect(asked).toBe(before);
    well = true;
    await isHealthy(first);
    await until(async () => (await (await fetch(url)).text()) === "sick", "its turn");
  });

  it("lets requests under way end when a target leaves, and sends it no other", async () => {
    let answer: (() => void) | undefined;
    const old = await startTarget((_, response) => {
      answer = () => response.end("old");
    });
    const { url: replacement } = await startTarget((_, response) => response.end("new"));
    const leaving = balancer.register("service-1", old.url);
    await isHealthy(leaving);
    const underWay = fetch(url).then((response) => response.text());
    await until(() => answer, "the request");
    await isHealthy(balancer.register("service-1", replacement));
    let left = false;
    const gone = balancer.deregister(leaving).then(() => {
      left = true;
    });
    for (let i = 0; i < 4; i++) expect(await (await fetch(url)).text()).toBe("new");
    expect([left, leaving.inFlight, leaving.state]).toEqual([false, 1, "draining"]);
    answer?.();
    expect(await underWay).toBe("old");
    await gone;
    expect(leaving.inFlight).toBe(0);
  });

  it("waits no longer than the deregistration delay", async () => {
    await balancer.close();
    await balance(0);
    let isAsked = false;
    const silent = await startTarget(() => {
      isAsked = true;
    });
    const target = balancer.register("service-1", silent.url);
    await isHealthy(target);
    const cut = fetch(url).then((response) => response.status);
    await until(() => isAsked, "the request");
    await balancer.deregister(target);
    expect(target.inFlight).toBe(1);
    silent.closeAllConnections();
    expect(await cut).toBe(502);
  });
});
