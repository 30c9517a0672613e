import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type { Finding } from "../../../cli/doctor/finding";
import { examineSite, type SiteOptions } from "../../../cli/doctor/site";
import { type AppProcess, startApp } from "../../programs/app-process";
import { type Certificate, makeCertificate } from "../../programs/certificate";
import { runNode } from "../../programs/command";
import { freePort } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";

const servers: (http.Server | https.Server)[] = [];
const apps: AppProcess[] = [];
afterAll(async () => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  for (const app of apps) await app.stop();
});

async function app(variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const started = await startApp({ LOG_LEVEL: "fatal", ...variables });
  apps.push(started);
  return started.url;
}

async function listen(server: http.Server | https.Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** `status check` of each finding, for a table people can read. */
async function seen(url: string, options?: SiteOptions): Promise<string[]> {
  return lines(await examineSite(new URL(url), options));
}
const lines = (findings: readonly Finding[]) => findings.map(({ status, check }) => `${status} ${check}`);

describe("the doctor at a site on plain http", () => {
  it("finds an app well, and logs in only when it is told to", async () => {
    const url = await app();
    const well = ["ok healthy", "ok ready", "warn tls", "ok security headers", "ok reading"];
    expect(await seen(url)).toEqual([...well, "skipped session cookie"]);
    expect(await seen(url, { login: "doctor" })).toEqual([...well, "ok session cookie"]);
  });

  it("says that the app is without its Redis, and where to read on", async () => {
    const redis = await freePort();
    const findings = await examineSite(new URL(await app({ REDIS_URL: `redis://127.0.0.1:${redis}` })));
    const ready = findings.find(({ check }) => check === "ready");
    expect(ready).toMatchObject({ status: "fail", next: "docs/operations.md#503-with-retry-after" });
  });

  it("says that nothing answers", async () => {
    const port = await freePort();
    expect(await seen(`http://127.0.0.1:${port}`)).toEqual(["fail healthy", "warn tls"]);
  });

  it("finds missing headers, a cookie for nothing and a login that is none", async () => {
    const bare = http.createServer((_, response) => response.setHeader("set-cookie", "id=1").end("ok"));
    const url = `http://127.0.0.1:${await listen(bare)}`;
    const findings = await examineSite(new URL(url), { login: "doctor" });
    expect(lines(findings)).toEqual([
      "warn healthy",
      "ok ready",
      "warn tls",
      "fail security headers",
      "fail reading",
      "fail session cookie",
    ]);
    expect(findings[0]?.says).toContain("so does a page that does not exist");
    expect(findings.at(-1)?.says).toBe("lacks httponly, samesite=lax, path=/");
  });

  /** A server that answers `/healthz` and `/readyz` as an app does, and the rest by `others`. */
  const site = async (others: http.RequestListener, health = 200, headers: http.OutgoingHttpHeaders = {}) => {
    const server = http.createServer((request, response) => {
      if (request.url === "/healthz") response.writeHead(health, headers).end();
      else if (request.url === "/readyz") response.writeHead(503).end("no \u001b[31mRedis\u001b[0m\r\nat all");
      else others(request, response);
    });
    return new URL(`http://127.0.0.1:${await listen(server)}`);
  };
  const notFound: http.RequestListener = (_, response) => response.writeHead(404).end();

  it.each([
    [
      301,
      { location: "https://app.example.com/healthz" },
      "--url https://app.example.com looks at the address it leads to",
    ],
    [302, { location: "/elsewhere" }, "let /healthz answer by itself"],
    [401, {}, "let /healthz pass without a login in the proxy or load balancer"],
    [404, {}, "look at the address and at the load balancer's rules: this is not the app"],
    [502, {}, "docs/operations.md#502-503-or-504-of-the-load-balancer"],
  ])("names the way out of a health page that answers %i", async (status, headers, next) => {
    const [healthy] = await examineSite(await site(notFound, status, headers));
    expect(healthy).toMatchObject({ check: "healthy", status: "fail", next });
  });

  it("quotes a site without its control characters", async () => {
    const findings = await examineSite(await site(notFound));
    expect(findings[1]).toMatchObject({ check: "ready", says: "answers 503: no [31mRedis [0m at all" });
  });

  const login =
    (...cookies: string[]): http.RequestListener =>
    (request, response) => {
      if (request.method !== "POST") response.writeHead(200).end('<input name="token" value="t">');
      else if (request.url === "/login") response.writeHead(303, { "set-cookie": cookies }).end();
      else response.writeHead(/AWSALB=b; id=1$/.test(request.headers.cookie ?? "") ? 303 : 403).end();
    };
  it.each([
    ["ok", /logged in and out again$/, ["AWSALB=b; Path=/", "id=1; path=/; samesite=lax; httponly"]],
    ["fail", /^the login was answered 303, without a cookie named/, ["AWSALB=b; Path=/"]],
    ["fail", /^has domain=example\.com: every subdomain/, ["id=1; path=/; domain=example.com; samesite=lax; httponly"]],
  ])("judges the session's own cookie: %s, %s", async (status, says, cookies) => {
    const findings = await examineSite(await site(login(...cookies)), { login: "doctor" });
    expect(findings.at(-1)).toMatchObject({ check: "session cookie", status, says: expect.stringMatching(says) });
  });

  const strict =
    "default-src 'none'; img-src 'self' https://images.example.com; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  it.each([
    ["ok", strict],
    ["ok", `${strict}; script-src 'nonce-abc='; report-to all`],
    ["fail", strict.replace("form-action 'self'; ", "")],
    ["fail", strict.replace("default-src 'none'", "default-src 'self'")],
    ["fail", `${strict}; script-src *`],
    ["fail", `${strict}; script-src https://cdn.example.com`],
    ["fail", `${strict}; script-src 'unsafe-inline'`],
    ["fail", `${strict}; style-src https:`],
    ["fail", strict.replace("frame-ancestors 'none'", "frame-ancestors https://other.example.com")],
  ])("reads a content security policy whole: %s, %s", async (status, policy) => {
    const answers: http.RequestListener = (request, response) => {
      if (request.url !== "/login") return notFound(request, response);
      const headers = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
      };
      response.writeHead(200, { ...headers, "content-security-policy": policy }).end();
    };
    const finding = (await examineSite(await site(answers))).find(({ check }) => check === "security headers");
    expect(finding).toMatchObject({ status });
    if (status === "fail") expect(finding?.says).toBe("missing or too weak: content-security-policy");
  });
});

