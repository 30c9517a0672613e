import net from "node:net";

export interface FastAnswer {
  readonly status: number;
  readonly body: string;
  /** The cookie that the answer sets, else the one that the request sent. */
  readonly cookie: string;
}

/** Each has its place in a queue: HTTP/1.1 answers in the order it was asked. */
interface Waiting {
  answer(answer: FastAnswer): void;
  fail(error: Error): void;
  readonly cookie: string;
}

const CONNECTIONS = 16;
const END_OF_HEAD = "\r\n\r\n";

/**
 * A client without a browser's manners, for large numbers: nothing is kept, and a request does not wait for the answer to
 * the one before it on its connection, so that many go into one write and their answers into one read.
 */
export function fastClient(origin: string) {
  const { hostname, port, host } = new URL(origin);
  const links: Link[] = [];
  let next = 0;
  return async (path: string, cookie = "", form?: Readonly<Record<string, string>>): Promise<FastAnswer> => {
    const at = next++ % CONNECTIONS;
    if (links[at]?.hasEnded !== false) links[at] = new Link(Number(port), hostname);
    const body = form === undefined ? "" : new URLSearchParams(form).toString();
    const lines = [`${form === undefined ? "GET" : "POST"} ${path} HTTP/1.1`, `host: ${host}`];
    if (cookie !== "") lines.push(`cookie: ${cookie}`);
    if (form !== undefined) {
      lines.push(`origin: ${origin}`, "content-type: application/x-www-form-urlencoded");
      lines.push(`content-length: ${Buffer.byteLength(body)}`);
    }
    return links[at].send(lines.join("\r\n") + END_OF_HEAD + body, cookie);
  };
}

class Link {
  hasEnded = false;
  readonly #socket: net.Socket;
  readonly #waiting: Waiting[] = [];
  #unread: Buffer = Buffer.alloc(0);

  constructor(port: number, host: string) {
    this.#socket = net.connect({ port, host, noDelay: true });
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.once("error", (error) => this.#end(error));
    this.#socket.once("close", () => this.#end(new Error("the connection was closed")));
  }

  send(request: string, cookie: string): Promise<FastAnswer> {
    return new Promise((answer, fail) => {
      this.#waiting.push({ answer, fail, cookie });
      this.#socket.cork();
      this.#socket.write(request);
      process.nextTick(() => this.#socket.uncork());
    });
  }

  #read(chunk: Buffer): void {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    for (;;) {
      const headEnd = this.#unread.indexOf(END_OF_HEAD);
      if (headEnd === -1) return;
      const head = this.#unread.toString("latin1", 0, headEnd);
      const length = /^content-length: (\d+)$/im.exec(head)?.[1];
      if (length === undefined) return void this.#socket.destroy(new Error(`an answer without a length:\n${head}`));
      const begin = headEnd + END_OF_HEAD.length;
      const end = begin + Number(length);
      if (this.#unread.length < end) return;
      const body = this.#unread.toString("utf8", begin, end);
      this.#unread = this.#unread.subarray(end);
      const waiting = this.#waiting.shift();
      const set = [...head.matchAll(/^set-cookie: ([^;\r]*)/gim)].at(-1)?.[1];
      waiting?.answer({ status: Number(head.slice(9, 12)), body, cookie: set ?? waiting.cookie });
    }
  }

  #end(error: Error): void {
    this.hasEnded = true;
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }
}
