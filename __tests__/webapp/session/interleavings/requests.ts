import fc from "fast-check";
import Koa from "koa";
import { z } from "zod";
import { answerEvents } from "../../../../webapp/lambda/http-event";
import { createSessions, type Sessions, type Store } from "../../../../webapp/session";
import { deriveReference, hashId } from "../../../../webapp/session/session-id";
import { type Answer, History } from "./history";

/** The sessions that a user may have: few, so that logins end others. */
export const LIMIT = 2;
const USERS = ["ann", "bob"];
const BROWSERS = 3;
/** Limits of a session that a login has remembered; more than the store's own. */
export const REMEMBERED = { idleSeconds: 90, maxAgeSeconds: 900 };
const schema = z.object({ visits: z.number().int().optional(), colour: z.string().optional() });

/** A request of a browser, or an event at Redis. */
export type Act =
  | { readonly kind: "login"; readonly user: string; readonly isRemembered: boolean }
  | { readonly kind: "set"; readonly value: number }
  | { readonly kind: "look" | "logout" | "renew" | "increment" | "end" | "endOthers" | "expire" | "copy" | "failover" };

/** A request of a browser. */
export interface Step {
  readonly browser: number;
  readonly act: Act;
}

const act = (kinds: readonly Exclude<Act["kind"], "login" | "set">[]): fc.Arbitrary<Act> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("login" as const),
        user: fc.constantFrom(...USERS),
        isRemembered: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("set" as const), value: fc.nat(9) }) },
    { weight: kinds.length, arbitrary: fc.record({ kind: fc.constantFrom(...kinds) }) as fc.Arbitrary<Act> },
  );
const REQUESTS = ["look", "logout", "renew", "increment", "increment", "end", "endOthers", "expire"] as const;

/** Two to four processes, each with the requests that it gets one after the other. */
export const processes = (isLossy: boolean): fc.Arbitrary<Step[][]> => {
  const kinds = isLossy ? [...REQUESTS, "copy" as const, "failover" as const] : REQUESTS;
  const step = fc.record({ browser: fc.nat(BROWSERS - 1), act: act(kinds) });
  return fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 4 });
};

/** The store that all processes share. */
export interface Shared {
  /** The store of a process of its own. */
  createStore(): Store;
  /** A replica copies all keys. */
  copy(): Promise<void>;
  /** The replica takes over. Writes after the copy are lost. */
  failover(): Promise<void>;
}

interface Answered {
  readonly answer: Answer & { readonly done?: boolean; readonly reference?: string };
  readonly cookie: string | undefined;
  /** The browser keeps the cookie when it closes. */
  readonly isKept: boolean;
}

/** Runs all processes at once, and judges each answer. @returns the contradictions to the model. */
export async function runProcesses(all: readonly (readonly Step[])[], shared: Shared): Promise<string[]> {
  const run = new Run(
    shared,
    all.flat().some(({ act: { kind } }) => kind === "failover"),
  );
  await Promise.all(all.map((steps) => run.process(steps)));
  return [...run.wrong, ...(run.isLossy ? [] : await run.judgeEnd())];
}

class Run {
  readonly history = new History();
  readonly wrong: string[] = [];
  readonly isLossy: boolean;
  readonly #shared: Shared;
  readonly #cookies = new Map<number, string>();
  readonly #store: Store;

  constructor(shared: Shared, isLossy: boolean) {
    this.#shared = shared;
    this.isLossy = isLossy;
    this.#store = shared.createStore();
  }

  async process(steps: readonly Step[]): Promise<void> {
    const ask = createProcess(this.#shared.createStore());
    for (const { browser, act } of steps) await this.#step(ask, browser, act);
  }

  async #step(ask: Ask, browser: number, act: Act): Promise<void> {
    const id = this.#cookies.get(browser);
    const start = this.history.now();
    if (act.kind === "copy" || act.kind === "failover") return this.#shared[act.kind]();
    if (act.kind === "expire") {
      if (id !== undefined) await this.#store.destroy([hashId(id)]);
      this.history.end(id);
      return;
    }
    const { answer, cookie, isKept } = await ask(act, id);
    const wrong = this.history.contradictions(id, answer, start, this.isLossy);
    this.wrong.push(...wrong.map((what) => `${act.kind}: ${what}`));
    this.#learn(act, id, { answer, cookie, isKept }, start);
    if (cookie === "") this.#cookies.delete(browser);
    else if (cookie !== undefined) this.#cookies.set(browser, cookie);
  }

