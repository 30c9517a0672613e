import type { Browser } from "playwright-core";
import { type AppProcess, startApp } from "../programs/app-process";
import { AppVisitor, startBrowser } from "../programs/browser";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";

describeWith(["redis-server", "chromium"], "a visitor with a real browser", () => {
  let redis: RedisServer;
  let app: AppProcess;
  let browser: Browser;

  beforeAll(async () => {
    redis = await startRedis();
    app = await startApp({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    browser = await startBrowser();
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await redis?.stop();
  });

  const somebody = () => AppVisitor.arrive(browser, app.url);

  it("logs in, counts, and shares nothing with another browser", async () => {
    const [ann, bob] = [await somebody(), await somebody()];
    await ann.open("/");
    expect(await ann.heading()).toBe("You are not logged in");
    await ann.login("ann");
    expect(await ann.heading()).toBe("Logged in as ann");
    expect(await ann.visits()).toBe(1);
    await ann.page.reload();
    expect(await ann.visits()).toBe(2);
    await bob.login("bob");
    expect(await bob.heading()).toBe("Logged in as bob");
    expect(await bob.visits()).toBe(1);
    await ann.page.reload();
    expect([await ann.heading(), await ann.visits()]).toEqual(["Logged in as ann", 3]);
  });

  it("goes through the login by keyboard alone", async () => {
    const visitor = await somebody();
    const { page } = visitor;
    await visitor.open("/login");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to content");
    while ((await page.locator(":focus").getAttribute("name")) !== "username") await page.keyboard.press("Tab");
    await page.keyboard.type("keys");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${app.url}/`);
    expect(await visitor.heading()).toBe("Logged in as keys");
  });

  it("ends a session elsewhere, and that browser is logged out at once", async () => {
    const [here, there, third] = [await somebody(), await somebody(), await somebody()];
    for (const browser of [there, third, here]) await browser.login("carol");
    await here.endSessionElsewhere();
    await there.open("/");
    expect(await there.heading()).toBe("You are not logged in");
    await third.open("/");
    expect(await third.heading()).toBe("Logged in as carol");
    await here.page.getByRole("button", { name: "End all others" }).click();
    expect(await here.page.getByText("You are logged in here only.").count()).toBe(1);
    await third.page.reload();
    expect(await third.heading()).toBe("You are not logged in");
    await here.open("/");
    expect(await here.heading()).toBe("Logged in as carol");
  });

  it("logs out, and going back does not bring the page back to life", async () => {
    const dora = await somebody();
    await dora.login("dora");
    await dora.logOut();
    expect(await dora.heading()).toBe("You are not logged in");
    expect(await dora.page.context().cookies()).toEqual([]);
    await dora.page.goBack();
    await dora.page.reload();
    expect(await dora.heading()).not.toBe("Logged in as dora");
  });

  it("shows what it is told, styled, in light and dark, with nothing blocked", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const phone = { javaScriptEnabled: true, colorScheme, viewport: { width: 360, height: 700 } };
      const visitor = await AppVisitor.arrive(browser, app.url, phone);
      const { page } = visitor;
      const problems: string[] = [];
      page.on("console", (message) => problems.push(message.text()));
      page.on("requestfailed", (request) => {
        // A click that leaves the page cuts off what it was still loading: not a fault of the page.
        const reason = request.failure()?.errorText;
        if (reason !== "net::ERR_ABORTED") problems.push(`${request.url()}: ${reason}`);
      });
      await visitor.login("<b>ed</b>");
      await page.goto(`${app.url}/session`, { waitUntil: "networkidle" });
      const colour = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(colour).toBe(colorScheme === "light" ? "rgb(251, 250, 248)" : "rgb(20, 23, 29)");
      expect(await page.evaluate("document.body.scrollWidth <= document.body.clientWidth")).toBe(true);
      expect(problems).toEqual([]);
    }
  });
});
