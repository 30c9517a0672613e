"""ElastiCache users and user groups.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
"""
from moto.core.responses import ActionResult

from elasticache_store import API, answers, arn, check_free, check_name, found, kept, tag
from rules import fault, refuse, wrap


@wrap(API, "create_user")
def create_user(create, self):
    p = self._get_params()
    check_name("user-name", "UserId", p["UserId"], 40)
    iam = (p.get("AuthenticationMode") or {}).get("Type") == "iam"
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
    if iam and (p["UserId"] != p["UserName"] or p["UserId"] != p["UserId"].lower()):
        refuse("iam-user-name", "InvalidParameterValue", "For IAM authentication, the user name and the user id must be identical and in lower case.")
    answer = create(self)
    user = self.elasticache_backend.users[p["UserId"]]
    if user.authentication_type == "no-password-required":
        # Asked for by one word, reported by another, and the provider sees the difference for ever.
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_Authentication.html
        user.authentication_type = "no-password"
    return answer


@answers
def modify_user(self):
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyUser.html: its access string alone."""
    p = self._get_params()
    user = self.elasticache_backend.users.get(p["UserId"])
    if user is None:
        raise fault("UserNotFound", f"User {p['UserId']} not found.")
    user.access_string = p.get("AccessString", user.access_string)
    return ActionResult(user)


@answers
def delete_user(self):
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteUser.html: leaves its groups first."""
    name = self._get_params()["UserId"]
    users = self.elasticache_backend.users
    if name not in users:
        raise fault("UserNotFound", f"User {name} not found.")
    user = users[name]
    groups = [g for g in kept(self, "user groups").values() if name in g["UserIds"]]
    if groups and user.name == "default":
        refuse("default-user-in-group", "DefaultUserAssociatedToUserGroup", f"The default user {name} is associated to user group {groups[0]['UserGroupId']}.")
    for group in groups:
        group["UserIds"].remove(name)
    return ActionResult(users.pop(name))


def _check_members(api, engine, ids):
    users = api.elasticache_backend.users
    for missing in (name for name in ids if name not in users):
        raise fault("UserNotFound", f"User {missing} not found.")
    names = [users[name].name for name in ids]
    # Valkey's groups need none: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    if engine == "redis" and "default" not in names:
        refuse("default-user-missing", "DefaultUserRequired", "User group needs to contain a user with the user name default.")
    if len(set(names)) < len(names):
        refuse("user-name-twice", "DuplicateUserName", "User group contains users with the same user name.")


@answers
def create_user_group(self):
    p = self._get_params()
    name, engine, members = p["UserGroupId"], p["Engine"].lower(), list(p.get("UserIds", []))
    check_name("user-group-name", "UserGroupId", name, 40)
    check_free("user-group-taken", "UserGroupAlreadyExists", self, "user groups", name)
    _check_members(self, engine, members)
    group = {"UserGroupId": name, "Engine": engine, "Status": "active", "UserIds": members, "ARN": arn(self, "usergroup", name), "ReplicationGroups": []}
    kept(self, "user groups")[name] = group
    tag(self, group, p)
    return ActionResult(group)


def _serverless_caches(api, group):
    return [cache["ServerlessCacheName"] for cache in kept(api, "serverless caches").values() if cache.get("UserGroupId") == group]


def found_group(api, name):
    return found(api, "user groups", name, "UserGroupNotFound", "UserGroup")


@answers
def describe_user_groups(self):
    name = self._get_params().get("UserGroupId")
    groups = [found_group(self, name)] if name else kept(self, "user groups").values()
    return ActionResult({"UserGroups": [{**group, "ServerlessCaches": _serverless_caches(self, group["UserGroupId"])} for group in groups]})


@answers
def modify_user_group(self):
    p = self._get_params()
    group = found_group(self, p["UserGroupId"])
    removed = p.get("UserIdsToRemove", [])
    # A deleted user has left the group by itself: https://github.com/hashicorp/terraform-provider-aws/issues/43281
    for name in (name for name in removed if name not in group["UserIds"]):
        refuse("not-a-member", "InvalidParameterValue", f"User {name} is not a member of user group {group['UserGroupId']}.")
    members = [name for name in group["UserIds"] if name not in removed] + list(p.get("UserIdsToAdd", []))
    _check_members(self, group["Engine"], members)
    group["UserIds"] = members
    return ActionResult(group)


@answers
def delete_user_group(self):
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteUserGroup.html: disassociated first."""
    name = self._get_params()["UserGroupId"]
    group = found_group(self, name)
    users = [g["ReplicationGroupId"] for g in kept(self, "replication groups").values() if name in g["UserGroupIds"]]
    users += _serverless_caches(self, name)
    if users:
        refuse("user-group-in-use", "InvalidUserGroupState", f"User group {name} is associated with {users[0]}.")
    kept(self, "user groups").pop(name)
    return ActionResult({**group, "Status": "deleting"})
