import { contender, type Key } from "../programs";
import { type Served, serve } from "../served";
import { ask } from "../visitors";
import { countedInParallel, lostFields, TRIALS } from "./lost-updates";

/** The layer and the libraries that are compared with it. */
const COMPARED: readonly Key[] = ["layer", "koaRedis", "express", "fastify"];

/** A promise, and how often a server broke it. */
interface Promised {
  readonly name: string;
  readonly outOf: number;
  /** @returns how often the promise was broken. */
  breaks(server: Served): Promise<number>;
}

const LOGOUTS = 20;

const PROMISES: readonly Promised[] = [
  {
    name: "two requests set different fields at once: one was lost",
    outOf: TRIALS,
    breaks: async (server) => lostFields(server, (await ask(server.origin, "/")).cookie),
  },
  {
    name: "parallel requests each add one: not counted",
    outOf: TRIALS,
    breaks: async (server) => TRIALS - (await countedInParallel(server, (await ask(server.origin, "/")).cookie)),
  },
  {
    name: "a slow request from before a logout: the old cookie is logged in again",
    outOf: LOGOUTS,
    breaks: async ({ origin }) => {
      let back = 0;
      for (let trial = 0; trial < LOGOUTS; trial++) {
        const { cookie } = await ask(origin, "/login", (await ask(origin, "/")).cookie);
        await Promise.all([ask(origin, "/field?name=a&value=1", cookie), ask(origin, "/logout", cookie)]);
        if (await isLoggedIn(origin, cookie)) back++;
      }
      return back;
    },
  },
  {
    name: "a login: the id from before it is logged in, too",
    outOf: 1,
    breaks: async ({ origin }) => {
      const { cookie } = await ask(origin, "/");
      await ask(origin, "/login", cookie);
      return (await isLoggedIn(origin, cookie)) ? 1 : 0;
    },
  },
];

async function isLoggedIn(origin: string, cookie: string): Promise<boolean> {
  return (JSON.parse((await ask(origin, "/me", cookie)).body) as { user?: string }).user === "ann";
}

/** How often each compared server broke each promise, as lines of a Markdown table. */
export async function tellPromises(redisPort: number): Promise<string[]> {
  const rows = PROMISES.map(({ name, outOf }) => [`${name}, of ${outOf}`]);
  for (const key of COMPARED) {
    const server = await serve(contender(key), redisPort);
    try {
      for (const [i, promised] of PROMISES.entries()) rows[i]?.push(String(await promised.breaks(server)));
    } finally {
      await server.stop();
    }
  }
  const head = ["broken", ...COMPARED.map((key) => contender(key).name.replace(/, counter$/, ""))];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
