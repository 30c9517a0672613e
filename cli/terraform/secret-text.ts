/** What gives a secret away wherever it stands, by what people call it. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ["an AWS access key", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:[^\s/@"'$]+@/],
  [
    "a secret by name",
    /\b[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|SECRET_KEY|API_KEY|TOKEN|PRIVATE_KEY)\b\s*=\s*["']?[^\s"'$]/,
  ],
];

/** What kind of secret a text holds; undefined for none. The ARN of a secret, or a reference, is none. */
export function secretIn(text: string): string | undefined {
  return SECRETS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Environment variables whose value is a secret rather than the name of one. */
export function secretsAmong(variables: readonly (readonly [string, unknown])[]): string[] {
  return variables
    .filter(([name, value]) => typeof value === "string" && secretIn(`${name}=${value}`) !== undefined)
    .map(([name]) => name);
}
