import { type Change, ending, ends } from "../change";
import { type Effect, sessions } from "./effect";

/**
 * The sessions of visitors who come by a URL among the stack's outputs, where the URL's host goes with the resource and the app has
 * another one after it. A browser sends a cookie to the host that set it alone.
 *
 * Host names are the same in either case, and a parsed URL has its host in lower case.
 *
 * @param argument - has the host name, the address or the URL of the resource
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.1.3
 * @see https://www.rfc-editor.org/rfc/rfc4343#section-3
 */
export function leavesHost(argument: string): Effect {
  return (change, plan) => {
    const host = findHost(change, argument);
    if (!ends(change) || !plan.leftUrls.some((url) => toHost(url) === host)) return [];
    return [sessions(`${ending(change)}: visitors leave ${host} with its cookies, so everybody logs in once more`)];
  };
}

function findHost({ before }: Change, argument: string): string | undefined {
  const value = before?.[argument];
  if (typeof value !== "string" || value === "") return undefined;
  return URL.canParse(value) ? toHost(value) : value.toLowerCase();
}

function toHost(url: string): string {
  return new URL(url).hostname;
}
