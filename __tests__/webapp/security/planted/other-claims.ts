import { type Claim, plant } from "./claim";

const SESSIONS = "security/sessions.test.ts";

/** Beyond the numbers of ASVS 5.0. */
export const OTHER_CLAIMS: readonly Claim[] = [
  {
    row: "an unknown id is never adopted, and a text that is no id never reaches the store",
    test: "session/sessions.test.ts",
    name: "adopts no id it did not make",
    faults: [
      ...plant("webapp/session/context-session.ts", [
        "genid: (ctx: Koa.Context) =>",
        "genid: (ctx: Koa.Context) => cookie.read(ctx) ??",
      ]),
      ...plant("webapp/session/cookie.ts", ["name === this.name && isId(value)", "name === this.name"]),
    ],
  },
  {
    row: "the store knows a session by the hash of its id",
    test: SESSIONS,
    name: "keeps a session under the hash of its id",
    faults: plant("webapp/session/session-id.ts", ['return hash("sha256", id, "base64url");', "return id;"]),
  },
  {
    row: "names of users and addresses are hashed in keys",
    test: "session/redis-store.test.ts",
    name: "names a user in no key",
    faults: plant("webapp/session/redis-store.ts", ['hash("sha256", user, "base64url")', "user"]),
  },
  {
    row: "names of users and addresses are hashed in keys",
    test: "login/throttle.test.ts",
    name: "no address or name in a key",
    faults: plant(
      "webapp/login/throttle.ts",
      ['buildKey("user", user)', "user"],
      ['buildKey("address", normalizeAddress(address))', "address"],
    ),
  },
  {
    row: "the log names a session by a salted hash",
    test: SESSIONS,
    name: "by a salted hash",
    faults: [
      ...plant(
        "webapp/session/events.ts",
        ['createHmac("sha256", this.#salt)', 'createHmac("sha256", "")'],
        ['createHmac("sha256", this.#salt).update(key).digest("base64url")', "key"],
      ),
      ...plant("webapp/app.ts", ['eventSalt: keys.sign("session event salt"),', ""]),
    ],
  },
  {
    row: "every page is `no-store`",
    test: "security/browser.test.ts",
    name: "3.4",
    faults: plant("webapp/security-headers.ts", ['"cache-control": "no-store"', '"cache-control": "private"']),
  },
  {
    row: "a logout clears cache and storage",
    test: SESSIONS,
    name: "7.4.1",
    faults: plant("webapp/routes/log-out.ts", ['ctx.set("Clear-Site-Data", \'"cache", "storage"\');', ""]),
  },
  {
    row: "a form is 8 KB at most",
    test: "forms/read-form.test.ts",
    name: "is read up to 8 KB",
    faults: plant("webapp/forms/read-form.ts", ['const LIMIT = "8kb";', 'const LIMIT = "9kb";']),
  },
  {
    row: "one rotation of SECRET_KEY ends no session and breaks no open form",
    test: "security/secret-key.test.ts",
    name: "rotation of SECRET_KEY",
    faults: plant(
      "webapp/secrets/key-ring.ts",
      ["this.#keys = new Keygrip([...keys],", "this.#keys = new Keygrip([keys[0]],"],
      ["await this.#reloaded(this.#load);", ""],
    ),
  },
];
