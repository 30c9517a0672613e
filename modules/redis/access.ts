import type { Construct } from "constructs";
import { accessString as accessStringFor } from "../../environment/redis-access";
import { ValidationError } from "../validation";
import { iamLogin, type Login, NO_LOGIN, passwordLogin } from "./login";
import { type ExistingUserGroup, RedisAuth } from "./props";
import { type IamUser, Users } from "./users";

/** The props of a cache that decide which users can log in. */
export interface AccessProps {
  readonly auth?: RedisAuth;
  readonly existingUserGroup?: ExistingUserGroup;
  readonly accessString?: string;
  readonly clusterMode: boolean;
  readonly cacheId: string;
  /** Whether the cache is a serverless cache. @default false */
  readonly serverless?: boolean;
}

/** The users of a cache. They are known before Terraform creates the cache. */
export interface Access {
  /** Id of the cache's user group; undefined for a cache without a login. */
  readonly userGroupId: string | undefined;
  /** ARNs of the users and the group that this construct creates. */
  readonly arns: readonly string[];
  /** The app's login to the cache with this ARN. */
  loginTo(cacheArn: string): Login;
  /**
   * Adds a user with permissions of its own.
   * @throws {ValidationError} for an existing user group.
   */
  addUser(key: string, accessString: string, cacheArn: string): Login;
}

/** Creates the users of a cache, and its user group, as the props ask for. */
export function grantAccess(cache: Construct, props: AccessProps): Access {
  const { auth = RedisAuth.IAM, existingUserGroup, clusterMode, cacheId, serverless } = props;
  if (existingUserGroup !== undefined) {
    const login = passwordLogin(cache, existingUserGroup);
    const addUser = (key: string) => refuseUser(cache, key);
    return { userGroupId: existingUserGroup.userGroupId, arns: [], loginTo: () => login, addUser };
  }
  if (auth === RedisAuth.NONE)
    return { userGroupId: undefined, arns: [], loginTo: () => NO_LOGIN, addUser: () => NO_LOGIN };

  const accessString = props.accessString ?? accessStringFor("session:", clusterMode ? "cluster" : "single");
  const users = new Users(cache, "users", { accessString });
  const createLogin = ({ userName, userArn }: IamUser, cacheArn: string) =>
    iamLogin(cache, { cacheId, userName, arns: [cacheArn, userArn] }, serverless);
  return {
    userGroupId: users.groupId,
    arns: users.arns,
    loginTo: (cacheArn) => createLogin(users, cacheArn),
    addUser: (key, rights, cacheArn) => createLogin(users.add(key, rights), cacheArn),
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
