/**
 * Timeout for both values together. Without a way to AWS, connections are not refused: packets are lost, and the SDK would wait for
 * minutes. The timeout is below the 5 s that a connection to Redis waits for its password. Milliseconds.
 */
const READ_MS = 4000;

/**
 * Reads the current and, after a rotation, the previous value of a secret, the newest first. The SDK is loaded on first use, so an app with
 * secrets in its environment never loads it.
 *
 * @throws when Secrets Manager cannot be reached, refuses, or does not answer within 4 s. The error has the secret's ARN and no value.
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
