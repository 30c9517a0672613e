import { accessString } from "../../../environment";
import { block, blocks, texts, type Values } from "../../terraform/configuration";
import { readAccessString } from "../access-string";
import type { Change } from "../change";
import { isUnknown } from "../effects/effect";
import { groupBy } from "../group-by";
import type { Moment, Plan } from "../plan";
import type { App } from "./apps";
import { combineWays, type Link } from "./link";
import type { End } from "./network";
import type { Permissions } from "./permissions";
import { readReference, readReferences } from "./references";

const USER = "aws_elasticache_user";
const USER_GROUP = "aws_elasticache_user_group";
const REPLICATION_GROUP = "aws_elasticache_replication_group";
const SERVERLESS = "aws_elasticache_serverless_cache";
const REDIS_PORT = 6379;

/** The commands of this project's app. */
const APP_COMMANDS = readAccessString(accessString("")).commands;

/** A cache that apps keep sessions in. */
export interface Cache extends End {
  readonly address: string;
  readonly port: number;
  readonly arn: string | undefined;
  /** Names that its clients know it by. */
  readonly hosts: readonly string[];
  /** Addresses of the users who may log in, undefined for one that the plan does not tell; undefined where it asks for no user. */
  readonly users: readonly (string | undefined)[] | undefined;
}

/** The caches for Redis of a plan at one moment. */
export function findCaches(plan: Plan, moment: Moment): Cache[] {
  const members = new Members(plan, moment);
  return plan.of(REPLICATION_GROUP, SERVERLESS).flatMap((change) => {
    const values = change[moment];
    if (values === undefined) return [];
    const argument = change.type === SERVERLESS ? "user_group_id" : "user_group_ids";
    const userGroups = readReferences(plan, change, moment, { argument, type: USER_GROUP }).names;
    return [
      {
        address: change.address,
        name: plan.names.of(change.address),
        groups: readReferences(plan, change, moment, { argument: "security_group_ids", type: "aws_security_group" })
          .names,
        subnets: findSubnets(plan, change, moment),
        port: readPort(values),
        arn: texts(values.arn)[0],
        hosts: readHosts(values),
        users: userGroups.length === 0 ? undefined : userGroups.flatMap((group) => members.of(group)),
      },
    ];
  });
}

function readPort(values: Values): number {
  const port = values.port ?? block(values.endpoint).port;
  return typeof port === "number" ? port : REDIS_PORT;
}

function readHosts(values: Values): string[] {
  return [
    ...texts(values.primary_endpoint_address),
    ...texts(values.configuration_endpoint_address),
    ...texts(block(values.endpoint).address),
  ].filter((host) => host !== "");
}

function findSubnets(plan: Plan, change: Change, moment: Moment): readonly string[] {
  if (change.type === SERVERLESS) {
    return readReferences(plan, change, moment, { argument: "subnet_ids", type: "aws_subnet" }).names;
  }
  const [group] = readReferences(plan, change, moment, {
    argument: "subnet_group_name",
    type: "aws_elasticache_subnet_group",
  }).names;
  const found = group === undefined ? undefined : plan.at(group);
  return found === undefined
    ? []
    : readReferences(plan, found, moment, { argument: "subnet_ids", type: "aws_subnet" }).names;
}

/** Users of user groups at one moment. */
class Members {
  readonly #plan: Plan;
  readonly #moment: Moment;
  readonly #associations: ReadonlyMap<string | undefined, readonly Change[]>;

  constructor(plan: Plan, moment: Moment) {
    this.#plan = plan;
    this.#moment = moment;
    const associations = plan.existing(moment, "aws_elasticache_user_group_association");
    this.#associations = groupBy(associations, (change) =>
      readReference(plan, change, moment, { argument: "user_group_id", type: USER_GROUP }),
    );
  }

  /** Users of a group: by address where they are in the plan; undefined where they are not told. */
  of(address: string): readonly (string | undefined)[] {
    const [plan, moment] = [this.#plan, this.#moment];
    const group = plan.at(address);
    if (group?.[moment] === undefined) return [undefined];
    const own = readReferences(plan, group, moment, { argument: "user_ids", type: USER });
    const associated = (this.#associations.get(address) ?? []).flatMap(
      (one) => readReferences(plan, one, moment, { argument: "user_id", type: USER }).names,
    );
    return [...own.names, ...associated, ...(own.isKnown ? [] : [undefined])];
  }
}

interface Login {
  readonly app: App;
  readonly cache: Cache;
  readonly moment: Moment;
  readonly permissions: Permissions;
}

/** Whether an app may log in at a cache and send its commands: as one of the users that the cache knows. */
export function logsIn(plan: Plan, login: Login): Link {
  const { app, cache, moment } = login;
  const what = `${app.name} logs in at ${cache.name}`;
  if (cache.users === undefined) return { answer: "open", what };
  const users = cache.users.flatMap((one) => (one === undefined ? [] : (plan.at(one) ?? [])));
  const isKnown = users.length === cache.users.length;
  const named = users.filter((user) => texts(user[moment]?.user_name).some((name) => app.told.includes(`"${name}"`)));
  const found = (named.length > 0 ? named : users).map((user) => asUser(plan, user, login));
  const answer = combineWays([
    ...found.map((one) => one.answer),
    ...(isKnown || named.length > 0 ? [] : ["unknown" as const]),
  ]);
  const why = found.map((one) => one.why).find((one) => one !== undefined);
  return { answer, what, ...(answer === "closed" && { why: why ?? "its user groups have no users" }) };
}

function asUser(plan: Plan, user: Change, login: Login): Pick<Link, "answer" | "why"> {
  const values = user[login.moment];
  const name = plan.names.of(user.address);
  if (values === undefined) return { answer: "closed", why: `${name} is there no more` };
  const text = values.access_string;
  if (typeof text !== "string") return { answer: "unknown" };
  const rights = readAccessString(text);
  if (!rights.isOn) return { answer: "closed", why: `${name} is switched off` };
  const missing = [...APP_COMMANDS].filter((one) => !rights.commands.has(one)).sort();
  if (missing.length > 0) return { answer: "closed", why: `${name} may not send ${missing.slice(0, 6).join(", ")}` };
  if (rights.keys.length === 0) return { answer: "closed", why: `${name} reaches no keys` };
  if (login.moment === "after" && isUnknown(user.unknown.authentication_mode)) return { answer: "unknown" };
  if (blocks(values.authentication_mode)[0]?.type !== "iam") return { answer: "open" };
  return mayConnect(plan, user, login);
}

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html */
function mayConnect(
  plan: Plan,
  user: Change,
  { app, cache, moment, permissions }: Login,
): Pick<Link, "answer" | "why"> {
  const { role } = app;
  if (role === undefined || plan.at(role)?.[moment] === undefined) return { answer: "unknown" };
  const answers = [cache.arn, texts(user[moment]?.arn)[0]].map((arn) =>
    permissions.allows(role, "elasticache:Connect", arn),
  );
  if (answers.includes("closed")) {
    return { answer: "closed", why: `no policy of ${plan.names.of(role)} allows elasticache:Connect` };
  }
  return { answer: answers.includes("unknown") ? "unknown" : "open" };
}
