import type { Cluster, Redis } from "ioredis";
import { SessionDataError } from "./session-data-error";

/**
 * Refuses a client that does not ask the primary: a replica that lags shows a session that has been ended, and takes
 * no write. Options that only change the form of answers are read in every form.
 *
 * @throws {SessionDataError} with the option.
 */
export function checkClient(redis: Redis | Cluster): void {
  if ("nodes" in redis) {
    const { scaleReads = "master", enableAutoPipelining } = redis.options;
    // A command before the slots are known ends the process (ioredis 5.11, 6.0: autoPipelining.js reads `slots[n].join`).
    if (enableAutoPipelining === true) throw refused("enableAutoPipelining", "true", "false: batchWrites does more");
    if (scaleReads !== "master") throw refused("scaleReads", String(scaleReads), '"master"');
    return;
  }
  const { readOnly, role, monitor } = redis.options;
  if (readOnly === true) throw refused("readOnly", "true", "false");
  if (role === "slave") throw refused("role", '"slave"', '"master"');
  if (monitor === true) throw refused("monitor", "true", "false");
}

function refused(option: string, got: string, allowed: string): SessionDataError {
  return new SessionDataError(`session store: the client's option ${option}: got ${got}, allowed: ${allowed}`);
}
