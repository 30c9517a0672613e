import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { type ITerraformDependable, Lazy, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { checkWholeNumber } from "../validation";

/** Properties of a {@link SecretKey}. */
export interface SecretKeyProps {
  /** Version of the key. Raise it by one to create a new key; the app still accepts signatures of the previous one. */
  readonly version: number;
  /** Recovery window of a deleted secret in days: 0, or 7 to 30. */
  readonly recoveryDays: number;
}

/** Length of the key in characters. The app needs at least 32. */
const LENGTH = 64;

/** Terraform appends 26 characters to a name prefix. */
const SECRET_PREFIX = { ...NameLimits.SECRET, what: "secret name prefix", maxLength: NameLimits.SECRET.maxLength - 26 };

/**
 * A random key in Secrets Manager that is in no plan, state, template or log. Terraform generates a random value at each run (an ephemeral
 * value), and passes it on through a write-only argument only when `version` changes.
 *
 * @throws when a number is out of range.
 */
export class SecretKey extends Construct {
  readonly arn: string;
  /** Resources that a reader must depend on, so that the secret has a value. */
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
      // A prefix, because a deleted secret's name stays in use for the recovery window, and the next deploy would fail.
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

  /** An override, because cdktf 0.21 has no class for ephemeral blocks. No punctuation, because commas separate keys in the contract. */
  #randomPassword(secret: SecretsmanagerSecret): string {
    const type = "aws_secretsmanager_random_password";
    const name = secret.friendlyUniqueId;
    TerraformStack.of(this).addOverride(`ephemeral.${type}.${name}`, {
      // Lazy, because an Aspect sets the secret's provider at the end of the program.
      provider: Lazy.stringValue({ produce: () => secret.provider?.fqn }),
      password_length: LENGTH,
      exclude_punctuation: true,
    });
    return `\${ephemeral.${type}.${name}.random_password}`;
  }
}
