import type { Construct } from "constructs";
import { accessString as accessStringFor } from "../../environment/redis-access";
import { iamLogin, type Login, NO_LOGIN, passwordLogin } from "./login";
import { type ExistingUserGroup, RedisAuth } from "./props";
import { type IamUser, Users } from "./users";

/** The props of a cache that decide who may log in. */
export interface AccessProps {
  readonly auth?: RedisAuth;
  readonly existingUserGroup?: ExistingUserGroup;
  readonly accessString?: string;
  readonly clusterMode: boolean;
  readonly cacheId: string;
}

/** Who may log in to a cache: known before the cache is made. */
export interface Access {
  /** The cache's user group; none where nobody logs in. */
  readonly userGroupId: string | undefined;
  /** ARNs of what was made for it. */
  readonly arns: readonly string[];
  /** How, once the cache is there. */
  loginTo(cacheArn: string): Login;
  /** One more, with rights of its own; undefined where the users are somebody else's. */
  addUser?(key: string, accessString: string, cacheArn: string): Login;
}

/** Works out who may log in to a cache, and makes the users that takes. */
export function grantAccess(cache: Construct, props: AccessProps): Access {
  const { auth = RedisAuth.IAM, existingUserGroup, clusterMode, cacheId } = props;
  if (existingUserGroup !== undefined) {
    const login = passwordLogin(cache, existingUserGroup);
    return { userGroupId: existingUserGroup.userGroupId, arns: [], loginTo: () => login };
  }
  if (auth === RedisAuth.NONE)
    return { userGroupId: undefined, arns: [], loginTo: () => NO_LOGIN, addUser: () => NO_LOGIN };

  const accessString = props.accessString ?? accessStringFor("session:", clusterMode ? "cluster" : "single");
  const users = new Users(cache, "users", { accessString });
  const createLogin = ({ userName, userArn }: IamUser, cacheArn: string) =>
    iamLogin(cache, { cacheId, userName, arns: [cacheArn, userArn] });
  return {
    userGroupId: users.groupId,
    arns: users.arns,
    loginTo: (cacheArn) => createLogin(users, cacheArn),
    addUser: (key, rights, cacheArn) => createLogin(users.add(key, rights), cacheArn),
  };
}
