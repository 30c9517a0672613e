import type { RedisAuth } from "../../environment";
import { Deadline, inTime } from "../deadline";
import { readSecretVersions } from "../secrets/secrets-manager";
import { iamToken } from "./iam-token";
import { PASSWORD_MS } from "./policy";

/** The app's login. A refused password is asked for again, since it may have changed. */
export interface RedisCredentials {
  readonly user: string | undefined;
  readonly password: (() => Promise<string>) | undefined;
  /** Each password is good for one login, so each connection asks for another one. */
  readonly expires: boolean;
}

/** The source of the password, for each way to log in. */
export function resolveCredentials(auth: RedisAuth): RedisCredentials {
  switch (auth.kind) {
    case "none":
      return { user: undefined, password: undefined, expires: false };
    case "password":
      return { user: auth.user, password: async () => auth.password, expires: false };
    case "secret":
      return { user: auth.user, password: async () => (await readSecretVersions(auth.arn))[0], expires: false };
    case "iam":
      return { user: auth.user, password: () => iamToken(auth), expires: true };
  }
}

/**
 * The current password; undefined where the app does not log in.
 *
 * @throws when it can't be read, or not within `PASSWORD_MS`: the process answers no request meanwhile.
 */
export async function readPassword({ password }: RedisCredentials): Promise<string | undefined> {
  return password && inTime(password(), new Deadline(PASSWORD_MS), "the password of Redis");
}
