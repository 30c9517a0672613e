import pino from "pino";
import { createApp } from "../../../webapp/app";
import { LoginThrottle } from "../../../webapp/login/throttle";
import { KeyRing } from "../../../webapp/secrets/key-ring";
import { MemoryStore } from "../../../webapp/session";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const session = { idleSeconds: 60, maxAgeSeconds: 600, limit: 10, onLimit: "end-oldest", prefix: "session:" } as const;
const readText = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

let store: MemoryStore;
let one: Listening;
let two: Listening;
/** A host without containers. */
let instance: Listening;

/** Two hosts over one store, as two services behind a load balancer. */
beforeEach(async () => {
  store = new MemoryStore(session);
  const keys = await KeyRing.open({ kind: "keys", keys: ["k".repeat(32)] });
  const throttle = new LoginThrottle(undefined, session.prefix, { perMinute: 5, refusedPerMinute: 5 });
  const start = (shownHost: string, inContainer = true) => {
    const environment = {
      publicScheme: "http",
      publicOrigin: undefined,
      trustProxy: 0,
      session,
      shownHost,
      inContainer,
    } as const;
    return listen(createApp({ environment, store, keys, throttle, log: pino({ level: "silent" }) }));
  };
  [one, two, instance] = await Promise.all([start("host-one"), start("host-two"), start("an-instance", false)]);
});
afterEach(() => Promise.all([one.stop(), two.stop(), instance.stop()]));

/** A browser that the load balancer takes to either host: one cookie jar. */
function visitor() {
  const [atOne, atTwo] = [new Visitor(one.url), new Visitor(two.url)];
  Object.defineProperty(atTwo, "cookies", { value: atOne.cookies });
  return { atOne, atTwo };
}

/** Presses "Shared Session" at a container and reads the page the browser is sent to. */
async function update(at: Visitor, container: 1 | 2) {
  await at.get("/index.html");
  const answer = await at.post(`/${container}`, { container: String(container) });
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `/${container}`]);
  return at.get(`/${container}`);
}

