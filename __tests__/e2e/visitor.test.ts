import { type Browser, chromium, type Page } from "playwright-core";
import { type AppProcess, startApp } from "../programs/app-process";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith, pathOf } from "../programs/require";

describeWith(["redis-server", "chromium"], "a visitor with a real browser", () => {
  let redis: RedisServer;
  let app: AppProcess;
  let browser: Browser;

  beforeAll(async () => {
    redis = await startRedis();
    app = await startApp({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
    browser = await chromium.launch({ executablePath: pathOf("chromium"), args });
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await redis?.stop();
  });

  /** Somebody with a browser of their own, scripts off: no page needs one. */
  async function somebody(): Promise<Page> {
    const context = await browser.newContext({ javaScriptEnabled: false });
    return context.newPage();
  }
  async function login(page: Page, name: string): Promise<void> {
    await page.goto(`${app.url}/login`);
    await page.getByLabel("Name").fill(name);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL(`${app.url}/`);
  }
  const heading = (page: Page) => page.getByRole("heading", { level: 1 }).textContent();
  const visits = async (page: Page) => Number((await page.locator(".count strong").textContent()) ?? Number.NaN);

  it("logs in, counts, and shares nothing with another browser", async () => {
    const [ann, bob] = [await somebody(), await somebody()];
    await ann.goto(app.url);
    expect(await heading(ann)).toBe("You are not logged in");
    await login(ann, "ann");
    expect(await heading(ann)).toBe("Logged in as ann");
    expect(await visits(ann)).toBe(1);
    await ann.reload();
    expect(await visits(ann)).toBe(2);
    await login(bob, "bob");
    expect(await heading(bob)).toBe("Logged in as bob");
    expect(await visits(bob)).toBe(1);
    await ann.reload();
    expect([await heading(ann), await visits(ann)]).toEqual(["Logged in as ann", 3]);
  });

  it("goes through the login by keyboard alone", async () => {
    const page = await somebody();
    await page.goto(`${app.url}/login`);
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to content");
    while ((await page.locator(":focus").getAttribute("name")) !== "username") await page.keyboard.press("Tab");
    await page.keyboard.type("keys");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${app.url}/`);
    expect(await heading(page)).toBe("Logged in as keys");
  });

  it("ends a session elsewhere, and that browser is logged out at once", async () => {
    const [here, there, third] = [await somebody(), await somebody(), await somebody()];
    for (const page of [there, third, here]) await login(page, "carol");
    await here.getByRole("link", { name: "Your session" }).click();
    await here
      .getByRole("button", { name: /^End the session of/ })
      .first()
      .click();
    await there.goto(app.url);
    expect(await heading(there)).toBe("You are not logged in");
    await third.goto(app.url);
    expect(await heading(third)).toBe("Logged in as carol");
    await here.getByRole("button", { name: "End all others" }).click();
    expect(await here.getByText("You are logged in here only.").count()).toBe(1);
    await third.reload();
    expect(await heading(third)).toBe("You are not logged in");
    await here.goto(app.url);
    expect(await heading(here)).toBe("Logged in as carol");
  });

  it("logs out, and going back does not bring the page back to life", async () => {
    const page = await somebody();
    await login(page, "dora");
    await page.getByRole("button", { name: "Log out" }).click();
    expect(await heading(page)).toBe("You are not logged in");
    expect(await page.context().cookies()).toEqual([]);
    await page.goBack();
    await page.reload();
    expect(await heading(page)).not.toBe("Logged in as dora");
  });

  it("shows what it is told, styled, in light and dark, with nothing blocked", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 700 } });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("console", (message) => problems.push(message.text()));
      page.on("requestfailed", (request) => {
        // A click that leaves the page cuts off what it was still loading: not a fault of the page.
        const reason = request.failure()?.errorText;
        if (reason !== "net::ERR_ABORTED") problems.push(`${request.url()}: ${reason}`);
      });
      await login(page, "<b>ed</b>");
      await page.goto(`${app.url}/session`, { waitUntil: "networkidle" });
      const colour = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(colour).toBe(colorScheme === "light" ? "rgb(251, 250, 248)" : "rgb(20, 23, 29)");
      expect(await page.evaluate("document.body.scrollWidth <= document.body.clientWidth")).toBe(true);
      expect(problems).toEqual([]);
    }
  });
});
