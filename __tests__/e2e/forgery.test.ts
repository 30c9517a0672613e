import type { Browser } from "playwright-core";
import { until } from "../harness/poll";
import { type AppProcess, startApp } from "../programs/app-process";
import { AppVisitor, startBrowser } from "../programs/browser";
import { type OtherSite, startOtherSite } from "../programs/other-site";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";
import { Visitor } from "../programs/visitor";

describeWith(["redis-server", "chromium"], "another site in a visitor's browser", () => {
  let redis: RedisServer;
  let app: AppProcess;
  let browser: Browser;
  let other: OtherSite;

  beforeAll(async () => {
    redis = await startRedis();
    app = await startApp({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    browser = await startBrowser();
    other = await startOtherSite();
  }, 30_000);
  afterAll(async () => {
    await other?.stop();
    await browser?.close();
    await app?.stop();
    await redis?.stop();
  });

  const arrive = () => AppVisitor.arrive(browser, app.url);

  /** The token of a form that the app gives to everyone. */
  async function readToken(): Promise<string> {
    const { body } = await new Visitor(app.url).get("/login");
    return /name="token" value="([^"]*)"/.exec(body)?.[1] as string;
  }

  /** Opens the other site's page and sends its form to the app. @returns the status of the answer. */
  async function forge(visitor: AppVisitor, host: string, path: string, fields: Record<string, string>) {
    const inputs = Object.entries({ token: await readToken(), ...fields }).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    other.show(`<form method="post" action="${app.url}${path}">${inputs.join("")}<button>Win a prize</button></form>`);
    const { page } = visitor;
    await page.goto(`http://${host}:${other.port}/`);
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Win a prize" }).click();
    return (await answer).status();
  }

  // With a port of the same site the browser sends the cookie in spite of SameSite.
  describe.each([
    { what: "another origin of the same site", host: "127.0.0.1" },
    { what: "another site", host: "localhost" },
  ])("that is $what", ({ host }) => {
    it.each([
      { path: "/session/end-others", fields: () => ({}) },
      { path: "/session/end", fields: (reference: string) => ({ reference }) },
      { path: "/logout", fields: () => ({}) },
      { path: "/login", fields: () => ({ username: "mallory" }) },
    ])("changes nothing by a form for $path", async ({ path, fields }) => {
      const [ann, elsewhere] = [await arrive(), new Visitor(app.url)];
      await ann.login("ann");
      await elsewhere.login("ann");
      await ann.open("/session");
      const reference = await ann.page.locator('input[name="reference"]').first().getAttribute("value");
      expect(reference).toMatch(/^[\w-]{16}$/);
      expect(await forge(ann, host, path, fields(reference as string))).toBe(403);
      await ann.open("/");
      expect(await ann.heading()).toBe("Logged in as ann");
      expect((await elsewhere.get("/")).body).toContain("Logged in as ann");
    });

    it("logs no visitor in under another's name", async () => {
      const ann = await arrive();
      expect(await forge(ann, host, "/login", { username: "mallory" })).toBe(403);
      await ann.open("/");
      expect(await ann.heading()).toBe("You are not logged in");
    });
  });

  it("gets nothing by HTML that was smuggled into a page: no script runs, no form leaves the app", async () => {
    const ann = await AppVisitor.arrive(browser, app.url, { javaScriptEnabled: true });
    const { page } = ann;
    await ann.login("ann");
    const blocked: string[] = [];
    page.on("console", (message) => blocked.push(message.text()));
    const evil = `http://127.0.0.1:${other.port}`;
    await page.evaluate(`
      const steal = "document.documentElement.dataset.stolen = 'yes'";
      const loaded = Object.assign(document.createElement("script"), { src: "${evil}/steal.js" });
      const inline = Object.assign(document.createElement("script"), { text: steal });
      const form = Object.assign(document.createElement("form"), { method: "post", action: "${evil}/steal" });
      document.body.append(loaded, inline, form);
      form.submit();
    `);
    const refusals = () => blocked.filter((text) => /Content Security Policy/i.test(text));
    await until(() => refusals().length >= 3, "the browser's refusals");
    const directives = refusals().flatMap((text) => /\b(default-src|form-action) '/.exec(text)?.[1] ?? []);
    expect(directives.sort()).toEqual(["default-src", "default-src", "form-action"]);
    expect(await page.evaluate("document.documentElement.dataset.stolen")).toBeUndefined();
    expect(other.requests.filter((request) => request.includes("steal"))).toEqual([]);
    await ann.open("/");
    expect(await ann.heading()).toBe("Logged in as ann");
  });
});
