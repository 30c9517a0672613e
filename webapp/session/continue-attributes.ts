import { USER } from "./attributes";
import type { Changes } from "./store";

interface Continuation {
  /** The attributes the handlers made, as JSON. */
  readonly wanted: ReadonlyMap<string, string>;
  /** The attributes this request was shown, as JSON; undefined where it had no session. */
  readonly loaded: ReadonlyMap<string, string> | undefined;
  /** The attributes of the retired id at the moment that it ended; undefined without a retired id. */
  readonly retired: ReadonlyMap<string, string> | undefined;
  /** The user who logs in; undefined where a new id has no login. */
  readonly login: string | undefined;
}

/**
 * The attributes of a new id. It continues what the old id held until it ended. A login begins with the user alone where
 * there is nothing to continue: the session it came with has ended meanwhile, or was another user's.
 */
export function continueAttributes({ wanted, loaded, retired, login }: Continuation): ReadonlyMap<string, string> {
  if (retired === undefined) return login === undefined || loaded === undefined ? wanted : onlyUser(wanted);
  if (login !== undefined && belongsToAnother(retired, login)) return onlyUser(wanted);
  return applyChanges(retired, loaded ?? new Map(), wanted);
}

function onlyUser(wanted: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...wanted].filter(([name]) => name === USER));
}

/** Another user's attributes are not for the user who logs in. */
function belongsToAnother(attributes: ReadonlyMap<string, string>, user: string): boolean {
  const json = attributes.get(USER);
  return json !== undefined && json !== JSON.stringify(user);
}

/** The session as it was when its old id ended, with this request's own changes on top. */
function applyChanges(
  ended: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const attributes = new Map(ended);
  const { set, remove } = findChanges(before, wanted);
  for (const name of remove) attributes.delete(name);
  for (const [name, json] of set) attributes.set(name, json);
  return attributes;
}

/** The changes from the shown attributes to the wanted ones, as JSON. */
export function findChanges(shown: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): Changes {
  const set = new Map<string, string>();
  for (const [name, json] of wanted) if (shown.get(name) !== json) set.set(name, json);
  const remove: string[] = [];
  for (const name of shown.keys()) if (!wanted.has(name)) remove.push(name);
  return { set, remove };
}
