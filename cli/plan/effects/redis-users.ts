import { accessString } from "../../../environment";
import { block, isTrue, texts, type Values } from "../../terraform/configuration";
import { readAccessString, uncovered } from "../access-string";
import { type Change, ending } from "../change";
import {
  all,
  type Consequence,
  calm,
  compared,
  type Effect,
  each,
  effects,
  interruption,
  type TypeEffects,
} from "./effect";

/** The commands of this project's app: a user that sent them before has to go on sending them. */
const APP_COMMANDS = readAccessString(accessString("")).commands;

/** Rights that a user loses. A change of a user keeps its connections; its removal from a group ends them. */
const narrowed: Effect = (change) => {
  const texts_ = [change.before?.access_string, change.after?.access_string];
  if (texts_.some((text) => typeof text !== "string")) return undefined;
  const [was, is] = texts_.map((text) => readAccessString(String(text)));
  if (was === undefined || is === undefined || !was.isOn) return [];
  if (!is.isOn) return [interruption("is switched off: it can't log in any more, and open connections alone stay")];
  const words = String(change.before?.access_string).toLowerCase().split(/\s+/);
  const lost = [...was.commands].filter((one) => !is.commands.has(one));
  const missed = lost.filter((one) => APP_COMMANDS.has(one) || words.includes(`+${one}`)).sort();
  const [keys, channels] = [uncovered(was.keys, is.keys), uncovered(was.channels, is.channels)];
  const isNarrower = keys.length > 0 && is.keys.some((one) => uncovered([one], was.keys).length === 0);
  return [
    ...(missed.length === 0 ? [] : [interruption(`may no longer send ${shortened(missed)}: commands are refused`)]),
    ...(keys.length === 0
      ? []
      : ([
          {
            kind: "sessions",
            what: `no longer reaches the keys ${keys.join(" ")}: sessions there are lost to the app`,
          },
          ...(isNarrower ? [] : [interruption(`no longer reaches the keys ${keys.join(" ")}: commands are refused`)]),
        ] as const)),
    ...(channels.length === 0 ? [] : [interruption(`no longer reaches the channels ${channels.join(" ")}`)]),
  ];
};

const MOST_NAMED = 6;

function shortened(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 0 ? `${names.slice(0, MOST_NAMED).join(", ")} and ${more} more` : names.join(", ");
}

/** How a user logs in, and with what: `iam`, `password`, `no-password-required`. */
function describeLogin(values: Values | undefined): string {
  const { type } = block(values?.authentication_mode);
  if (typeof type === "string") return type;
  if (isTrue(values?.no_password_required)) return NO_PASSWORD;
  return texts(values?.passwords).length > 0 ? "password" : "";
}
const NO_PASSWORD = "no-password-required";

const login: Effect = ({ before, after, unknown }) => {
  if (unknown.authentication_mode === true || unknown.passwords === true) return undefined;
  const [was, is] = [describeLogin(before), describeLogin(after)];
  if (was !== is) {
    // AWS takes any password of a user that needs none.
    if (is === NO_PASSWORD) return [widening("asks for no password")];
    return [
      interruption(`logs in by ${is || "another way"} in place of ${was || "another way"}: who does not is refused`),
    ];
  }
  const passwords = (values: Values | undefined) => [
    ...texts(values?.passwords),
    ...texts(block(values?.authentication_mode).passwords),
  ];
  const kept = passwords(after);
  return passwords(before).some((one) => !kept.includes(one))
    ? [interruption("has another password: an app with the one before is refused")]
    : passwords(after).some((one) => !passwords(before).includes(one))
      ? [widening("has one more password")]
      : [];
};

const members: Effect = (change, plan) => {
  const [was, is] = (["before", "after"] as const).map((moment) => [
    ...plan.targets(change, "user_ids", moment, "aws_elasticache_user"),
    ...plan.targets(change, "user_names", moment, "aws_memorydb_user"),
  ]);
  const named = (addresses: readonly string[] = [], others: readonly string[] = []) =>
    addresses.filter((one) => !others.includes(one)).map((one) => plan.names.of(one));
  const [gone, come] = [named(was, is), named(is, was)];
  return [
    ...(gone.length === 0 ? [] : [interruption(`lets ${gone.join(", ")} log in no more`)]),
    ...(come.length === 0 ? [] : [widening(`lets ${come.join(", ")} log in`)]),
  ];
};

const gone =
  (replaced: string, destroyed: string): Effect =>
  (change: Change) => [interruption(`${ending(change)}: ${change.action === "replace" ? replaced : destroyed}`)];

function widening(what: string): Consequence {
  return { kind: "roles", what };
}

const user = effects("AmazonElastiCache/latest/dg/Clusters.RBAC.html", {
  created: compared,
  destroyed: gone("its connections are cut, and it can't log in in between", "it can't log in any more"),
  changed: {
    access_string: all(narrowed, compared),
    ...each(["authentication_mode", "passwords", "no_password_required"], login),
    engine: calm,
  },
});

const group = effects("AmazonElastiCache/latest/dg/Clusters.RBAC.html", {
  destroyed: gone("its users can't log in in between", "its users can't log in any more"),
  changed: { ...each(["user_ids", "user_names"], members), engine: calm, minimum_engine_version: calm },
});

/** Effects of changes to users and user groups of ElastiCache and MemoryDB, by resource type. */
export const REDIS_USERS: Readonly<Record<string, TypeEffects>> = {
  aws_elasticache_user: user,
  aws_memorydb_user: user,
  aws_elasticache_user_group: group,
  aws_memorydb_acl: group,
  aws_elasticache_user_group_association: effects("AmazonElastiCache/latest/dg/Clusters.RBAC.html", {
    created: () => [widening("lets one more user log in")],
    destroyed: gone("its user can't log in in between", "its user can't log in any more"),
  }),
};