  #learn(act: Act, id: string | undefined, { answer, cookie, isKept }: Answered, start: number): void {
    const { history } = this;
    const isNew = cookie !== undefined && cookie !== "";
    if (isNew) {
      const isContinued = act.kind === "renew" && id !== undefined && history.get(id)?.isRemembered === true;
      const isRemembered = act.kind === "login" ? act.isRemembered : isContinued;
      if (isKept !== isRemembered) this.wrong.push(`${act.kind}: the browser keeps a cookie: ${isKept}`);
      history.begin(cookie, answer, isRemembered);
    }
    if (act.kind === "logout" || (isNew && act.kind !== "set")) history.end(id);
    if (act.kind === "set" && !isNew) history.write(id, answer.left, start);
    if (act.kind === "increment") history.count(id, answer.counted);
    if (act.kind === "endOthers" && answer.after !== undefined) history.endOthers(answer.after, id, start);
    if (act.kind === "end" && answer.done) {
      history.end(history.ids.find((one) => deriveReference(hashId(one)) === answer.reference));
    }
  }

  /** Compares the stored sessions with the answers, once all requests are done. */
  async judgeEnd(): Promise<string[]> {
    const wrong: string[] = [];
    const living = new Map(USERS.map((user) => [user, 0]));
    for (const id of this.history.ids) {
      const known = this.history.get(id);
      const stored = await this.#store.peek(hashId(id));
      if (stored === undefined || known === undefined) continue;
      if (known.ended !== undefined) wrong.push("at the end: an ended session is stored");
      const limits = known.isRemembered ? REMEMBERED : this.#store.lifetimes;
      if (stored.idleSeconds !== limits.idleSeconds || stored.maxAgeSeconds !== limits.maxAgeSeconds)
        wrong.push(`at the end: limits of ${stored.idleSeconds} and ${stored.maxAgeSeconds} s`);
      const visits = Number(stored.attributes.get("visits") ?? 0);
      const expected = known.counted.map((_, i) => known.visits + i + 1);
      if (String([...known.counted].sort((a, b) => a - b)) !== String(expected))
        wrong.push(`counted ${known.counted} from ${known.visits}`);
      if (visits !== known.visits + known.counted.length)
        wrong.push(`at the end: ${visits} visits of ${known.visits} and ${known.counted}`);
      if (known.user === undefined) continue;
      living.set(known.user, (living.get(known.user) ?? 0) + 1);
      const listed = (await this.#store.enlisted(known.user)).some(({ key }) => key === hashId(id));
      if (!listed) wrong.push(`at the end: a session of ${known.user} is in no index`);
    }
    for (const [user, count] of living) if (count > LIMIT) wrong.push(`at the end: ${user} has ${count} sessions`);
    return wrong;
  }
}

type Ask = (act: Act, id: string | undefined) => Promise<Answered>;

/** A process of the app: a layer of its own, which is sent requests without a network. */
function createProcess(store: Store): Ask {
  const app = new Koa();
  app.silent = true;
  const sessions = createSessions(app, { store, schema, cookie: { secure: false }, limit: LIMIT });
  app.use(sessions.middleware);
  app.use(async (ctx) => {
    ctx.body = await handle(ctx, sessions, JSON.parse(ctx.query.act as string));
  });
  const answer = answerEvents(app.callback());
  return async (act, id) => {
    const {
      statusCode,
      body,
      cookies = [],
    } = await answer({
      version: "2.0",
      rawPath: "/",
      rawQueryString: new URLSearchParams({ act: JSON.stringify(act) }).toString(),
      headers: {},
      ...(id !== undefined && { cookies: [`id=${id}`] }),
      requestContext: { http: { method: "GET", path: "/", sourceIp: "192.0.2.1" } },
    });
    if (statusCode !== 200) throw new Error(`${act.kind}: got ${statusCode} ${body}`);
    const line = cookies.find((one) => one.startsWith("id="));
    const isKept = line?.includes("expires=") === true;
    return { answer: JSON.parse(body), cookie: line && /^id=([^;]*)/.exec(line)?.[1], isKept };
  };
}

async function handle(ctx: Koa.Context, sessions: Sessions<typeof schema>, act: Act): Promise<object> {
  const session = sessions.of(ctx);
  const { user: before } = session;
  const { colour } = session.data;
  const done: { done?: boolean; reference?: string; counted?: number | undefined } = {};
  if (act.kind === "login") await session.login(act.user, act.isRemembered ? { ...REMEMBERED, persistent: true } : {});
  else if (act.kind === "renew") await session.renew();
  else if (act.kind === "set") session.data.colour = `${before}'s ${act.value}`;
  else if (act.kind === "increment" && session.key !== undefined) done.counted = await session.increment("visits");
  else if (act.kind === "endOthers") await session.endOthers();
  else if (act.kind === "end") {
    const other = (await session.list()).find(({ reference }) => reference !== session.reference);
    if (other !== undefined)
      Object.assign(done, { done: await session.end(other.reference), reference: other.reference });
  }
  const { visits = 0, colour: left } = session.data;
  const { user: after } = session;
  if (act.kind === "logout") session.logout();
  return { before, after, colour, visits, left, ...done };
}
