import http from "node:http";

/** One request as the client saw it. Times are of `performance.now()`. */
export interface Sample {
  /** A visitor's name, or the probe's path. */
  readonly who: string;
  readonly start: number;
  readonly end: number;
  /** 0: no answer at all. */
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** What must never be: no answer, another's session, a stack trace, a visit counted twice. */
  readonly problem: string | undefined;
  /** A page for somebody who is not logged in, in answer to a cookie. */
  readonly loggedOut: boolean;
}

/** A steady load of logged-in visitors, each with one connection and one request at a time. */
export interface Load {
  /** Requests of logged-in visitors, all of them, in the order they ended. */
  readonly visits: readonly Sample[];
  /** `/healthz`, `/readyz` and a page that needs no session, asked all the time. */
  readonly probes: readonly Sample[];
  /** Sends everybody there: the load balancer has noticed. */
  moveTo(url: string): void;
  /** Many requests at once, by one visitor. */
  burst(requests: number): Promise<readonly Sample[]>;
  /** Lets requests under way end, then closes. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** Where every second visitor asks. @default - at `url` like the others */
  readonly other?: string;
  readonly visitors: number;
  /** Whether every second turn of a visitor reads a form and sends it. @default false */
  readonly forms?: boolean;
}

/** A visitor reads a page, then asks for the next. Milliseconds. */
const PAUSE_MS = 15;
const PROBE_PAUSE_MS = 40;
/** Nobody waits longer: such a request counts as not answered. Milliseconds. */
const GIVE_UP_MS = 15_000;

/** Logs in the visitors one after the other, then lets them come and come. */
export async function startLoad(url: string, { visitors, other = url, forms = false }: LoadOptions): Promise<Load> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 2000 });
  const visits: Sample[] = [];
  const probes: Sample[] = [];
  let stopped = false;
  const everybody: Visitor[] = [];
  for (let i = 0; i < visitors; i++) everybody.push(new Visitor(agent, i % 2 ? other : url, `visitor-${i}`));
  for (const visitor of everybody) {
    const sample = await visitor.login();
    if (sample.status !== 303) throw new Error(`login before the fault answered ${sample.status}: ${sample.problem}`);
  }
  const loops = everybody.map(async (visitor) => {
    for (let turn = 0; !stopped; turn++) {
      const step = visitor.isLoggedIn ? (forms && turn % 2 === 1 ? "update" : "visit") : "login";
      visits.push(await visitor[step]());
      await pause(PAUSE_MS);
    }
  });
  for (const path of ["/healthz", "/readyz", "/login"]) {
    loops.push(
      (async () => {
        while (!stopped) {
          probes.push((await ask(agent, url, path)).sample(path));
          await pause(PROBE_PAUSE_MS);
        }
      })(),
    );
  }
  return {
    visits,
    probes,
    moveTo(where) {
      for (const visitor of everybody) visitor.url = where;
    },
    burst: (requests) => {
      const [one] = everybody as [Visitor];
      return Promise.all(Array.from({ length: requests }, () => one.visit()));
    },
    async stop() {
      stopped = true;
      await Promise.all(loops);
      agent.destroy();
    },
  };
}

class Visitor {
  readonly #agent: http.Agent;
  url: string;
  readonly #name: string;
  #cookie = "";
  /** Home pages asked for with the cookie of this login: the app counts each once at most. */
  #asked = 0;

  constructor(agent: http.Agent, url: string, name: string) {
    this.#agent = agent;
    this.url = url;
    this.#name = name;
  }

  get isLoggedIn(): boolean {
    return this.#cookie !== "";
  }

  /** Reads the form of the shared session, and sends it. */
  async update(): Promise<Sample> {
    const form = await ask(this.#agent, this.url, "/1", this.#cookie);
    if (form.status !== 200) return form.sample(this.#name);
    await pause(PAUSE_MS);
    return (await ask(this.#agent, this.url, "/1", this.#cookie, { token: tokenIn(form) })).sample(this.#name);
  }

  async login(): Promise<Sample> {
    const token = tokenIn(await ask(this.#agent, this.url, "/login"));
    const fields = { token, username: this.#name };
    const answer = await ask(this.#agent, this.url, "/login", "", fields);
    if (answer.status === 303) {
      this.#cookie = answer.cookie;
      this.#asked = 0;
    }
    return answer.sample(this.#name);
  }

  async visit(): Promise<Sample> {
    const cookie = this.#cookie;
    this.#asked++;
    const answer = await ask(this.#agent, this.url, "/", cookie);
    if (answer.status !== 200) return answer.sample(this.#name);
    const name = /Logged in as ([\w-]+)/.exec(answer.body)?.[1];
    if (name === undefined) {
      this.#cookie = "";
      return answer.sample(this.#name, undefined, true);
    }
    if (name !== this.#name) return answer.sample(this.#name, `saw the session of ${name}`);
    const count = Number(/<strong>(\d+)<\/strong>/.exec(answer.body)?.[1]);
    const twice = cookie === this.#cookie && !(count <= this.#asked);
    return answer.sample(this.#name, twice ? `${count} visits counted, asked ${this.#asked} times` : undefined);
  }
}

function tokenIn({ body }: Answer): string {
  return /name="token" value="([^"]*)"/.exec(body)?.[1] ?? "";
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookie: string;
  sample(who: string, problem?: string, loggedOut?: boolean): Sample;
}

/** Never throws: what went wrong is the sample's problem. */
function ask(
  agent: http.Agent,
  url: string,
  path: string,
  cookie = "",
  form?: Readonly<Record<string, string>>,
): Promise<Answer> {
  const start = performance.now();
  return new Promise((resolve) => {
    const done = (status: number, body: string, headers: http.IncomingHttpHeaders, problem?: string) => {
      const end = performance.now();
      const trace = status >= 400 && /\n\s+at \S+|node:internal|ioredis/.test(body) ? "a stack trace" : undefined;
      resolve({
        status,
        body,
        cookie: headers["set-cookie"]?.at(-1)?.split(";")[0] ?? cookie,
        sample: (who, also, loggedOut = false) => ({
          who,
          start,
          end,
          status,
          retryAfter: headers["retry-after"],
          problem: problem ?? trace ?? also,
          loggedOut,
        }),
      });
    };
    const headers = {
      ...(cookie === "" ? {} : { cookie }),
      ...(form === undefined ? {} : { origin: url, "content-type": "application/x-www-form-urlencoded" }),
    };
    const method = form === undefined ? "GET" : "POST";
    const request = http.request(url + path, { agent, method, headers, timeout: GIVE_UP_MS }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.once("end", () => done(response.statusCode ?? 0, body, response.headers));
      response.once("error", (error) => done(0, body, {}, `half an answer: ${error.message}`));
    });
    request.once("timeout", () => request.destroy(new Error(`no answer in ${GIVE_UP_MS} ms`)));
    request.once("error", (error) => done(0, "", {}, error.message));
    request.end(form === undefined ? undefined : new URLSearchParams(form).toString());
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
