import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import Koa from "koa";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { z } from "zod";
import { type CookieOptions, createSessions, MemoryStore } from "../../webapp/session";
import { startBrowser } from "../programs/browser";
import { makeCertificate } from "../programs/certificate";
import { describeWith } from "../programs/require";

const SHOP = "https://shop.example.com";
const SIBLING = "https://www.example.com";
const OTHER = "https://other.test";
const THIRD = "https://third.test";
const HOSTS = [SHOP, SIBLING, OTHER, THIRD].map((origin) => new URL(origin).host);
/** A page of another site that links to the shop, and has it in a frame. */
const FOREIGN = `<!doctype html><a href="${SHOP}/">shop</a><iframe src="${SHOP}/"></iframe>`;

/** The shop: it says who is logged in. */
function createShop(cookie: CookieOptions): RequestListener {
  const app = new Koa();
  const store = new MemoryStore({ idleSeconds: 60, maxAgeSeconds: 600 });
  const sessions = createSessions(app, { store, schema: z.object({}), cookie });
  app.use(sessions.middleware);
  app.use(async (ctx) => {
    const session = sessions.of(ctx);
    if (ctx.path.endsWith("/login")) await session.login("ann");
    const { user = "nobody" } = session;
    if (ctx.path.endsWith("/logout")) session.logout();
    ctx.type = "html";
    ctx.body = `<!doctype html><p>${user}</p>`;
  });
  return app.callback();
}

describeWith(["chromium", "openssl"], "the session cookie in a browser", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cookies-"));
  let server: Server;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let shop: RequestListener;

  beforeAll(async () => {
    const { cert, key } = makeCertificate(folder, HOSTS);
    server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
      if (request.headers.host?.endsWith("example.com")) return shop(request, response);
      response.setHeader("content-type", "text/html");
      response.end(FOREIGN);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    browser = await startBrowser(new Map(HOSTS.map((host) => [`${host}:443`, port])));
  }, 30_000);
  afterEach(() => context?.close());
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(cookie: CookieOptions): Promise<void> {
    shop = createShop(cookie);
    context = await browser.newContext({ ignoreHTTPSErrors: true });
    page = await context.newPage();
  }
  async function who(url: string): Promise<string | null> {
    await page.goto(url);
    return page.locator("p").textContent();
  }
  /** The user who is logged in within the shop's frame on another site's page. */
  async function whoInFrame(site: string, url: string): Promise<string | null> {
    await page.goto(site);
    const frame = page.frames().find((one) => one.parentFrame() !== null);
    await frame?.goto(url);
    return frame === undefined ? null : frame.locator("p").textContent();
  }
  async function whoAfterLink(): Promise<string | null> {
    await page.goto(OTHER);
    await page.getByRole("link").click();
    await page.waitForURL(`${SHOP}/`);
    return page.locator("p").textContent();
  }

  it("is this host's alone by default, ends with the browser and goes at a logout", async () => {
    await open({ secure: true });
    expect(await who(`${SHOP}/login`)).toBe("ann");
    expect(await context.cookies()).toEqual([
      expect.objectContaining({
        ...{ name: "__Host-id", domain: "shop.example.com", path: "/", expires: -1 },
        ...{ httpOnly: true, secure: true, sameSite: "Lax" },
      }),
    ]);
    expect([await who(`${SHOP}/`), await who(`${SIBLING}/`), await whoAfterLink()]).toEqual(["ann", "nobody", "ann"]);
    expect(await whoInFrame(OTHER, `${SHOP}/`)).toBe("nobody");
    await who(`${SHOP}/logout`);
    expect(await context.cookies()).toEqual([]);
  });

  it("goes to all hosts of a domain, and goes from all of them at a logout", async () => {
    await open({ secure: true, domain: "example.com" });
    await who(`${SHOP}/login`);
    expect([await who(`${SIBLING}/`), (await context.cookies())[0]?.name]).toEqual(["ann", "__Secure-id"]);
    await who(`${SIBLING}/logout`);
    expect([await who(`${SHOP}/`), await context.cookies()]).toEqual(["nobody", []]);
  });

  it("goes below its path alone", async () => {
    await open({ secure: true, path: "/shop" });
    await who(`${SHOP}/shop/login`);
    expect([await who(`${SHOP}/shop/`), await who(`${SHOP}/`), await who(`${SHOP}/shopping`)]).toEqual([
      "ann",
      "nobody",
      "nobody",
    ]);
    await who(`${SHOP}/shop/logout`);
    expect(await context.cookies()).toEqual([]);
  });

  it("is not sent with a link from another site where it is strict", async () => {
    await open({ secure: true, sameSite: "strict" });
    await who(`${SHOP}/login`);
    expect([await whoAfterLink(), await who(`${SHOP}/`)]).toEqual(["nobody", "ann"]);
  });

  it("is one for each site that embeds the app where it is partitioned, and goes at a logout there", async () => {
    await open({ secure: true, sameSite: "none", partitioned: true });
    expect(await whoInFrame(OTHER, `${SHOP}/login`)).toBe("ann");
    expect(await whoInFrame(OTHER, `${SHOP}/`)).toBe("ann");
    expect([await whoInFrame(THIRD, `${SHOP}/`), await who(`${SHOP}/`)]).toEqual(["nobody", "nobody"]);
    await whoInFrame(OTHER, `${SHOP}/logout`);
    expect(await whoInFrame(OTHER, `${SHOP}/`)).toBe("nobody");
  });

  it("is kept until the absolute limit where it is persistent", async () => {
    await open({ secure: true, persistent: true });
    const before = Date.now() / 1000;
    await who(`${SHOP}/login`);
    const [cookie] = await context.cookies();
    expect(cookie?.expires).toBeGreaterThan(before + 590);
    expect(cookie?.expires).toBeLessThan(Date.now() / 1000 + 610);
  });
});
