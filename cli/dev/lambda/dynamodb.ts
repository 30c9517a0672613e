import { type LocalProgram, startProgram } from "../program";
import type { StackTable } from "./stack";

/** Ids of the photos in a new table. */
export const PHOTOS = ["bridge", "harbour", "sunset"] as const;

/** The DynamoDB of this run. */
export interface LocalDynamodb extends LocalProgram {
  readonly url: string;
}

/** Credentials for DynamoDB Local, which accepts any. */
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * Opens the DynamoDB of AWS_ENDPOINT_URL_DYNAMODB, or starts a local one for this run, and creates the stack's missing tables, with
 * {@link PHOTOS} in them.
 *
 * @throws {UserError} when neither is available.
 */
export async function openDynamodb(
  given: string | undefined,
  tables: readonly StackTable[],
  region: string,
): Promise<LocalDynamodb> {
  if (given !== undefined && given !== "") {
    await addTables(given, tables, region);
    return { url: given, stop: async () => {} };
  }
  const program = await startProgram({
    command: "moto_server",
    args: (port) => ["-H", "127.0.0.1", "-p", String(port)],
    ready: /Running on http/,
  });
  const url = `http://127.0.0.1:${program.port}`;
  await addTables(url, tables, region);
  return { ...program, url };
}

async function addTables(endpoint: string, tables: readonly StackTable[], region: string): Promise<void> {
  const { CreateTableCommand, DynamoDBClient, PutItemCommand, ResourceInUseException } = await import(
    "@aws-sdk/client-dynamodb"
  );
  const client = new DynamoDBClient({ endpoint, region, credentials: CREDENTIALS });
  for (const { name: TableName, key: AttributeName } of tables) {
    const create = new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName, KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    });
    const isNew = await client.send(create).then(
      () => true,
      (error) => {
        if (error instanceof ResourceInUseException) return false;
        throw error;
      },
    );
    for (const photo of isNew ? PHOTOS : []) {
      await client.send(new PutItemCommand({ TableName, Item: { [AttributeName]: { S: photo } } }));
    }
  }
  client.destroy();
}
