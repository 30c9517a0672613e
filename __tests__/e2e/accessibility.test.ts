import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { until } from "../harness/poll";
import { type AppProcess, startApp } from "../programs/app-process";
import { startBrowser } from "../programs/browser";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";

/** The part of axe-core's report that is printed here. */
interface Scan {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly failureSummary: string }[];
  }[];
  readonly incomplete: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** The element that has the focus; undefined at the end of the page. */
interface Focused {
  readonly seen?: string;
  readonly isInSight: boolean;
}

/** Where the links in the header begin, from the top of the page in pixels. */
interface Tops {
  readonly brand: number;
  readonly login: readonly number[];
  readonly others: readonly number[];
}

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const LANGUAGES = [
  { locale: "en-US", lang: "en" },
  { locale: "ja-JP", lang: "ja" },
] as const;
const PHONE = { width: 360, height: 700 };
const DESKTOP = { width: 1280, height: 800 };
/** WCAG 2.2 1.4.10: no scrolling in two directions down to this width. */
const NARROWEST = 320;

describeWith(["redis-server", "chromium"], "every page, for everybody", () => {
  let redis: RedisServer;
  let app: AppProcess;
  let browser: Browser;

  beforeAll(async () => {
    redis = await startRedis();
    // The longest name a host may have in AWS' own style, as pages show it.
    const shown = { SHOWN_HOST: "ip-10-101-132-217.ap-northeast-1.compute.internal" };
    app = await startApp({ REDIS_URL: `redis://127.0.0.1:${redis.port}`, REFUSED_LOGINS_PER_MINUTE: "1000", ...shown });
    browser = await startBrowser();
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await redis?.stop();
  });

  async function somebody(options: Parameters<Browser["newContext"]>[0]): Promise<Page> {
    return (await browser.newContext(options)).newPage();
  }
  async function submit(page: Page, form: string): Promise<void> {
    await Promise.all([page.waitForNavigation(), page.locator(`form[action="${form}"] button`).first().click()]);
  }
  async function login(page: Page, username: string): Promise<void> {
    await page.goto(`${app.url}/login`);
    await page.locator("#username").fill(username);
    await submit(page, "/login");
  }

  /** Goes a visitor's whole way and stops at each page it has something to show on. */
  async function visit(page: Page, at: (name: string) => Promise<void>): Promise<void> {
    const look = async (name: string, path = name) => {
      await page.goto(app.url + path);
      await at(name);
    };
    const user = `長い名前の利用者 ${page.viewportSize()?.width} ${"x".repeat(30)}`;
    for (const path of ["/", "/index.html", "/session", "/login", "/nope"]) await look(path);
    await login(page, "\u202e");
    await at("/login, name refused");
    const elsewhere = await somebody({});
    await login(elsewhere, user);
    await elsewhere.context().close();
    await login(page, user);
    await at("/, logged in");
    await look("/index.html, without updates", "/index.html");
    for (const container of ["1", "2"]) {
      await page.locator(`input[value="${container}"]`).check();
      await submit(page, "/index.html");
    }
    await at("/2, updated twice");
    await look("/session, with another one", "/session");
  }

  /** In the page, by the browser's debugger: the page itself may load no script. */
  const scan = (page: Page) => page.evaluate<Scan>("axe.run(document, { resultTypes: ['violations', 'incomplete'] })");

  describe.each(LANGUAGES)("in $lang", ({ locale, lang }) => {
    it("has nothing axe finds fault with, on a phone and a desktop, light and dark", async () => {
      const page = await somebody({ locale });
      const found: unknown[] = [];
      await visit(page, async (name) => {
        expect([name, await page.locator("html").getAttribute("lang")]).toEqual([name, lang]);
        await page.evaluate(AXE);
        for (const viewport of [PHONE, DESKTOP]) {
          await page.setViewportSize(viewport);
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme });
            const { violations, incomplete } = await scan(page);
            const at = `${name}, ${viewport.width} px, ${colorScheme}`;
            for (const { id, nodes } of violations) found.push(at, id, ...nodes.map((node) => node.failureSummary));
            for (const { id, nodes } of incomplete) {
              // axe sees no background in a drawing: its letters have the colours of the text around it.
              const unclear = nodes.filter(({ html }) => id !== "color-contrast" || !html.startsWith("<text"));
              for (const { html } of unclear) found.push(at, `undecided: ${id}`, html);
            }
          }
        }
      });
      expect(found).toEqual([]);
    }, 120_000);

    it("needs no scrolling sideways on the narrowest screen, and nothing moves", async () => {
      const page = await somebody({ locale, viewport: { width: NARROWEST, height: 600 }, reducedMotion: "reduce" });
      await visit(page, async (name) => {
        const wide = await page.evaluate("document.documentElement.scrollWidth");
        expect([name, wide]).toEqual([name, NARROWEST]);
        expect(await page.evaluate("document.getAnimations().length")).toBe(0);
      });
    });

    it("has its links in one line on a phone, and the login beside the name of the site", async () => {
      const page = await somebody({ locale, viewport: PHONE });
      await visit(page, async (name) => {
        const { brand, login, others } = await page.evaluate<Tops>(`(${tops})()`);
        expect([name, new Set(others).size]).toEqual([name, 1]);
        for (const top of login) expect([name, Math.abs(top - brand) < 8]).toEqual([name, true]);
      });
    });

    it("goes by keyboard alone: all of it, in the order it is read, always seen where", async () => {
      const page = await somebody({ locale, viewport: PHONE });
      await visit(page, async (name) => {
        expect([name, await walk(page)]).toEqual([name, await page.evaluate<string[]>(`(${focusable})()`)]);
      });
    });

    it("lets who does not want to hear the links again skip them", async () => {
      const page = await somebody({ locale, viewport: PHONE });
      await page.goto(`${app.url}/login`);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      expect(await page.locator(":focus").getAttribute("id")).toBe("username");
    });
  });

  /** Presses Tab until the page is through; what has the focus is in sight and has an outline. */
  async function walk(page: Page): Promise<string[]> {
    const way: string[] = [];
    // From the top of the page, so that the earlier focus has no effect.
    await page.evaluate(
      "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')",
    );
    for (;;) {
      await page.keyboard.press("Tab");
      // The browser scrolls there in its own time.
      const { seen } = await until(
        async () => {
          const { seen, isInSight } = await page.evaluate<Focused>(`(${focused})()`);
          return isInSight && { seen };
        },
        `what follows ${way.at(-1)} to be in sight`,
      );
      // After the last comes the browser's own, or without a window the first again.
      if (seen === undefined || seen === way[0]) return way;
      way.push(seen);
      if (way.length > 50) throw new Error(`no end: ${way.join(" > ")}`);
    }
  }
});

