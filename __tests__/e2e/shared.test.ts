import type { Browser } from "playwright-core";
import { AppVisitor, startBrowser } from "../programs/browser";
import { type LocalEcs, startEcs } from "../programs/local-ecs";
import { describeWith } from "../programs/require";

describeWith(["redis-server", "chromium"], "two services that share one session, with a real browser", () => {
  let ecs: LocalEcs;
  let browser: Browser;

  beforeAll(async () => {
    ecs = await startEcs();
    browser = await startBrowser();
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await ecs?.stop();
  });

  const somebody = () => AppVisitor.arrive(browser, ecs.url);
  const readSession = async ({ page }: AppVisitor) =>
    (await page.context().cookies()).find(({ name }) => name === "id")?.value;

  it("changes the host from 1 to 2 and keeps the session; to invalidate it ends it on both", async () => {
    const visitor = await somebody();
    const { page } = visitor;
    await visitor.open("/index.html");
    expect(await readSession(visitor)).toBeUndefined();
    await visitor.share("1");
    const session = await readSession(visitor);
    expect(session).toBeDefined();
    expect([await visitor.host(), await visitor.updates()]).toEqual([
      "service-1-1",
      ["container 1 on host service-1-1"],
    ]);
    await visitor.share("2");
    expect(await visitor.host()).toBe("service-2-1");
    expect(await visitor.updates()).toEqual(["container 2 on host service-2-1", "container 1 on host service-1-1"]);
    expect(await readSession(visitor)).toBe(session);
    await page.reload();
    expect(await visitor.updates()).toEqual(["container 2 on host service-2-1", "container 1 on host service-1-1"]);

    await page.getByRole("button", { name: "Invalidate Session" }).click();
    await page.waitForURL(`${ecs.url}/index.html`);
    expect(await readSession(visitor)).toBeUndefined();
    await page.context().addCookies([{ name: "id", value: session as string, url: ecs.url }]);
    for (const [path, name] of [
      ["/1", "service-1-1"],
      ["/2", "service-2-1"],
    ]) {
      await visitor.open(path as string);
      expect([await visitor.host(), await visitor.updates()]).toEqual([name, []]);
      expect(await page.getByText("You have no session yet").count()).toBe(1);
      expect(await page.getByRole("button", { name: "Invalidate Session" }).count()).toBe(0);
    }
  });

  it("goes by keyboard alone: choose with the arrows, send with Enter", async () => {
    const visitor = await somebody();
    const { page } = visitor;
    await visitor.open("/index.html");
    await page.keyboard.press("Tab");
    while ((await page.locator(":focus").getAttribute("name")) !== "container") await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${ecs.url}/2`);
    expect(await visitor.updates()).toEqual(["container 2 on host service-2-1"]);
  });

  it("stays logged in from host to host, and to invalidate logs out", async () => {
    const visitor = await somebody();
    const { page } = visitor;
    await visitor.open("/index.html");
    await visitor.share("2");
    await page.getByRole("link", { name: "Log in" }).click();
    await page.getByLabel("Name").fill("ann");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: "Shared session" }).click();
    await visitor.share("1");
    expect(await visitor.updates()).toEqual(["container 1 on host service-1-1", "container 2 on host service-2-1"]);
    await page.getByRole("button", { name: "Invalidate Session" }).click();
    await visitor.open("/");
    expect(await visitor.heading()).toBe("You are not logged in");
  });

  it.each(["light", "dark"] as const)("fits a phone and is not blocked, %s", async (colorScheme) => {
    const phone = { javaScriptEnabled: true, colorScheme, viewport: { width: 360, height: 700 } };
    const visitor = await AppVisitor.arrive(browser, ecs.url, phone);
    const { page } = visitor;
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    await visitor.open("/index.html");
    await visitor.share("1");
    await visitor.share("2");
    expect(await page.evaluate("document.body.scrollWidth <= document.body.clientWidth")).toBe(true);
    expect(problems).toEqual([]);
  });
});
