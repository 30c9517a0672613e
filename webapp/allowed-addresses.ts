import { BlockList, isIP } from "node:net";
import type { Middleware } from "koa";
import { Refusal } from "./refusal";

/**
 * Answers 403 to every request from outside of these IPv4 blocks. The address is the one that `TRUST_PROXY` says: of a
 * function, the one that API Gateway was connected to from.
 *
 * @param cidrs - as in `203.0.113.0/24`.
 */
export function requireAllowedAddress(cidrs: readonly string[]): Middleware {
  const allowed = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", prefix] = cidr.split("/");
    allowed.addSubnet(network, Number(prefix), "ipv4");
  }
  return function allowedAddress(ctx, next) {
    const version = isIP(ctx.ip);
    if (version === 0 || !allowed.check(ctx.ip, version === 4 ? "ipv4" : "ipv6")) {
      throw new Refusal(403, ({ refusals }) => refusals.otherNetwork);
    }
    return next();
  };
}
