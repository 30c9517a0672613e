/**
 * For both values together. Where the way to AWS is gone nobody refuses: packets are lost, and the SDK waits for minutes. Below the
 * 5 s a link to Redis waits for its password. Milliseconds.
 */
const READ_MS = 4000;

/**
 * The current and, after a rotation, the previous value of a secret, newest first. The SDK is loaded when first used:
 * an app that has its secrets in the environment never pays for it.
 *
 * @throws when Secrets Manager can't be reached, refuses, or says nothing for 4 s, with the secret's ARN and without any value.
 */
export async function readSecretVersions(arn: string): Promise<[string, ...string[]]> {
  const { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } = await import(
    "@aws-sdk/client-secrets-manager"
  );
  const client = new SecretsManagerClient({ region: parseRegion(arn) });
  const abortSignal = AbortSignal.timeout(READ_MS);
  const read = async (stage: "AWSCURRENT" | "AWSPREVIOUS") => {
    const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: stage });
    const { SecretString } = await client.send(command, { abortSignal });
    return SecretString;
  };
  try {
    const current = await read("AWSCURRENT");
    if (current === undefined) throw new Error("it holds bytes, not text");
    const previous = await read("AWSPREVIOUS").catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
    return previous === undefined ? [current] : [current, previous];
  } catch (error) {
    throw new Error(`secret ${arn}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    client.destroy();
  }
}

function parseRegion(arn: string): string {
  return arn.split(":")[3] ?? "";
}
