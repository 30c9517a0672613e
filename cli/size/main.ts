import { UserError } from "../../environment/user-error";
import { main } from "../machine/command";
import { answer, ENGINES, type Question } from "./choose";
import { formatAnswer, toJson } from "./report";

const SECONDS_AN_HOUR = 3600;

interface Limits {
  readonly otherwise?: number;
  readonly min: number;
  readonly max: number;
  /** Whether a part of one is allowed. @default false */
  readonly hasParts?: true;
}

/** Reads a number of the command line. @throws {UserError} that names the option, and what it takes. */
function readNumber(option: string, text: string | undefined, { otherwise, min, max, hasParts }: Limits): number {
  if (text === undefined && otherwise !== undefined) return otherwise;
  const plain = text?.replaceAll(/[_,](?=\d{3})/g, "") ?? "";
  const number = /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
  if (number >= min && number <= max && (hasParts || Number.isInteger(number))) return number;
  const kind = hasParts ? "a number" : "a whole number";
  const range = `${kind} from ${min} to ${max.toLocaleString("en-US")}`;
  throw new UserError(`--${option}: got ${text ?? "nothing"}, takes ${range}`);
}

void main({
  name: "size",
  says:
    "Says which node type and mode of ElastiCache carries the sessions of this layer: nodes, shards and Serverless side by side,\n" +
    "with the arithmetic. It asks nothing of AWS.",
  options: {
    users: { value: "<n>", says: "users who have a session at the same time; required" },
    hours: { value: "<n>", says: "hours that a session lives; 12 without it" },
    bytes: { value: "<n>", says: "bytes of a session's attributes as JSON; 2048 without it" },
    attributes: { value: "<n>", says: "attributes of a session; 1 without it" },
    requests: { value: "<n>", says: "requests a second with a session, at the busiest time; required" },
    average: { value: "<n>", says: "requests a second over a month; as many as at the busiest time without it" },
    writes: { value: "<percent>", says: "requests that change the session, in percent; 100 without it" },
    sessions: { value: "<n>", says: "sessions of a user; 1 without it" },
    connections: {
      value: "<n>",
      says: "app processes, or functions at the same time, with a connection each; 20 without it",
    },
    replicas: { value: "<n>", says: "replicas of each primary; 1 without it" },
    engine: { value: "<engine>", says: "engine, for the prices; redis without it", choices: ENGINES },
    json: { says: "the answer as JSON" },
  },
  run(_, { json, engine, ...given }) {
    const read = (option: keyof typeof given, limits: Limits) => readNumber(option, given[option], limits);
    const users = read("users", { min: 1, max: 1e9 });
    const hours = read("hours", { otherwise: 12, min: 0.01, max: 87_600, hasParts: true });
    const bytes = read("bytes", { otherwise: 2048, min: 1, max: 1e8 });
    const attributes = read("attributes", { otherwise: 1, min: 1, max: 1000 });
    const perSecond = read("requests", { min: 0.001, max: 1e8, hasParts: true });
    const averagePerSecond = read("average", { otherwise: perSecond, min: 0, max: perSecond, hasParts: true });
    const writing = read("writes", { otherwise: 100, min: 0, max: 100, hasParts: true }) / 100;
    const sessionsPerUser = read("sessions", { otherwise: 1, min: 1, max: 10_000 });
    const question: Question = {
      sessions: { users, sessionsPerUser, attributes, bytes },
      requests: {
        perSecond,
        averagePerSecond,
        writing,
        bytes,
        attributes,
        loginsPerSecond: (users * sessionsPerUser) / (hours * SECONDS_AN_HOUR),
      },
      connections: read("connections", { otherwise: 20, min: 1, max: 1e6 }),
      replicas: read("replicas", { otherwise: 1, min: 0, max: 5 }),
      engine: ENGINES.find((name) => name === engine) ?? "redis",
    };
    const found = answer(question);
    process.stdout.write(json ? toJson(question, found) : `${formatAnswer(question, found)}\n`);
    return undefined;
  },
});
