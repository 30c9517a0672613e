import http from "node:http";

export interface FastAnswer {
  readonly status: number;
  readonly body: string;
  /** What the answer sets, else what the request sent. */
  readonly cookie: string;
}

/** A client without a browser's manners, for large numbers: connections stay open, nothing is kept. */
export function fastClient(origin: string) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  return (path: string, cookie = "", form?: Readonly<Record<string, string>>): Promise<FastAnswer> =>
    new Promise((resolve, reject) => {
      const headers = {
        ...(cookie === "" ? {} : { cookie }),
        ...(form === undefined ? {} : { origin, "content-type": "application/x-www-form-urlencoded" }),
      };
      const method = form === undefined ? "GET" : "POST";
      const request = http.request(origin + path, { agent, method, headers }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
        });
        response.once("end", () => {
          const set = response.headers["set-cookie"]?.at(-1)?.split(";")[0];
          resolve({ status: response.statusCode ?? 0, body, cookie: set ?? cookie });
        });
      });
      request.once("error", reject);
      request.end(form === undefined ? undefined : new URLSearchParams(form).toString());
    });
}