describe("the shared session", () => {
  it.each(["/index.html", "/1", "/2"])("shows a stranger %s and gives them no session", async (path) => {
    const { atOne } = visitor();
    const page = await atOne.get(path);
    expect(page.status).toBe(200);
    expect(readText(page.body)).toContain("comes from host host-one");
    expect(readText(page.body)).toContain("You have no session yet");
    expect(page.body).not.toContain("Invalidate");
    expect(page.setCookies).toEqual([]);
    expect(store.size).toBe(0);
  });

  it("numbers pages where there are no containers, and names no container", async () => {
    const ann = new Visitor(instance.url);
    const { body } = await update(ann, 2);
    expect(readText(body)).toMatch(/Page 2: it comes from host an-instance/);
    expect(readText(body)).toMatch(/Last update .* UTC , on page 2, by host an-instance .*Page number/);
    for (const { body } of [await ann.get("/index.html"), await ann.post("/index.html", { container: "9" })]) {
      expect(readText(body)).toMatch(/[Pp]age (?:number|1 or 2)/);
      expect(readText(body)).not.toMatch(/container/i);
    }
  });

  it("keeps the session from host to host: the last update and the one before", async () => {
    const { atOne, atTwo } = visitor();
    const first = await update(atOne, 1);
    const id = atOne.cookies.get("id");
    expect(readText(first.body)).toMatch(
      /Last update \d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d:\d\d UTC , by container 1 on host host-one /,
    );
    expect(first.body).not.toContain("The one before");
    const second = await update(atTwo, 2);
    expect(readText(second.body)).toMatch(/Container 2: this page comes from host host-two/);
    expect(readText(second.body)).toMatch(
      /Last update .*by container 2 on host host-two .*The one before .*by container 1 on host/,
    );
    expect(readText((await atOne.get("/1")).body)).toMatch(
      /Last update .*by container 2 .*The one before .*by container 1 /,
    );
    const third = await update(atOne, 1);
    expect(readText(third.body)).toMatch(/Last update .*by container 1 .*The one before .*by container 2 /);
    expect(atOne.cookies.get("id")).toBe(id);
    expect(store.size).toBe(1);
  });

  it("invalidates at one host, and the session is gone at both", async () => {
    const { atOne, atTwo } = visitor();
    await update(atOne, 1);
    const id = atOne.cookies.get("id") as string;
    await atTwo.get("/2");
    const answer = await atTwo.post("/invalidate");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/index.html"]);
    expect(answer.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect(atOne.cookies.size).toBe(0);
    atOne.cookies.set("id", id);
    for (const at of [atOne, atTwo]) expect((await at.get("/1")).body).toContain("You have no session yet");
  });

  it("gives a new id at login and keeps what the visitor shared before, in both directions", async () => {
    const { atOne, atTwo } = visitor();
    await update(atOne, 1);
    const anonymous = atOne.cookies.get("id");
    expect((await atOne.login("ann")).body).toContain("Logged in as ann");
    expect(atOne.cookies.get("id")).not.toBe(anonymous);
    const page = await update(atTwo, 2);
    expect(readText(page.body)).toMatch(
      /Last update .*by container 2 .*The one before .*by container 1 .*logs ann out/,
    );
    expect((await atOne.get("/")).body).toContain("Logged in as ann");
    await atTwo.get("/2");
    await atTwo.post("/invalidate");
    expect((await atOne.get("/")).body).toContain("You are not logged in");
  });

  it("sends the index form on to the container it names, form and all", async () => {
    const { atOne } = visitor();
    await atOne.get("/index.html");
    for (const container of ["1", "2"]) {
      const answer = await atOne.post("/index.html", { container });
      expect([answer.status, answer.headers.get("location")]).toEqual([307, `/${container}`]);
    }
    expect(store.size).toBe(0);
  });

  it.each(["", "3", "0", "//evil.example", "1/../admin", "__proto__"])(
    "asks again for container %j",
    async (container) => {
      const { atOne } = visitor();
      await atOne.get("/index.html");
      const answer = await atOne.post("/index.html", { container });
      expect(answer.status).toBe(422);
      expect(answer.body).toContain("Please choose container 1 or 2.");
      expect(answer.headers.get("location")).toBeNull();
    },
  );

  it("refuses a form without this visitor's token, or from another site", async () => {
    const { atOne } = visitor();
    await update(atOne, 1);
    for (const path of ["/1", "/2", "/invalidate"]) {
      expect((await atOne.post(path, { token: "" })).status).toBe(403);
      expect((await atOne.post(path, {}, { origin: "https://evil.example" })).status).toBe(403);
    }
    expect((await atOne.get("/1")).body).toContain("Last update");
  });

  it("throttles new sessions as it does logins, and no request that has one", async () => {
    const { atOne } = visitor();
    await update(atOne, 1);
    for (let i = 0; i < 10; i++) await update(atOne, 1);
    const answers: number[] = [];
    for (let i = 0; i < 6; i++) {
      const stranger = new Visitor(one.url);
      await stranger.get("/index.html");
      answers.push((await stranger.post("/1")).status);
    }
    expect(answers).toEqual([303, 303, 303, 303, 429, 429]);
  });

  it.each([
    { method: "GET", path: "/1/", status: 200 },
    { method: "HEAD", path: "/2", status: 200 },
    { method: "GET", path: "/1/anything/below", status: 404 },
    { method: "POST", path: "/2/anything", status: 404 },
    { method: "GET", path: "/12", status: 404 },
    { method: "GET", path: "/invalidate", status: 405 },
    { method: "DELETE", path: "/1", status: 405 },
  ])("answers $method $path with $status, whichever rule of the load balancer brings it", async (asked) => {
    const { atOne, atTwo } = visitor();
    for (const at of [atOne, atTwo]) expect((await at.send(asked.method, asked.path, {})).status).toBe(asked.status);
  });
});
