import path from "node:path";
import { installPackages } from "../../../../cli/machine/install-packages";

// Before the first test, whose time npm would take.
installPackages(__dirname);

type OlderLibrary = "connect-redis" | "express-session" | "koa" | "koa-redis" | "koa-session" | "redis";

/** A library in the version of package.json beside this file. */
export function requireOlder<T extends object>(name: OlderLibrary): T {
  return jest.requireActual<T>(path.join(__dirname, "node_modules", name));
}
