import { freePort, type LocalProgram, startProgram } from "../program";
import type { StackTable } from "./stack";

/** Something to ask for. */
export const PHOTOS = ["bridge", "harbour", "sunset"] as const;

/** DynamoDB for this run. */
export interface LocalDynamodb extends LocalProgram {
  readonly url: string;
}

/** What it takes from anybody. */
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/**
 * The DynamoDB of AWS_ENDPOINT_URL_DYNAMODB, or a local one of this run's own, with a stack's tables; those that were not
 * there yet have {@link PHOTOS}.
 *
 * @throws {UserError} when there is neither.
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
  const port = await freePort();
  const program = await startProgram({
    command: "moto_server",
    args: ["-H", "127.0.0.1", "-p", String(port)],
    port,
  });
  const url = `http://127.0.0.1:${port}`;
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
