import { AppVisitor, startBrowser } from "../../programs/browser";
import type { Running } from "./start";

/** A site that visitors come to, here or in an account. */
type Visited = Pick<Running, "url" | "hosts" | "state"> & { servers(): readonly unknown[] };

/** Something a visitor saw that a whole stack does not show. */
export class VisitError extends Error {
  override readonly name = "Seen";
}

/**
 * Goes through the session app as visitors do, in a real browser: logs in, counts, changes hosts where the stack has
 * services by path, ends a session elsewhere, logs out.
 *
 * @returns what was done, for the report.
 * @throws {VisitError} saying what was done, what was seen and what should have been.
 */
export async function visit(running: Visited): Promise<string[]> {
  const { url, hosts } = running;
  const browser = await startBrowser(hosts);
  const done: string[] = [];
  // The certificate is signed by a CA of this run, which no browser knows.
  const arrive = () => AppVisitor.arrive(browser, url, { ignoreHTTPSErrors: true });
  const step = async (what: string, look: () => Promise<unknown>, wanted: unknown) => {
    const seen = await look();
    if (JSON.stringify(seen) !== JSON.stringify(wanted)) {
      throw new VisitError(`${what}: got ${JSON.stringify(seen)}, takes ${JSON.stringify(wanted)}`);
    }
    done.push(what);
  };
  try {
    const [here, there] = [await arrive(), await arrive()];
    const byHttp = [...hosts.keys()].find((host) => host.endsWith(":80"));
    if (url.startsWith("https:") && byHttp !== undefined) {
      const toHttps = async () => {
        await here.page.goto(`http://${byHttp}/`);
        return here.page.url();
      };
      await step("http leads to https", toHttps, `${url}/`);
    }
    await here.open("/");
    await step("arrives", () => here.heading(), "You are not logged in");
    await here.login("ann");
    await step("logs in", () => here.heading(), "Logged in as ann");
    await step("counts a visit", () => here.visits(), 1);
    // Often enough that each server has answered.
    const more = running.servers().length + 1;
    for (let visits = 0; visits < more; visits++) await here.page.reload();
    await step(`counts ${more} more`, () => here.visits(), 1 + more);
    await there.login("ann");
    await here.open("/");
    await here.endSessionElsewhere();
    await there.open("/");
    await step("ends a session elsewhere", () => there.heading(), "You are not logged in");
    if (running.state.all("aws_lb_listener_rule").length > 0) await changeHosts(here, step);
    await here.open("/");
    await here.logOut();
    await step("logs out", () => here.heading(), "You are not logged in");
    return done;
  } finally {
    await browser.close();
  }
}

type Step = (what: string, look: () => Promise<unknown>, wanted: unknown) => Promise<void>;

/** One session, updated by a container of each of two services. */
async function changeHosts(visitor: AppVisitor, step: Step): Promise<void> {
  await visitor.open("/index.html");
  await visitor.share("1");
  const first = await visitor.host();
  await visitor.share("2");
  const second = await visitor.host();
  await step("changes hosts", async () => first !== second, true);
  const [to, from] = await visitor.updates();
  const shown = async () => [to?.startsWith("container 2 on host"), from?.startsWith("container 1 on host")];
  await step("finds what the other host wrote", shown, [true, true]);
}
