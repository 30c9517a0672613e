import Koa from "koa";
import pino from "pino";
import { requireAllowedAddress } from "../../webapp/allowed-addresses";
import { answerErrors } from "../../webapp/errors";
import { type Listening, listen } from "../programs/visitor";

let app: Listening;
afterEach(() => app.stop());

/** The status of a request that comes by a proxy, from an address that the proxy names. */
async function statusFrom(address: string, ...cidrs: string[]): Promise<number> {
  const koa = new Koa({ proxy: true, maxIpsCount: 1 });
  koa.use(answerErrors(pino({ level: "silent" })));
  koa.use(requireAllowedAddress(cidrs));
  koa.use((ctx) => {
    ctx.body = "hello";
  });
  app = await listen(koa);
  return (await fetch(app.url, { headers: { "x-forwarded-for": address } })).status;
}

describe("requireAllowedAddress", () => {
  it.each([
    ["10.1.2.3", ["10.0.0.0/8"], 200],
    ["11.1.2.3", ["10.0.0.0/8"], 403],
    ["192.0.2.1", ["10.0.0.0/8", "192.0.2.1/32"], 200],
    ["192.0.2.2", ["10.0.0.0/8", "192.0.2.1/32"], 403],
    ["::ffff:10.1.2.3", ["10.0.0.0/8"], 200],
    ["2001:db8::1", ["10.0.0.0/8"], 403],
    ["8.8.8.8", ["0.0.0.0/0"], 200],
    ["no address", ["10.0.0.0/8"], 403],
  ])("%s of %j: %i", async (address, cidrs, status) => {
    expect(await statusFrom(address, ...cidrs)).toBe(status);
  });
});
