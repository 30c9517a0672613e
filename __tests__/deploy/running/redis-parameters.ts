import type { Applied, AppliedState } from "./state";

/**
 * Parameters ElastiCache has and redis-server does not know.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const ELASTICACHE_ONLY = ["reserved-memory", "reserved-memory-percent"];
/** The code that starts the servers sets it, since it needs more than one argument. */
const BY_MODE = "cluster-enabled";

/** A parameter group's values as arguments of redis-server, and those it has no word for. */
export function redisParameters(state: AppliedState, group: Applied): { arguments: string[]; unknown: string[] } {
  const own = state.all("aws_elasticache_parameter_group").find(({ name }) => name === group.parameter_group_name);
  const parameters = ((own?.parameter ?? []) as { name: string; value: string }[]).filter(
    ({ name }) => name !== BY_MODE,
  );
  const known = parameters.filter(({ name }) => !ELASTICACHE_ONLY.includes(name));
  return {
    arguments: known.flatMap(({ name, value }) => [`--${name}`, value]),
    unknown: parameters.filter((parameter) => !known.includes(parameter)).map(({ name }) => name),
  };
}

/**
 * Lines of an ACL file: the users of a replication group's user groups with their access strings, or what ElastiCache
 * does without one. An IAM token can't be checked outside of AWS: any password is right for who logs in by one.
 */
export function redisAcl(state: AppliedState, group: Applied): string[] {
  const groups: string[] = group.user_group_ids ?? [];
  if (groups.length === 0)
    return [`user default on ${group.auth_token ? `>${group.auth_token}` : "nopass"} ~* &* +@all`];
  return findUsers(state, group).map((user) => {
    const passwords: string[] = user.passwords ?? user.authentication_mode?.[0]?.passwords ?? [];
    const login = passwords.length === 0 ? "nopass" : passwords.map((password) => `>${password}`).join(" ");
    return `user ${user.user_name} ${login} ${user.access_string}`;
  });
}

/** Users of that name who log in to a replication group by IAM. */
export function iamUsers(state: AppliedState, group: Applied, userName: string): Applied[] {
  return findUsers(state, group).filter(
    ({ user_name, authentication_mode }) => user_name === userName && authentication_mode?.[0]?.type === "iam",
  );
}

function findUsers(state: AppliedState, group: Applied): Applied[] {
  const groups: string[] = group.user_group_ids ?? [];
  const ids = groups.flatMap((id) => state.by("aws_elasticache_user_group", "user_group_id", id).user_ids as string[]);
  return ids.map((id) => state.by("aws_elasticache_user", "user_id", id));
}
