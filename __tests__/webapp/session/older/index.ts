import path from "node:path";
import { installPackages } from "../../../../cli/machine/install-packages";

// Before the first test, whose time npm would take.
installPackages(__dirname);

/** A library in the version of package.json beside this file. */
export function requireOlder<T extends object>(name: "koa" | "koa-redis" | "koa-session"): T {
  return jest.requireActual<T>(path.join(__dirname, "node_modules", name));
}
