// The pages of the session peers besides `/`: they count trips and lost updates.
import { setTimeout as pause } from "node:timers/promises";

/** Long enough for a second request to load the session before the first one stores it. Milliseconds. */
const SLOW = 5;

/** `/read` changes nothing; `/field` sets one field late; `/show` tells both. */
export async function otherPage(session, url) {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname === "/read") return `<p>Visits: ${session.visits ?? 0}</p>`;
  if (pathname === "/show") return JSON.stringify({ a: session.a, b: session.b });
  await pause(SLOW);
  session[searchParams.get("name")] = Number(searchParams.get("value"));
  return "set";
}
