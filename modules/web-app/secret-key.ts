import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { type ITerraformDependable, Lazy, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { checkWholeNumber } from "../validation";

/** Properties of a {@link SecretKey}. */
export interface SecretKeyProps {
  /** Raise it by one to make a new key; the app still takes what the key before signed. */
  readonly version: number;
  /** How long Secrets Manager keeps a deleted secret, in days: 0, or 7 to 30. */
  readonly recoveryDays: number;
}

/** Characters of the key; the app takes 32 and more. */
const LENGTH = 64;

/** Terraform appends 26 characters to a name prefix. */
const SECRET_PREFIX = { ...NameLimits.SECRET, what: "secret name prefix", maxLength: NameLimits.SECRET.maxLength - 26 };

/**
 * A random key in Secrets Manager that stands in no plan, state, template or log: Terraform asks for it anew at each run
 * (an ephemeral value), and hands it on through a write-only argument only when `version` changes.
 *
 * @throws when a number is out of range.
 */
export class SecretKey extends Construct {
  readonly arn: string;
  /** What a reader waits for: the secret has a value. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SecretKeyProps) {
    super(scope, id);
    checkWholeNumber(this, "secretKeyVersion", props.version, { min: 1, fix: "raise it by one to make a new key" });
    if (props.recoveryDays !== 0) {
      checkWholeNumber(this, "secretRecoveryDays", props.recoveryDays, {
        min: 7,
        max: 30,
        allowed: "0 (deleted at once), or 7 to 30 days",
        fix: "take 7",
      });
    }

    const secret = new SecretsmanagerSecret(this, "secret", {
      // Not a name: that one stays taken for the recovery window, and the next deploy would stop at it.
      namePrefix: buildNamePrefix(this, SECRET_PREFIX),
      description: "Signs the session app's forms",
      recoveryWindowInDays: props.recoveryDays,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.arn = secret.arn;
    this.dependables = [
      new SecretsmanagerSecretVersion(this, "version", {
        secretId: secret.id,
        secretStringWo: this.#randomPassword(secret),
        secretStringWoVersion: props.version,
      }),
    ];
  }

  /** cdktf 0.21 has no class for ephemeral blocks. Commas separate keys in the contract, so: no punctuation. */
  #randomPassword(secret: SecretsmanagerSecret): string {
    const type = "aws_secretsmanager_random_password";
    const name = secret.friendlyUniqueId;
    TerraformStack.of(this).addOverride(`ephemeral.${type}.${name}`, {
      // The secret is given its own by an Aspect, so not before the end.
      provider: Lazy.stringValue({ produce: () => secret.provider?.fqn }),
      password_length: LENGTH,
      exclude_punctuation: true,
    });
    return `\${ephemeral.${type}.${name}.random_password}`;
  }
}
