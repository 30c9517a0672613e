import { once } from "node:events";
import net from "node:net";

const CONNECTIONS = 50;
/** How long the program sleeps between two looks at the clock. Milliseconds; a timer's one would send in bursts. */
const TICK = 0.1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Requests at a constant rate, whether answers come or not. A request's time counts from when it was due, so that what
 * waits behind a slow one is slow too (no coordinated omission). Milliseconds, one for each request.
 */
export async function openLoop(
  port: number,
  path: string,
  cookies: readonly string[],
  perSecond: number,
  seconds: number,
): Promise<number[]> {
  const requests = cookies.map(
    (cookie) =>
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\n${
        cookie === "" ? "" : `Cookie: ${cookie}\r\n`
      }\r\n`,
  );
  const times: number[] = [];
  const waiting: number[] = [];
  const idle: net.Socket[] = [];
  const total = Math.round(perSecond * seconds);
  let sent = 0;
  const send = (socket: net.Socket, due: number) => {
    socket.write(requests[sent++ % requests.length] as string);
    answered(socket).then(
      () => {
        times.push(performance.now() - due);
        const next = waiting.shift();
        if (next === undefined) idle.push(socket);
        else send(socket, next);
      },
      () => times.push(Number.POSITIVE_INFINITY),
    );
  };
  for (let i = 0; i < CONNECTIONS; i++) {
    const socket = net.connect(port, "127.0.0.1").setNoDelay(true);
    await once(socket, "connect");
    idle.push(socket);
  }
  const all = [...idle];
  const start = performance.now();
  for (let due = 0; times.length < total; ) {
    const now = performance.now() - start;
    while (due < total && (due * 1000) / perSecond <= now) {
      const at = start + (due++ * 1000) / perSecond;
      const socket = idle.shift();
      if (socket === undefined) waiting.push(at);
      else send(socket, at);
    }
    if (now > seconds * 3000 + 5000) throw new Error(`${path}: ${times.length} of ${total} answers came`);
    await new Promise(setImmediate);
    Atomics.wait(sleeper, 0, 0, TICK);
  }
  for (const socket of all) socket.destroy();
  return times;
}

/** One answer with a Content-Length, whole. @throws when it is no 200. */
function answered(socket: net.Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    const read = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (text.length < end + 4 + length) return;
      socket.off("data", read);
      if (text.startsWith("HTTP/1.1 200")) resolve();
      else reject(new Error(text.slice(0, 40)));
    };
    socket.on("data", read);
  });
}