// In the page: strings, since this project's types know no DOM.
const NAME = "(e) => e.tagName + ' ' + (e.id || e.name || e.getAttribute('aria-label') || e.textContent.trim())";
const tops = `() => {
  const find = (links) => [...document.querySelectorAll(links)].map((link) => link.getBoundingClientRect().top);
  const [brand] = find(".brand");
  return { brand, login: find("nav a[href='/login']"), others: find("nav a:not([href='/login'])") };
}`;
/** All that can have the focus; of radio buttons the chosen one. */
const focusable = `() => [...document.querySelectorAll("a[href], button, input")]
  .filter((e) => e.type !== "hidden" && (e.type !== "radio" || e.checked)).map(${NAME})`;
/** The element that has the focus, and how the page shows that. */
const focused = `() => {
  const e = document.activeElement;
  if (e === null || e === document.body) return { isInSight: true };
  const { outlineStyle, outlineWidth } = getComputedStyle(e);
  const { left, top, right, bottom, width, height } = e.getBoundingClientRect();
  const isInSight = width > 5 && height > 5 && left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
  const outline = outlineStyle === "none" || parseFloat(outlineWidth) < 2 ? " WITHOUT OUTLINE" : "";
  return { seen: (${NAME})(e) + outline, isInSight };
}`;
