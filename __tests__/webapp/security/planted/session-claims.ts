import { type Claim, plant } from "./claim";

const SESSIONS = "security/sessions.test.ts";
const CONTRACT = "session/redis-store.test.ts";

/** Chapter 7 of ASVS 5.0. */
export const SESSION_CLAIMS: readonly Claim[] = [
  {
    row: "7.1.1",
    test: SESSIONS,
    name: "7.3.1",
    faults: plant("environment/variables.ts", [
      "SESSION_TTL: whole(1, DAYS_400).default(1800)",
      "SESSION_TTL: whole(1, DAYS_400).default(18_000)",
    ]),
  },
  {
    row: "7.1.1",
    test: SESSIONS,
    name: "7.3.2",
    faults: plant("environment/variables.ts", [
      "SESSION_MAX_AGE: whole(1, DAYS_400).default(43_200)",
      "SESSION_MAX_AGE: whole(1, DAYS_400).default(86_400)",
    ]),
  },
  {
    row: "7.1.2",
    test: SESSIONS,
    name: "7.1.2",
    faults: [
      ...plant("environment/variables.ts", [
        "SESSION_LIMIT: whole(1, 1000).default(10)",
        "SESSION_LIMIT: whole(1, 1000).default(1000)",
      ]),
      ...plant(
        "webapp/session/user-sessions.ts",
        ["living.length - (limit - 1);", "living.length - limit;"],
        ["if (others.length >= limit) throw", "if (others.length > limit) throw"],
      ),
    ],
  },
  {
    row: "7.2.3",
    test: SESSIONS,
    name: "7.2.3",
    faults: plant(
      "webapp/session/session-id.ts",
      ["const ID_BYTES = 32;", "const ID_BYTES = 8;"],
      ["randomBytes(ID_BYTES)", "Buffer.from(Array.from({ length: ID_BYTES }, () => Math.random() * 256))"],
    ),
  },
  {
    row: "7.2.4",
    test: SESSIONS,
    name: "7.2.4",
    faults: [
      ...plant("webapp/session/request-session.ts", ["await this.#layer.store.take(key, next)", "undefined"]),
      ...plant("webapp/session/visitor-session.ts", [
        "this.#session.replace({ ...kept, [USER]: user });",
        "return void this.#session.replace({ ...kept, [USER]: user });",
      ]),
    ],
  },
  {
    row: "7.2.4",
    test: "session/sessions.test.ts",
    name: "gives a new id at login",
    faults: plant("webapp/session/request-session.ts", ["await this.#layer.store.take(key, next)", "undefined"]),
  },
  {
    row: "7.3.1",
    test: SESSIONS,
    name: "7.3.1",
    faults: plant("webapp/session/memory-store.ts", [
      "Math.min(now + session.idleSeconds * 1000, absoluteEnd)",
      "absoluteEnd",
    ]),
  },
  {
    row: "7.3.1",
    test: CONTRACT,
    name: "keeps a session alive by reads alone",
    faults: plant("webapp/session/redis-scripts.ts", [
      "redis.call('PEXPIRE', KEYS[1], int(math.min(idle * 1000, left)))",
      "",
    ]),
  },
  {
    row: "7.3.2",
    test: SESSIONS,
    name: "7.3.2",
    faults: plant("webapp/session/memory-store.ts", [
      "const absoluteEnd = session.createdAt + session.maxAgeSeconds * 1000;",
      "const absoluteEnd = Number.POSITIVE_INFINITY;",
    ]),
  },
  {
    row: "7.3.2",
    test: CONTRACT,
    name: "at the absolute limit",
    faults: plant("webapp/session/redis-scripts.ts", ["local left = ARGV[1] + ARGV[2] - now", "local left = 86400000"]),
  },
  {
    row: "7.4.1",
    test: SESSIONS,
    name: "7.4.1",
    faults: plant("webapp/session/request-session.ts", [
      "const taken = await this.#layer.store.take(key);",
      "const taken = await this.#layer.store.peek(key);",
    ]),
  },
  {
    row: "7.4.1",
    test: "session/parallel-requests.test.ts",
    name: "a slow request never brings back",
    faults: [
      ...plant(
        "webapp/session/memory-store.ts",
        ["!== version.createdAt) return false;", "!== version.createdAt) return Boolean(await this.create(key, set));"],
        ["!== version.createdAt) return undefined;", "!== version.createdAt) return by;"],
      ),
      ...plant("webapp/session/redis-scripts.ts", ["~= ARGV[1] then return false end", "== 0 then return false end"]),
    ],
  },
  {
    row: "7.4.1",
    test: "routes/login.test.ts",
    name: "is 303",
    faults: plant(
      "webapp/routes/log-out.ts",
      [
        "const session = sessions.of(ctx);",
        "const session = sessions.of(ctx); if (session.key === undefined) ctx.throw(403);",
      ],
      ["if (session.reference !== undefined) {", "{"],
    ),
  },
  {
    row: "7.4.3",
    test: SESSIONS,
    name: "7.4.3",
    faults: [
      ...plant("webapp/session/visitor-session.ts", ["{ except: key, detail", "{ detail"]),
      ...plant("webapp/routes/session.ts", ["await session.endOthers();", ""]),
    ],
  },
  {
    row: "7.4.5",
    test: "cli/end-sessions.test.ts",
    name: "ASVS 7.4.5",
    faults: plant(
      "webapp/cli/end-sessions.ts",
      ["(user === undefined || owner === user)", "(user === undefined || owner !== null)"],
      ['key.slice(store.nameOf("").length)', "key"],
    ),
  },
  {
    row: "7.5.2",
    test: SESSIONS,
    name: "7.5.2",
    faults: [
      ...plant("webapp/routes/session.ts", [
        "all.filter((other) => other.reference !== reference)",
        "all.filter(() => false)",
      ]),
      ...plant("webapp/session/user-sessions.ts", [
        "entries.filter(({ key }) => deriveReference(key) === reference)",
        "entries",
      ]),
    ],
  },
];
