import { type AttributeValue, DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { PhotoCacheEnvironment } from "../../environment/photo-cache";
import { type Deadline, inTime } from "../deadline";

/** An item of the table, as JSON can hold it. */
export type Photo = Readonly<Record<string, unknown>>;

/** The table the cache stands in front of. */
export class Photos {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #key: string;
  readonly #timeoutMs: number;

  constructor({ table, key, dynamodbTimeoutMs }: PhotoCacheEnvironment) {
    this.#table = table;
    this.#key = key;
    this.#timeoutMs = dynamodbTimeoutMs;
    // Half of the time for one try, so that a connection that died while the function was frozen leaves time for another.
    const requestTimeout = dynamodbTimeoutMs / 2;
    this.#client = new DynamoDBClient({
      requestHandler: { connectionTimeout: requestTimeout, requestTimeout, throwOnRequestTimeout: true },
    });
  }

  /** Some photos, `limit` at most, in no order. */
  async scan(limit: number, deadline: Deadline): Promise<readonly Photo[]> {
    const command = new ScanCommand({ TableName: this.#table, Limit: limit });
    const { Items = [] } = await this.#ask((abortSignal) => this.#client.send(command, { abortSignal }), deadline);
    return Items.map(parsePhoto);
  }

  /** @returns undefined when there is no such photo. */
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
  // A number that JavaScript cannot hold stays the text it came as.
  const wrapNumbers = (text: string) => (String(Number(text)) === text ? Number(text) : text);
  return plain(unmarshall(item, { wrapNumbers })) as Photo;
}

/** DynamoDB has sets and bytes, JSON has not: lists and base64 stand for them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
