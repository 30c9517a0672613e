import { type AttributeValue, DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { PhotoCacheEnvironment } from "../../environment/photo-cache";
import { type Deadline, inTime } from "../deadline";

/** An item of the table as JSON. */
export type Photo = Readonly<Record<string, unknown>>;

/** The table behind the cache. */
export class Photos {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #key: string;
  readonly #timeoutMs: number;

  constructor({ table, key, dynamodbTimeoutMs }: PhotoCacheEnvironment) {
    this.#table = table;
    this.#key = key;
    this.#timeoutMs = dynamodbTimeoutMs;
    // Half of the timeout for one attempt. If a connection died while the function was frozen, there is time for a second attempt.
    const requestTimeout = dynamodbTimeoutMs / 2;
    this.#client = new DynamoDBClient({
      requestHandler: { connectionTimeout: requestTimeout, requestTimeout, throwOnRequestTimeout: true },
    });
  }

  /** Reads at most `limit` photos, in no order. */
  async scan(limit: number, deadline: Deadline): Promise<readonly Photo[]> {
    const command = new ScanCommand({ TableName: this.#table, Limit: limit });
    const { Items = [] } = await this.#ask((abortSignal) => this.#client.send(command, { abortSignal }), deadline);
    return Items.map(parsePhoto);
  }

  /** @returns the photo; undefined if it does not exist. */
  async get(id: string, deadline: Deadline): Promise<Photo | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: { [this.#key]: { S: id } } });
    const { Item } = await this.#ask((abortSignal) => this.#client.send(command, { abortSignal }), deadline);
    return Item && parsePhoto(Item);
  }

  close(): void {
    this.#client.destroy();
  }

  async #ask<T>(send: (signal: AbortSignal) => Promise<T>, invocation: Deadline): Promise<T> {
    const deadline = invocation.within(this.#timeoutMs);
    const tooLate = new AbortController();
    try {
      return await inTime(send(tooLate.signal), deadline, `DynamoDB table ${this.#table}`);
    } catch (error) {
      tooLate.abort();
      const { message, name, code } = error as NodeJS.ErrnoException;
      if (message.startsWith("DynamoDB table")) throw error;
      throw new Error(`DynamoDB table ${this.#table}: ${name}: ${message || code}`, { cause: error });
    }
  }
}

function parsePhoto(item: Record<string, AttributeValue>): Photo {
  // A number that JavaScript cannot represent stays a text.
  const wrapNumbers = (text: string) => (String(Number(text)) === text ? Number(text) : text);
  return plain(unmarshall(item, { wrapNumbers })) as Photo;
}

/** Converts DynamoDB's sets and bytes, which JSON does not have, to lists and base64. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
