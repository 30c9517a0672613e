import { type ITerraformDependable, Token } from "cdktf";
import type { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import { ArnKinds, checkArn, regionIn } from "../arn";
import { allow, grant } from "../iam/policy";
import { buildKey } from "../naming";
import { listOf, type PropTypes, required, TEXT, ValidationError } from "../validation";
import type { ConnectingRole } from "./contract";

/** How whoever connects proves who it is. */
export interface Login {
  /** What the app has to know of it, after the environment contract. */
  readonly variables: EnvironmentVariables;
  /** Gives a role what the login takes. Below the role: the one who asks depends on the one who is asked. */
  grantTo(role: ConnectingRole): ITerraformDependable[];
}

/** Nobody proves anything: whom the security group lets in may do everything. */
export const NO_LOGIN: Login = { variables: { REDIS_AUTH: "none" }, grantTo: () => [] };

/** A login by IAM. */
export interface IamLogin {
  /** Id that tokens are signed for, lower case. */
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

/** A login by tokens that are signed with the credentials of a role. */
export function iamLogin(cache: Construct, { cacheId, userName, arns }: IamLogin): Login {
  return {
    variables: { REDIS_AUTH: "iam", REDIS_USER: userName, REDIS_CACHE_ID: cacheId },
    grantTo: (role) => [
      grant(role, `connect-${buildKey(cache, role)}`, [allow("elasticache:Connect", arns)], `connect-${cacheId}`),
    ],
  };
}

/** A login by a password that stands in Secrets Manager. */
export interface PasswordLogin {
  /**
   * User that the password is of.
   * @default - the user `default`
   */
  readonly userName?: string;
  /** ARN of the secret whose text, all of it, is the password. The app reads it, and again when it was changed. */
  readonly passwordSecretArn: string;
  /**
   * ARN of the KMS key the secret is encrypted with.
   * @default - the key Secrets Manager has for the account
   */
  readonly passwordKeyArn?: string;
}

/** Types of the props of {@link PasswordLogin}. */
export const PASSWORD_LOGIN: PropTypes<PasswordLogin> = {
  userName: TEXT,
  passwordSecretArn: required(TEXT),
  passwordKeyArn: TEXT,
};

const SECRET_ARN = /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/;

/** @throws when the first ARN is not of a secret, or the second not of a key in the secret's region. */
export function passwordLogin(cache: Construct, login: PasswordLogin): Login {
  const { userName, passwordSecretArn, passwordKeyArn } = login;
  if (!Token.isUnresolved(passwordSecretArn) && !SECRET_ARN.test(passwordSecretArn)) {
    throw new ValidationError(cache, {
      what: "passwordSecretArn",
      got: "a value that is not shown",
      allowed: "the ARN of a Secrets Manager secret, never the password itself",
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
