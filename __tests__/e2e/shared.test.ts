import { type Browser, chromium, type Page } from "playwright-core";
import { type LocalEcs, startEcs } from "../programs/local-ecs";
import { describeWith, pathOf } from "../programs/require";

describeWith(["redis-server", "chromium"], "two services that share one session, with a real browser", () => {
  let ecs: LocalEcs;
  let browser: Browser;

  beforeAll(async () => {
    ecs = await startEcs();
    const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
    browser = await chromium.launch({ executablePath: pathOf("chromium"), args });
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await ecs?.stop();
  });

  /** Somebody with a browser of their own, scripts off. */
  async function somebody(): Promise<Page> {
    const context = await browser.newContext({ javaScriptEnabled: false });
    return context.newPage();
  }
  /** Chooses a container and presses the button. */
  async function share(page: Page, container: "1" | "2"): Promise<void> {
    await page.getByLabel(container, { exact: true }).check();
    await page.getByRole("button", { name: "Shared Session" }).click();
    await page.waitForURL(`${ecs.url}/${container}`);
  }
  const host = (page: Page) => page.locator(".host").textContent();
  const updates = async (page: Page) =>
    (await page.locator("dd").allTextContents()).map((text) => /container \d on host \S+/.exec(text)?.[0]);
  const sessionOf = async (page: Page) => (await page.context().cookies()).find(({ name }) => name === "id")?.value;

  it("changes the host from 1 to 2 and keeps the session; to invalidate it ends it on both", async () => {
    const page = await somebody();
    await page.goto(`${ecs.url}/index.html`);
    expect(await sessionOf(page)).toBeUndefined();
    await share(page, "1");
    const session = await sessionOf(page);
    expect(session).toBeDefined();
    expect([await host(page), await updates(page)]).toEqual(["service-1-1", ["container 1 on host service-1-1"]]);
    await share(page, "2");
    expect(await host(page)).toBe("service-2-1");
    expect(await updates(page)).toEqual(["container 2 on host service-2-1", "container 1 on host service-1-1"]);
    expect(await sessionOf(page)).toBe(session);
    await page.reload();
    expect(await updates(page)).toEqual(["container 2 on host service-2-1", "container 1 on host service-1-1"]);

    await page.getByRole("button", { name: "Invalidate Session" }).click();
    await page.waitForURL(`${ecs.url}/index.html`);
    expect(await sessionOf(page)).toBeUndefined();
    await page.context().addCookies([{ name: "id", value: session as string, url: ecs.url }]);
    for (const [path, name] of [
      ["/1", "service-1-1"],
      ["/2", "service-2-1"],
    ]) {
      await page.goto(ecs.url + path);
      expect([await host(page), await updates(page)]).toEqual([name, []]);
      expect(await page.getByText("You have no session yet").count()).toBe(1);
      expect(await page.getByRole("button", { name: "Invalidate Session" }).count()).toBe(0);
    }
  });

  it("goes by keyboard alone: choose with the arrows, send with Enter", async () => {
    const page = await somebody();
    await page.goto(`${ecs.url}/index.html`);
    await page.keyboard.press("Tab");
    while ((await page.locator(":focus").getAttribute("name")) !== "container") await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${ecs.url}/2`);
    expect(await updates(page)).toEqual(["container 2 on host service-2-1"]);
  });

  it("stays logged in from host to host, and to invalidate logs out", async () => {
    const page = await somebody();
    await page.goto(`${ecs.url}/index.html`);
    await share(page, "2");
    await page.getByRole("link", { name: "Log in" }).click();
    await page.getByLabel("Name").fill("ann");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: "Shared session" }).click();
    await share(page, "1");
    expect(await updates(page)).toEqual(["container 1 on host service-1-1", "container 2 on host service-2-1"]);
    await page.getByRole("button", { name: "Invalidate Session" }).click();
    await page.goto(ecs.url);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("You are not logged in");
  });

  it.each(["light", "dark"] as const)("fits a phone and is not blocked, %s", async (colorScheme) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 700 } });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    await page.goto(`${ecs.url}/index.html`);
    await share(page, "1");
    await share(page, "2");
    expect(await page.evaluate("document.body.scrollWidth <= document.body.clientWidth")).toBe(true);
    expect(problems).toEqual([]);
  });
});
