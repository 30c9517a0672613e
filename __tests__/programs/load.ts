import http from "node:http";
import https from "node:https";

/** One request as the client saw it. Times are of `performance.now()`. */
export interface Sample {
  /** A visitor's name, or the probe's path. */
  readonly who: string;
  readonly start: number;
  readonly end: number;
  /** 0: no answer at all. */
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** A fault that must never happen: no answer, another's session, a stack trace, a visit counted twice. */
  readonly problem: string | undefined;
  /** Whether a request with a cookie got a page without a login. */
  readonly loggedOut: boolean;
}

/** A steady load of logged-in visitors, each with one connection and one request at a time. */
export interface Load {
  /** Requests of logged-in visitors, all of them, in the order they ended. */
  readonly visits: readonly Sample[];
  /** `/healthz`, `/readyz` and a page that needs no session, or what else is wanted, asked all the time. */
  readonly probes: readonly Sample[];
  /** Sends everybody there: the load balancer has noticed. */
  moveTo(url: string): void;
  /** Everybody reads a form now, and sends it when what this answers with is called: visits like others. */
  readForms(): Promise<() => Promise<void>>;
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
  /** A visitor reads a page so long, then asks for the next. Milliseconds. @default 15 */
  readonly pauseMs?: number;
  /** Pages asked all the time beside them. @default - `/healthz`, `/readyz` and `/login` */
  readonly probes?: readonly string[];
  /** The longest wait: a later answer counts as none. Milliseconds. @default 15 000 */
  readonly giveUpMs?: number;
  /** The address visitors know, where it is not the one they are led to. @default - `url` */
  readonly knownAs?: string;
}

/** Between two questions of a probe, in a visitor's pauses. */
const PROBE_PAUSES = 3;
const PROBED = ["/healthz", "/readyz", "/login"];

/** Logs in the visitors one after the other, then lets them come and come. */
export async function startLoad(url: string, options: LoadOptions): Promise<Load> {
  const { visitors, other = url, forms = false, pauseMs = 15, giveUpMs = 15_000, knownAs } = options;
  const { Agent } = url.startsWith("https:") ? https : http;
  // Certificates are of a CA of the test's own.
  const agent = new Agent({ keepAlive: true, maxSockets: 2000, rejectUnauthorized: false });
  const way: Way = { agent, pauseMs, giveUpMs, ...(knownAs !== undefined && { knownAs }) };
  const visits: Sample[] = [];
  const probes: Sample[] = [];
  let stopped = false;
  const everybody: Visitor[] = [];
  for (let i = 0; i < visitors; i++) everybody.push(new Visitor(way, i % 2 ? other : url, `visitor-${i}`));
  for (const visitor of everybody) {
    const sample = await visitor.login();
    if (sample.status !== 303) throw new Error(`login before the fault answered ${sample.status}: ${sample.problem}`);
  }
  const loops = everybody.map(async (visitor) => {
    for (let turn = 0; !stopped; turn++) {
      const step = visitor.isLoggedIn ? (forms && turn % 2 === 1 ? "update" : "visit") : "login";
      visits.push(await visitor[step]());
      await pause(pauseMs);
    }
  });
  for (const path of options.probes ?? PROBED) {
    loops.push(
      (async () => {
        while (!stopped) {
          probes.push((await ask(way, url, path)).sample(path));
          await pause(PROBE_PAUSES * pauseMs);
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
    async readForms() {
      const forms = await Promise.all(everybody.map((visitor) => visitor.readForm()));
      return async () => {
        const sent = forms.map((form, i) => (everybody[i] as Visitor).sendForm(form));
        visits.push(...(await Promise.all(sent)));
      };
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

/** How everybody asks. */
interface Way extends Pick<LoadOptions, "knownAs"> {
  readonly agent: http.Agent;
  readonly pauseMs: number;
  readonly giveUpMs: number;
}

class Visitor {
  readonly #way: Way;
  url: string;
  readonly #name: string;
  #cookie = "";
  /** Home pages asked for with the cookie of this login: the app counts each once at most. */
  #asked = 0;

  constructor(way: Way, url: string, name: string) {
    this.#way = way;
    this.url = url;
    this.#name = name;
  }

  get isLoggedIn(): boolean {
    return this.#cookie !== "";
  }

  /** Reads the form of the shared session, and sends it. */
  async update(): Promise<Sample> {
    const form = await this.readForm();
    if (form.status !== 200) return form.sample(this.#name);
    await pause(this.#way.pauseMs);
    return this.sendForm(form);
  }

  readForm(): Promise<Answer> {
    return ask(this.#way, this.url, "/1", this.#cookie);
  }

  async sendForm(form: Answer): Promise<Sample> {
    return (await ask(this.#way, this.url, "/1", this.#cookie, { token: tokenIn(form) })).sample(this.#name);
  }

  async login(): Promise<Sample> {
    const token = tokenIn(await ask(this.#way, this.url, "/login"));
    const fields = { token, username: this.#name };
    const answer = await ask(this.#way, this.url, "/login", "", fields);
    if (answer.status === 303) {
      this.#cookie = answer.cookie;
      this.#asked = 0;
    }
    return answer.sample(this.#name);
  }

  async visit(): Promise<Sample> {
    const cookie = this.#cookie;
    this.#asked++;
    const answer = await ask(this.#way, this.url, "/", cookie);
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
  { agent, knownAs, giveUpMs }: Way,
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
    const type = "application/x-www-form-urlencoded";
    const headers = {
      ...(knownAs === undefined ? {} : { host: new URL(knownAs).host }),
      ...(cookie === "" ? {} : { cookie }),
      ...(form === undefined ? {} : { origin: knownAs ?? url, "content-type": type }),
    };
    const method = form === undefined ? "GET" : "POST";
    const { request: send } = url.startsWith("https:") ? https : http;
    const request = send(url + path, { agent, method, headers, timeout: giveUpMs }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
      });
      response.once("end", () => done(response.statusCode ?? 0, body, response.headers));
      response.once("error", (error) => done(0, body, {}, `half an answer: ${error.message}`));
    });
    request.once("timeout", () => request.destroy(new Error(`no answer in ${giveUpMs} ms`)));
    request.once("error", (error) => done(0, "", {}, error.message));
    request.end(form === undefined ? undefined : new URLSearchParams(form).toString());
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