describeWith(["openssl"], "the doctor at a site on https", () => {
  let folder: string;
  let certificate: Certificate;
  let url: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), "doctor-"));
    certificate = makeCertificate(folder);
    const behind = await app({ PUBLIC_SCHEME: "https", TRUST_PROXY: "1" });
    const tls = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
    const front = https.createServer(tls, (request, response) => {
      const { method, headers } = request;
      const onwards = http.request(behind + request.url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onwards);
    });
    url = `https://localhost:${await listen(front)}`;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("stops at a certificate that no browser takes", async () => {
    const [tls, rest] = await examineSite(new URL(url));
    expect(tls).toMatchObject({
      status: "fail",
      says: expect.stringMatching(/refused by browsers: browsers do not know its authority, or .*$/),
    });
    expect(rest).toMatchObject({ status: "skipped" });
  });

  it("warns of the days that are left, and asks for Secure, __Host- and HSTS", async () => {
    const args = [
      "--require",
      "./cli/typescript.cjs",
      "cli/doctor/main.ts",
      "--url",
      url,
      "--login",
      "doctor",
      "--json",
    ];
    const { code, stdout } = await runNode(args, { NODE_EXTRA_CA_CERTS: certificate.ca });
    const { sections } = JSON.parse(stdout) as { sections: { findings: Finding[] }[] };
    const findings = sections.flatMap((section) => section.findings);
    expect(lines(findings)).toEqual([
      "ok healthy",
      "ok ready",
      "warn tls",
      "skipped redirect",
      "ok security headers",
      "ok reading",
      "ok session cookie",
    ]);
    expect(findings[2]?.says).toMatch(/^TLSv1\.3, certificate by test ca, [12] days left$/);
    expect(findings.at(-1)?.says).toContain("secure, __Host-");
    expect(code).toBe(0);
  });
});
