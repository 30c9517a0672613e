// The pages of the session peers besides `/`: they count trips and lost updates.
import { setTimeout as pause } from "node:timers/promises";

/** Long enough for a second request to load the session before the first one stores it. Milliseconds. */
const SLOW = 5;

/** `/read` changes nothing; `/field` sets one field late; `/show` tells both; `/login`, `/me` and `/logout` as their READMEs do it. */
export async function otherPage(session, url, end) {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname === "/read") return `<p>Visits: ${session.visits ?? 0}</p>`;
  if (pathname === "/show") return JSON.stringify({ a: session.a, b: session.b });
  if (pathname === "/me") return JSON.stringify({ user: session.user });
  if (pathname === "/login") {
    session.user = "ann";
    return "logged in";
  }
  if (pathname === "/logout") {
    await end();
    return "logged out";
  }
  await pause(SLOW);
  session[searchParams.get("name")] = Number(searchParams.get("value"));
  return "set";
}
