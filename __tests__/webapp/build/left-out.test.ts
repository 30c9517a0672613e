import { statSync } from "node:fs";
import path from "node:path";
import { type AppProcess, startApp } from "../../programs/app-process";

let app: AppProcess;
beforeAll(async () => {
  app = await startApp({});
});
afterAll(() => app.stop());

async function formToken(): Promise<string> {
  const page = await (await fetch(`${app.url}/login`)).text();
  return /name="token" value="([^"]*)"/.exec(page)?.[1] ?? "";
}

async function logIn(username: string, contentType: string): Promise<string> {
  const body = new URLSearchParams({ token: await formToken(), username }).toString();
  const headers = { "content-type": contentType, origin: app.url };
  const answer = await fetch(`${app.url}/login`, { method: "POST", redirect: "manual", headers, body });
  expect(answer.status).toBe(303);
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  return (await fetch(`${app.url}/`, { headers: { cookie } })).text();
}

test.each([
  ["/", "text/html; charset=utf-8"],
  ["/style.css", "text/css; charset=utf-8"],
  ["/favicon.svg", "image/svg+xml"],
  ["/healthz", "text/plain; charset=utf-8"],
])("the bundle knows the type of %s", async (page, type) => {
  expect((await fetch(app.url + page)).headers.get("content-type")).toBe(type);
});

test.each([
  "application/x-www-form-urlencoded",
  "application/x-www-form-urlencoded; charset=UTF-8",
  "application/x-www-form-urlencoded; charset=shift_jis",
])("a form sent as %s is read as UTF-8, characters of Asia included", async (contentType) => {
  expect(await logIn("山田 太郎 é", contentType)).toContain("山田 太郎 é");
});

test.each([
  ["session-app.js", 1_300_000],
  ["session-lambda.js", 1_250_000],
  ["photo-cache.js", 800_000],
])("%s stays below its size", (bundle, bytes) => {
  expect(statSync(path.join(__dirname, "..", "..", "..", "webapp", "dist", bundle)).size).toBeLessThan(bytes);
});
