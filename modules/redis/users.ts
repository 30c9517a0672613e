import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { checkId } from "../elasticache";
import { buildName, type NameLimit, NameLimits } from "../naming";

/**
 * The engine users and group are made for, whatever the cache runs: a Valkey cache takes groups of either engine, a
 * Redis OSS cache only those of "redis", so this one fits both and a change from Redis OSS to Valkey leaves them alone.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
const ENGINE = "redis";

/**
 * Who leaves goes last: the group lets go of a user before the user is deleted, and the cache of its group. Deleted first, a
 * user leaves the group by itself, and AWS refuses to take it out once more
 * (hashicorp/terraform-provider-aws#43281, #49945); a group that a cache has cannot be deleted at all. Ids stay what they are:
 * an edit that replaces a user or a group under its id is refused, since the id is taken.
 */
const LEAVES_LAST = { createBeforeDestroy: true };

/**
 * AWS takes about 4 minutes to change a user (hashicorp/terraform-provider-aws#20530), and has taken longer than the
 * provider's 5 (#20729, #30921). For a group the provider has no such setting, and waits 20.
 */
const TIMEOUTS = { create: "30m", update: "30m", delete: "30m" };

/** Properties of {@link Users}. */
export interface UsersProps {
  /** What the app's user may do. */
  readonly accessString: string;
}

/** A user that logs in by IAM. */
export interface IamUser {
  /** Name, and id; known at synth. */
  readonly userName: string;
  readonly userArn: string;
}

/** Who may log in: the app by IAM, whoever was added, and nobody else. */
export class Users extends Construct {
  /** Id of the group. */
  readonly groupId: string;
  /** Name, and id, of the app's user; known at synth. */
  readonly userName: string;
  /** ARN of the app's user. */
  readonly userArn: string;
  /** ARNs of group and users. */
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
      lifecycle: LEAVES_LAST,
    });
    this.groupId = group.userGroupId;
    this.arns = [group.arn, app.arn, nobody.arn];
  }

  /** Lets one more log in, with rights of its own. */
  add(key: string, accessString: string): IamUser {
    const user = this.#createUser(key, accessString);
    this.#added.push(user.userId);
    return { userName: user.userNameInput as string, userArn: user.arn };
  }

  #createUser(key: string, accessString: string): ElasticacheUser {
    const name = this.#buildId(this.#cluster, NameLimits.CACHE_USER, key);
    return new ElasticacheUser(this, key, {
      userId: name,
      // With IAM authentication, id and name must be the same, in lower case.
      userName: name,
      engine: ENGINE,
      accessString,
      authenticationMode: { type: "iam" },
      tags: { Name: name },
      timeouts: TIMEOUTS,
      lifecycle: LEAVES_LAST,
    });
  }

  /**
   * A group of the engine "redis" must have a user named `default`, and whoever connects without a name is that user:
   * this one is off. It has no password in state; `no_password_required` and not `authentication_mode`, because the
   * provider reads that one back as "no-password" and plans a change for ever.
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
      lifecycle: LEAVES_LAST,
    });
  }

  #buildId(cluster: Construct, limit: NameLimit, suffix: string): string {
    const id = buildName(cluster, limit, suffix).toLowerCase();
    checkId(this, limit.what, id);
    return id;
  }
}
