/**
 * Patterns that identify a secret by its form, with any name.
 *
 * @see https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml for the prefixes of issuers
 */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ["an AWS access key", /\b(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:[^\s/@"'$]+@/],
  ["a JSON Web Token", /\beyJ[\w-]{8,}\.(eyJ)?[\w-]{8,}\.[\w-]*/],
  ["a token of GitHub", /\b(gh[oprsu]_\w{36}|github_pat_\w{22,})/],
  ["a token of GitLab", /\bgl(pat|dt|rt|ptt|soat)-[\w-]{20}/],
  ["a token of Slack", /\bxox[abeoprs]-[\w-]{10}|hooks\.slack\.com\/services\//],
  ["a key of Stripe", /\b[rs]k_(live|test|prod)_\w{10}/],
  ["a key of Google", /\bAIza[\w-]{35}|\bGOCSPX-[\w-]{20}/],
  ["a token of npm", /\bnpm_\w{36}/],
  ["a token of PyPI", /\bpypi-AgE[\w-]{20}/],
  ["a key of SendGrid", /\bSG\.[\w-]{16,}\.[\w-]{16}/],
  ["a key of Twilio", /\b(SK|AC)[0-9a-f]{32}\b/],
  ["a key of an AI service", /\bsk-(ant-|proj-|svcacct-)?[\w-]{20}/],
  ["a token of Vault", /\bhv[bs]\.[\w-]{20}/],
  ["a token of Terraform Cloud", /\b\w{14}\.atlasv1\.[\w=-]{20}/],
  ["a token of DigitalOcean", /\bdo[opr]_v1_[0-9a-f]{32}/],
  ["a credential in a header", /\b(Bearer|Basic)\s+[\w+/=.-]{16}/],
  [
    "a secret with a telling name",
    /\b[A-Z0-9_]*(?:PASSWORD|PASSWD|PASS|SECRET|SECRET_KEY|API_KEY|SESSION_KEY|SIGNING_KEY|ENCRYPTION_KEY|TOKEN|PRIVATE_KEY)\b\s*=\s*["']?(?!arn:aws)[^\s"'$]/,
  ],
];

/** The kind of secret in a text; undefined without one. The ARN of a secret, or a reference to it, is no secret. */
export function secretIn(text: string): string | undefined {
  return SECRETS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Names of environment variables whose value is a secret instead of a reference to one. */
export function secretsAmong(variables: readonly (readonly [string, unknown])[]): string[] {
  return variables
    .filter(([name, value]) => typeof value === "string" && secretIn(`${toUpperSnake(name)}=${value}`) !== undefined)
    .map(([name]) => name);
}

/** Programs read variables under names in any style: `redis_password`, `spring.redis.password`, `redisAuthToken`. */
function toUpperSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}
