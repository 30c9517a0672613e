import { type ITerraformDependable, Token } from "cdktf";
import type { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import { ArnKinds, checkArn, regionIn } from "../arn";
import { allow, grant } from "../iam/policy";
import { buildKey } from "../naming";
import { matchPartition } from "../stack/region";
import { listOf, type PropTypes, required, TEXT, ValidationError } from "../validation";
import type { ConnectingRole } from "./contract";

/** How a client authenticates. */
export interface Login {
  /** The app's variables for the login, from the environment contract. */
  readonly variables: EnvironmentVariables;
  /** Grants a role the permissions of the login. The policy is created below the role, so that the role's stack depends on the cache's. */
  grantTo(role: ConnectingRole): ITerraformDependable[];
}

/** No authentication: each client that the security group lets in can do everything. */
export const NO_LOGIN: Login = { variables: { REDIS_AUTH: "none" }, grantTo: () => [] };

/** A login by IAM. */
export interface IamLogin {
  /** Id of the replication group, or name of the serverless cache, for which tokens are signed; lower case. */
  readonly cacheId: string;
  /** User that tokens are signed for. */
  readonly userName: string;
  /** ARNs of the cache and of the user. */
  readonly arns: readonly string[];
}

/** Types of the props of {@link IamLogin}. */
export const IAM_LOGIN: PropTypes<IamLogin> = {
  cacheId: required(TEXT),
  userName: required(TEXT),
  arns: required(listOf(TEXT)),
};

/**
 * A login by tokens that are signed with the credentials of a role.
 *
 * @param serverless - whether the cache is a serverless cache, whose tokens have another form. @default false
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export function iamLogin(cache: Construct, { cacheId, userName, arns }: IamLogin, serverless = false): Login {
  return {
    variables: {
      REDIS_AUTH: "iam",
      REDIS_USER: userName,
      REDIS_CACHE_ID: cacheId,
      ...(serverless && { REDIS_CACHE_TYPE: "serverless" }),
    },
    grantTo: (role) => [
      grant(role, `connect-${buildKey(cache, role)}`, [allow("elasticache:Connect", arns)], `connect-${cacheId}`),
    ],
  };
}

/** A login by a password in Secrets Manager. */
export interface PasswordLogin {
  /**
   * Name of the password's user.
   * @default - the user `default`
   */
  readonly userName?: string;
  /** ARN of the secret. Its whole text is the password. The app reads it, and reads it again after a rotation. */
  readonly passwordSecretArn: string;
  /**
   * ARN of the KMS key that encrypts the secret.
   * @default - the AWS managed key of Secrets Manager
   */
  readonly passwordKeyArn?: string;
}

/** Types of the props of {@link PasswordLogin}. */
export const PASSWORD_LOGIN: PropTypes<PasswordLogin> = {
  userName: TEXT,
  passwordSecretArn: required(TEXT),
  passwordKeyArn: TEXT,
};

/** @throws when the secret's ARN is not the ARN of a secret, or the key's is not the ARN of a key in the secret's region. */
export function passwordLogin(cache: Construct, login: PasswordLogin): Login {
  const { userName, passwordSecretArn, passwordKeyArn } = login;
  const form = new RegExp(`^arn:${matchPartition(cache)}:secretsmanager:[a-z0-9-]+:\\d{12}:secret:\\S+$`);
  if (!Token.isUnresolved(passwordSecretArn) && !form.test(passwordSecretArn)) {
    throw new ValidationError(cache, {
      what: "passwordSecretArn",
      got: "a value that is not shown",
      allowed: "the ARN of a Secrets Manager secret of the stack's partition, never the password itself",
      fix: "put the password into a secret and give its ARN",
    });
  }
  checkArn(cache, "passwordKeyArn", passwordKeyArn, { kind: ArnKinds.KMS_KEY, region: regionIn(passwordSecretArn) });
  return {
    variables: {
      REDIS_AUTH: "password",
      ...(userName !== undefined && { REDIS_USER: userName }),
      REDIS_PASSWORD_ARN: passwordSecretArn,
    },
    grantTo: (role) => [
      grant(role, `read-password-${buildKey(cache, role)}`, [
        allow("secretsmanager:GetSecretValue", [passwordSecretArn]),
        ...(passwordKeyArn === undefined ? [] : [allow("kms:Decrypt", [passwordKeyArn])]),
      ]),
    ],
  };
}
