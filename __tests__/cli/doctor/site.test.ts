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
      "ok healthy",
      "ok ready",
      "warn tls",
      "fail security headers",
      "fail reading",
      "fail session cookie",
    ]);
    expect(findings.at(-1)?.says).toBe("lacks httponly, samesite=lax, path=/");
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
    expect(tls).toMatchObject({ status: "fail", says: expect.stringContaining("refused by browsers") });
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
