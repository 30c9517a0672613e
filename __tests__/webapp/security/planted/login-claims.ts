import { type Claim, plant } from "./claim";

const LOGIN = "security/login.test.ts";
const THROTTLE = "webapp/login/throttle.ts";

/** Chapter 6 of ASVS 5.0. */
export const LOGIN_CLAIMS: readonly Claim[] = [
  {
    row: "6.1.1",
    test: LOGIN,
    name: "6.1.1",
    faults: [
      ...plant(THROTTLE, ["const ADDRESSES_TO_LOCK_A_USER = 5;", "const ADDRESSES_TO_LOCK_A_USER = 1;"]),
      ...plant("environment/variables.ts", [
        "REFUSED_LOGINS_PER_MINUTE: whole(1, 1_000_000).default(20)",
        "REFUSED_LOGINS_PER_MINUTE: whole(1, 1_000_000).default(200)",
      ]),
    ],
  },
  {
    row: "6.1.1",
    test: "login/throttle.test.ts",
    name: "lets one address lock no user out of another",
    faults: plant(THROTTLE, ["const ADDRESSES_TO_LOCK_A_USER = 5;", "const ADDRESSES_TO_LOCK_A_USER = 1;"]),
  },
  {
    row: "6.3.1",
    test: LOGIN,
    name: "6.3.1",
    faults: [
      ...plant(
        THROTTLE,
        ["const WINDOW_SECONDS = 60;", "const WINDOW_SECONDS = 0.001;"],
        ["points, duration: WINDOW_SECONDS", "points: points + 1, duration: WINDOW_SECONDS"],
        ["user === undefined ? [] :", "user !== undefined ? [] :"],
      ),
      ...plant("environment/variables.ts", [
        " LOGINS_PER_MINUTE: whole(1, 1_000_000).default(300)",
        " LOGINS_PER_MINUTE: whole(1, 1_000_000).default(3000)",
      ]),
      ...plant(
        "webapp/app.ts",
        ["proxy: environment.trustProxy > 0", "proxy: true"],
        ["maxIpsCount: environment.trustProxy", "maxIpsCount: 0"],
      ),
      ...plant("webapp/routes/login.ts", ["if (user !== undefined) await attempt.release();", ""]),
      ...plant("webapp/routes/login.ts", ["if (user !== undefined) await", "await"]),
    ],
  },
  {
    row: "6.3.1",
    test: "login/throttle.test.ts",
    name: "takes a whole /64 of IPv6 for one address",
    faults: plant("webapp/login/address.ts", ["const IPV6_PREFIX_PARTS = 4;", "const IPV6_PREFIX_PARTS = 8;"]),
  },
  {
    row: "6.3.1",
    test: "routes/shared.test.ts",
    name: "throttles new sessions",
    faults: plant("webapp/routes/shared.ts", ["await throttle.admitSession(ctx.ip);", "{}"]),
  },
];
