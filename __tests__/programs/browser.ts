import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findOnPath } from "./require";

const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

/** A real browser. @param hosts - ports of this machine by host and port, for names that no DNS knows. */
export function startBrowser(hosts: ReadonlyMap<string, number> = new Map()): Promise<Browser> {
  const rules = [...hosts].map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`).join(",");
  const args = rules === "" ? ARGS : [...ARGS, `--host-resolver-rules=${rules}`];
  return chromium.launch({ executablePath: findOnPath("chromium"), args });
}

/** A visitor of the session app with a browser of their own, scripts off: no page needs scripts. */
export class AppVisitor {
  static async arrive(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<AppVisitor> {
    const context = await browser.newContext({ javaScriptEnabled: false, ...options });
    return new AppVisitor(await context.newPage(), url);
  }

  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url.replace(/\/$/, "");
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.#url + path);
  }

  async login(name: string): Promise<void> {
    await this.open("/login");
    await this.page.getByLabel("Name").fill(name);
    await this.page.getByRole("button", { name: "Log in" }).click();
    await this.page.waitForURL(`${this.#url}/`);
  }

  /** From a page that shows the login. */
  async logOut(): Promise<void> {
    await this.page.getByRole("button", { name: "Log out" }).click();
  }

  heading(): Promise<string | null> {
    return this.page.getByRole("heading", { level: 1 }).textContent();
  }

  async visits(): Promise<number> {
    return Number((await this.page.locator(".count strong").textContent()) ?? Number.NaN);
  }

  /** Ends the first of the visitor's other sessions. */
  async endSessionElsewhere(): Promise<void> {
    await this.page.getByRole("link", { name: "Your session" }).click();
    const buttons = this.page.getByRole("button", { name: /^End the session of/ });
    await buttons.first().click();
  }

  /** Chooses a container and updates the shared session there. */
  async share(container: "1" | "2"): Promise<void> {
    await this.page.getByLabel(container, { exact: true }).check();
    await this.page.getByRole("button", { name: "Shared Session" }).click();
    await this.page.waitForURL(`${this.#url}/${container}`);
  }

  /** The host that made the page. */
  host(): Promise<string | null> {
    return this.page.locator(".host").textContent();
  }

  /** Updates of the shared session that the page shows, as in `container 1 on host web-1`. */
  async updates(): Promise<(string | undefined)[]> {
    const texts = await this.page.locator("dd").allTextContents();
    return texts.map((text) => /container \d on host \S+/.exec(text)?.[0]);
  }
}
