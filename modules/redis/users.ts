import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { checkId } from "../elasticache";
import { buildName, type NameLimit, NameLimits } from "../naming";

/**
 * The engine of users and group, for both engines of the cache. A Valkey cache accepts groups of either engine, a Redis OSS cache
 * only groups of "redis". So a change from Redis OSS to Valkey changes neither users nor group.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
const ENGINE = "redis";

/**
 * Deletions come last: the group drops a user before the user is deleted, and the cache drops its group before the group is.
 * When a user is deleted first, AWS removes it from the group, and then refuses the provider's own removal
 * (hashicorp/terraform-provider-aws#43281, #49945). AWS refuses to delete a group that a cache uses. With this order, an edit
 * that replaces a user or a group under the same id is refused, because the id is taken.
 */
const DELETED_LAST = { createBeforeDestroy: true };

/**
 * AWS takes about 4 minutes to change a user (hashicorp/terraform-provider-aws#20530), and has taken longer than the
 * provider's 5 minutes (#20729, #30921). For a group, the provider has no such setting, and waits 20 minutes.
 */
const TIMEOUTS = { create: "30m", update: "30m", delete: "30m" };

/** Properties of {@link Users}. */
export interface UsersProps {
  /** Access string of the app's user. */
  readonly accessString: string;
}

/** A user that logs in by IAM. */
export interface IamUser {
  /** Name, which is also the id; known at synth. */
  readonly userName: string;
  readonly userArn: string;
}

/** The users of a cache and their group: the app's IAM user, and the users that `add` creates. */
export class Users extends Construct {
  /** Id of the group. */
  readonly groupId: string;
  /** Name of the app's user, which is also its id; known at synth. */
  readonly userName: string;
  /** ARN of the app's user. */
  readonly userArn: string;
  /** ARNs of the group and of its users. */
  readonly arns: readonly string[];
  readonly #cluster: Construct;
  readonly #added: string[] = [];

  constructor(scope: Construct, id: string, { accessString }: UsersProps) {
    super(scope, id);
    this.#cluster = scope;
    const app = this.#createUser("app", accessString);
    this.userName = app.userNameInput as string;
    this.userArn = app.arn;
    const nobody = this.#createDisabledDefault(this.#buildId(scope, NameLimits.CACHE_USER, "nobody"));

    const groupId = this.#buildId(scope, NameLimits.CACHE_USER_GROUP, "users");
    const group = new ElasticacheUserGroup(this, "group", {
      userGroupId: groupId,
      engine: ENGINE,
      userIds: Lazy.listValue({ produce: () => [nobody.userId, app.userId, ...this.#added] }),
      tags: { Name: groupId },
      lifecycle: DELETED_LAST,
    });
    this.groupId = group.userGroupId;
    this.arns = [group.arn, app.arn, nobody.arn];
  }

  /** Adds a user with permissions of its own. */
  add(key: string, accessString: string): IamUser {
    const user = this.#createUser(key, accessString);
    this.#added.push(user.userId);
    return { userName: user.userNameInput as string, userArn: user.arn };
  }

  #createUser(key: string, accessString: string): ElasticacheUser {
    const name = this.#buildId(this.#cluster, NameLimits.CACHE_USER, key);
    return new ElasticacheUser(this, key, {
      userId: name,
      // For IAM authentication, id and name must be the same, in lower case.
      userName: name,
      engine: ENGINE,
      accessString,
      authenticationMode: { type: "iam" },
      tags: { Name: name },
      timeouts: TIMEOUTS,
      lifecycle: DELETED_LAST,
    });
  }

  /**
   * A group of the engine "redis" must have a user named `default`. A client that connects without a name is that user, so the
   * user is off. No password is in the state. It has `no_password_required` instead of `authentication_mode`, because the provider
   * reads the latter as "no-password" and then plans a change each time.
   */
  #createDisabledDefault(userId: string): ElasticacheUser {
    return new ElasticacheUser(this, "default", {
      userId,
      userName: "default",
      engine: ENGINE,
      accessString: "off -@all",
      noPasswordRequired: true,
      tags: { Name: userId },
      timeouts: TIMEOUTS,
      lifecycle: DELETED_LAST,
    });
  }

  #buildId(cluster: Construct, limit: NameLimit, suffix: string): string {
    const id = buildName(cluster, limit, suffix).toLowerCase();
    checkId(this, limit.what, id);
    return id;
  }
}
