import { once } from "node:events";
import { readFileSync } from "node:fs";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { HttpApi } from "../../../cli/dev/lambda/http-api";
import { combineLinks } from "../../../cli/plan/way/link";
import { walk } from "../../../cli/plan/way/ways";
import type { Certificate } from "../../programs/certificate";
import type { RunningFunction } from "./functions";
import type { Applied, AppliedState } from "./state";

/** An HTTP API as applied, in front of its function. */
export interface RunningApi {
  /** Port of this machine that visitors' https leads to. */
  readonly port: number;
  stop(): Promise<void>;
}

/** @throws when its route leads to no function, or the function's permissions do not let the API call it. */
export async function startHttpApi(
  state: AppliedState,
  api: Applied,
  functions: readonly RunningFunction[],
  certificate: Certificate,
): Promise<RunningApi> {
  const { invoke, say } = functionBehind(state, api, functions);
  const http = new HttpApi(invoke, { seenAs: state.output("url"), say });
  const plain = Number(new URL(await http.listen()).port);
  const sockets = new Set<net.Socket>();
  const keys = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
  const server = tls.createServer(keys, (visitor) => {
    const onward = net.connect(plain, "127.0.0.1");
    for (const socket of [visitor, onward]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => sockets.delete(socket));
    }
    visitor.pipe(onward).pipe(visitor);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await http.stop();
    },
  };
}

function functionBehind(state: AppliedState, api: Applied, functions: readonly RunningFunction[]): RunningFunction {
  const route = state.all("aws_apigatewayv2_route").find(({ api_id }) => api_id === api.id);
  if (route?.route_key !== "$default") throw new Error(`${api.name}: its route is ${route?.route_key}, not $default`);
  const ways = [...walk(state.plan, "after").values()].flatMap(({ app, entrances }) =>
    entrances.filter(({ at }) => at === api.address).map(({ links }) => ({ app, links })),
  );
  const open = ways.find(({ links }) => combineLinks(links) === "open");
  if (open === undefined) {
    const closed = ways.flatMap(({ links }) => links).find(({ answer }) => answer !== "open");
    throw new Error(`${api.name}: ${closed?.why ?? "it leads to no function"}`);
  }
  const { function_name } = state.by("aws_lambda_function", "address", open.app.address);
  return functions.find(({ name }) => name === function_name) as RunningFunction;
}
