import type { Construct } from "constructs";
import { accessString as accessStringFor, type RedisMode } from "../../environment/redis-access";
import { ValidationError } from "../validation";
import { iamLogin, type Login, NO_LOGIN, passwordLogin } from "./login";
import { type ExistingUserGroup, RedisAuth } from "./props";
import { type IamUser, Users } from "./users";

/** The props of a cache that decide which users can log in. */
export interface AccessProps {
  readonly auth?: RedisAuth;
  readonly existingUserGroup?: ExistingUserGroup;
  readonly accessString?: string;
  /** The protocol whose commands the app's user may send. */
  readonly protocol: RedisMode;
  /** Whether the cache is a serverless cache. @default false */
  readonly serverless?: boolean;
}

/** The users of a cache. They are known before Terraform creates the cache. */
export interface Access {
  /** Id of the cache's user group; undefined for a cache without a login. */
  readonly userGroupId: string | undefined;
  /** ARNs of the users and the group that this construct creates. */
  readonly arns: readonly string[];
  /** The app's login to the cache. */
  loginTo(cache: CacheIdentity): Login;
  /**
   * Adds a user with permissions of its own.
   * @throws {ValidationError} for an existing user group.
   */
  addUser(key: string, accessString: string, cache: CacheIdentity): Login;
}

/** The cache that a user logs in to. */
interface CacheIdentity {
  readonly arn: string;
  /** Id that tokens are signed for. */
  readonly cacheId: string;
}

/** Creates the users of a cache, and its user group, as the props ask for. */
export function grantAccess(cache: Construct, props: AccessProps): Access {
  const { auth = RedisAuth.IAM, existingUserGroup, protocol, serverless } = props;
  if (existingUserGroup !== undefined) {
    const login = passwordLogin(cache, existingUserGroup);
    const addUser = (key: string) => refuseUser(cache, key);
    return { userGroupId: existingUserGroup.userGroupId, arns: [], loginTo: () => login, addUser };
  }
  if (auth === RedisAuth.NONE)
    return { userGroupId: undefined, arns: [], loginTo: () => NO_LOGIN, addUser: () => NO_LOGIN };

  const accessString = props.accessString ?? accessStringFor("session:", protocol);
  const users = new Users(cache, "users", { accessString });
  const createLogin = ({ userName, userArn }: IamUser, { arn, cacheId }: CacheIdentity) =>
    iamLogin(cache, { cacheId, userName, arns: [arn, userArn] }, serverless);
  return {
    userGroupId: users.groupId,
    arns: users.arns,
    loginTo: (identity) => createLogin(users, identity),
    addUser: (key, rights, identity) => createLogin(users.add(key, rights), identity),
  };
}

function refuseUser(cache: Construct, key: string): never {
  throw new ValidationError(cache, {
    what: "addUser",
    got: key,
    allowed: "a cache whose users this module keeps",
    fix: "leave existingUserGroup out",
  });
}
