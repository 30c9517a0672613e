import type { Value, Values } from "../../terraform/configuration";
import { ends } from "../change";
import type { Plan } from "../plan";
import type { Consequence } from "./effect";

/** Variables by name; null for one that is known only after apply. */
export type Variables = Readonly<Record<string, string | null>>;

/** Where the app finds its sessions, by the app's own contract in environment/. */
const STORE = /^(REDIS_|MEMCACHED_)/;
/** Under another of these, a session that is there is not found or not taken. */
const SESSION = /^(SESSION_PREFIX|PUBLIC_SCHEME|SESSION_TTL|SESSION_MAX_AGE|SESSION_LIMIT|SESSION_ON_LIMIT)$/;
const CALM =
  /^(LOG_LEVEL|SHOWN_HOST|METRICS_PORT|SESSION_METRICS|DRAIN_SECONDS|LOGINS_PER_MINUTE|REFUSED_LOGINS_PER_MINUTE)$/;
const KEY = /^SECRET_KEY/;
/** The photo cache has it: its store holds copies of a table, and no session. */
const PHOTOS = "PHOTO_TABLE";

/** @returns undefined where a variable is not of this project's app: another app alone knows its effect */
export function variablesBetween(was: Variables, is: Variables, plan: Plan): readonly Consequence[] | undefined {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]);
  // A value that is known only after apply follows what it refers to, which is told by itself.
  const known = names.filter((name) => is[name] !== null && was[name] !== null && !CALM.test(name));
  const of = (pattern: RegExp) => known.filter((name) => pattern.test(name)).join(", ");
  const [stores, sessions, keys] = [of(STORE), of(SESSION), of(KEY)];
  const found: Consequence[] = [];
  const cachesPhotos = [was, is].every((variables) => PHOTOS in variables);
  if (stores !== "" && !cachesPhotos && !isOneCache(was, is, plan)) {
    const what = `looks for sessions elsewhere (${stores}): those that are there are not found`;
    found.push({ kind: "sessions", what });
  }
  if (stores !== "") found.push({ kind: "interruptions", what: `connects to a cache otherwise (${stores})` });
  if (sessions !== "") found.push({ kind: "sessions", what: `takes sessions otherwise (${sessions})` });
  if (keys !== "")
    found.push({ kind: "interruptions", what: `signs by another key (${keys}): open forms are refused once` });
  const others = known.filter((name) => ![STORE, SESSION, KEY].some((one) => one.test(name)));
  return others.length > 0 && found.length === 0 ? undefined : found;
}

/** The endpoints of a replication group. In cluster mode compatible it has all of them. */
const ENDPOINTS = ["primary_endpoint_address", "reader_endpoint_address", "configuration_endpoint_address"];

/** Whether both find the same replication group, which stays: then they find the same sessions. */
function isOneCache(was: Variables, is: Variables, plan: Plan): boolean {
  const hosts = [was, is].map(readHost);
  if (hosts.includes(undefined)) return false;
  const groups = plan.of("aws_elasticache_replication_group").filter((group) => !ends(group));
  return groups.some(({ before }) => hosts.every((host) => ENDPOINTS.some((endpoint) => before?.[endpoint] === host)));
}

/** The host of Redis; undefined where no variable has it. */
function readHost({ REDIS_URL, REDIS_CLUSTER_ENDPOINT }: Variables): string | undefined {
  return /^(?:rediss?:\/\/)?(?:[^@]*@)?([^:/]+)/.exec(REDIS_CLUSTER_ENDPOINT ?? REDIS_URL ?? "")?.[1];
}

/** The variables of a container: a list of names with values. */
export function readVariables(environment: Value | undefined): Variables {
  const list = Array.isArray(environment) ? (environment as readonly Values[]) : [];
  return Object.fromEntries(list.map(({ name, value }) => [String(name), value === undefined ? null : String(value)]));
}

/** Variables of a function, some of which are known only after apply. */
export function variablesOfMap(map: Value | undefined, unknown: Value | undefined): Variables {
  const [values, marks] = [map, unknown].map((one) => (typeof one === "object" && one !== null ? (one as Values) : {}));
  const known = Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]);
  const later = Object.keys(marks ?? {}).map((name) => [name, null]);
  return Object.fromEntries([...known, ...later]);
}
