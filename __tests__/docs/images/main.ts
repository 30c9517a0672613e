import path from "node:path";
import type { Browser } from "playwright-core";
import { main } from "../../../cli/machine/command";
import { ROOT } from "../../../cli/machine/root";
import { UserError } from "../../../environment/user-error";
import { startApp } from "../../programs/app-process";
import { AppVisitor, startBrowser } from "../../programs/browser";
import { startRedis } from "../../programs/redis-server";
import { missing } from "../../programs/require";
import { parseBlocks } from "../blocks";

const FOLDER = path.join(ROOT, "docs", "images");
const SESSION_SIZE = { width: 740, height: 990 };
const TERMINAL_WIDTH = 900;

/** Takes the page /session of the built app on a redis-server, after a login and three visits. */
async function takeSessionPage(browser: Browser): Promise<void> {
  const redis = await startRedis();
  const app = await startApp({ REDIS_URL: `redis://127.0.0.1:${redis.port}`, LOG_LEVEL: "silent" });
  try {
    const visitor = await AppVisitor.arrive(browser, app.url, { viewport: SESSION_SIZE, locale: "en-US" });
    await visitor.login("ann");
    for (const page of ["/", "/", "/session"]) await visitor.open(page);
    await visitor.page.screenshot({ path: path.join(FOLDER, "session-page.png") });
  } finally {
    await app.stop();
    await redis.stop();
  }
}

/** Takes the review in docs/plan-review.md, up to its last risk, as a terminal prints it. */
async function takePlanReview(browser: Browser): Promise<void> {
  const review = parseBlocks("docs/plan-review.md").find(({ language }) => language === "text");
  const end = review?.lines.findIndex((line) => line.startsWith("Widens")) ?? -1;
  if (review === undefined || end === -1)
    throw new Error('docs/plan-review.md: got no review with "Widens", takes one');
  const page = await browser.newPage({ viewport: { width: TERMINAL_WIDTH, height: 200 } });
  await page.setContent(`<style>
    body { margin: 0; padding: 14px 18px 18px; background: #1b1f27; color: #d8dee9; font: 13px/1.55 monospace }
    div { white-space: pre-wrap; min-height: 1.55em; padding-left: 4ch; text-indent: -4ch }
  </style>`);
  for (const line of ["$ npm run --silent plan -- session-ec2", ...review.lines.slice(0, end + 1)]) {
    await page.locator("body").evaluate((body, text) => {
      const row = body.ownerDocument.createElement("div");
      row.textContent = text;
      body.append(row);
    }, line);
  }
  await page.screenshot({ path: path.join(FOLDER, "plan-review.png"), fullPage: true });
}

void main({
  name: "images",
  says: "Takes the pictures in docs/images: the built app's page /session, and the review in docs/plan-review.md. Needs chromium and redis-server.",
  options: {},
  async run() {
    const absent = missing(["chromium", "redis-server"]);
    if (absent !== undefined) throw new UserError(absent);
    const browser = await startBrowser();
    try {
      await takeSessionPage(browser);
      await takePlanReview(browser);
    } finally {
      await browser.close();
    }
  },
});
