import path from "node:path";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { EnvironmentError, type PhotoCacheVariables, readPhotoCacheEnvironment } from "../../environment/photo-cache";
import { ArnKinds, checkArn } from "../arn";
import type { Peer } from "../connections";
import { BUSY_CONNECTIONS, MOST_CONNECTIONS } from "../elasticache";
import { HAS_ARN, type HasArn } from "../has-arn";
import { allow, grant } from "../iam/policy";
import { buildName, checkName, NameLimits } from "../naming";
import { AwsService, type INetwork } from "../network";
import { NETWORK } from "../network/contract";
import type { ConnectingRole } from "../redis";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import {
  BOOLEAN,
  checkProps,
  NUMBER,
  numberToText,
  objectWith,
  type PropTypes,
  required,
  TEXT,
  TEXT_AT_SYNTH,
  ValidationError,
} from "../validation";
import { FUNCTION_OPTIONS, type FunctionOptions, NodeFunction } from "./node-function";

/** A cache for photos. A MemcachedCluster is one, and so is a user of a RedisCluster. */
export interface PhotoStore {
  /** The cache in the function's variables. */
  readonly connection: PhotoCacheVariables;
  /**
   * Client connections that each node takes: a bound of the function's concurrency.
   * @default - 65,000, as a node of memcached takes
   */
  readonly connectionLimit?: number;
  /**
   * Lets a peer connect to the cache.
   * @returns what compute that connects at its start must depend on.
   */
  allowFrom(peer: Peer): ITerraformDependable[];
  /**
   * Lets whoever has the role log in.
   * @default - nobody logs in
   */
  grantConnect?(role: ConnectingRole): ITerraformDependable[];
}

/** Properties of a {@link PhotoCache}. */
export interface PhotoCacheProps extends FunctionOptions, ProviderProps {
  /** Where the function stands: in all private subnets. */
  readonly network: INetwork;
  /** Where photos are cached. */
  readonly cache: PhotoStore;
  /**
   * The function as one JavaScript file.
   * @default - webapp/dist/photo-cache.js of this package, which `npm run build` makes
   */
  readonly bundle?: string;
  /**
   * Name of the table.
   * @default - ends with `Photo`, and is of this stack alone
   */
  readonly tableName?: string;
  /**
   * Whether DynamoDB refuses to delete the table.
   * @default false - destroy, then deploy again works
   */
  readonly deletionProtection?: boolean;
  /**
   * How long a photo is cached, in seconds, 1 to 2592000.
   * @default 300
   */
  readonly ttlSeconds?: number;
  /**
   * How long the function's log is kept, in days; one of the values CloudWatch Logs takes.
   * @default 14
   */
  readonly logRetentionDays?: number;
  /**
   * Whether Lambda sends traces of invocations to X-Ray, which cost money.
   * @default false
   */
  readonly tracing?: boolean;
  /**
   * A KMS key of yours that the table is encrypted with. Each key costs money by the month and by the request.
   * @default - a key that DynamoDB owns, free of charge
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
   */
  readonly tableKey?: HasArn;
  /** The KMS key the function's environment is encrypted with. @default - the key Lambda has for the account */
  readonly encryptionKey?: HasArn;
}

/** Types of the props of {@link PhotoCacheProps}. */
export const PHOTO_CACHE_PROPS: PropTypes<PhotoCacheProps> = {
  ...PROVIDER_PROPS,
  ...FUNCTION_OPTIONS,
  network: NETWORK,
  cache: required(
    objectWith(
      "a cache for photos",
      "create a MemcachedCluster, or take addUser() of a RedisCluster",
      "connection",
      "allowFrom",
    ),
  ),
  bundle: TEXT_AT_SYNTH,
  tableName: TEXT,
  deletionProtection: BOOLEAN,
  ttlSeconds: NUMBER,
  logRetentionDays: NUMBER,
  tracing: BOOLEAN,
  tableKey: HAS_ARN,
  encryptionKey: HAS_ARN,
};

const BUILT = path.join(__dirname, "..", "..", "webapp", "dist", "photo-cache.js");
const KEY = "id";
/** Who invokes a function by the AWS CLI or an SDK waits so long. Seconds. */
const CALLER_WAITS_SECONDS = 60;
/** Each process has a link to each node, and one more that asks which nodes there are. */
const LINKS = 2;

/**
 * The photo-cache function, with the table it reads: DynamoDB through a cache, whatever is away.
 *
 * @throws when an option is out of range.
 */
export class PhotoCache extends Construct {
  /** The function that reads photos. */
  readonly function: NodeFunction;
  /** Name of the table of photos. */
  readonly tableName: string;

  constructor(scope: Construct, id: string, props: PhotoCacheProps) {
    super(scope, id);
    checkProps(this, props, PHOTO_CACHE_PROPS);
    useProvider(this, props);
    const { network, cache, bundle, logRetentionDays = 14, tracing = false, encryptionKey, ttlSeconds } = props;
    const { memoryMib, timeoutSeconds, reservedConcurrency, runtime } = props;
    const settings = { ...(ttlSeconds !== undefined && { PHOTO_TTL: numberToText(ttlSeconds) }) };
    const longestAnswerSeconds = this.#longestAnswer(Token.isUnresolved(ttlSeconds) ? {} : settings);
    const table = this.#createTable(props);
    this.tableName = table.name;
    this.function = new NodeFunction(this, "function", {
      ...(memoryMib !== undefined && { memoryMib }),
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
      ...(reservedConcurrency !== undefined && { reservedConcurrency }),
      ...(runtime !== undefined && { runtime }),
      network,
      description: "Reads photos from DynamoDB through a cache",
      bundle: bundle ?? BUILT,
      missingFix: bundle === undefined ? "npm run build" : "check the path",
      awsServices: [AwsService.DYNAMODB],
      connect: (compute) => [
        ...cache.allowFrom(compute),
        ...(cache.grantConnect?.(compute.role) ?? []),
        this.#grantRead(compute.role, table, props.tableKey),
      ],
      environment: {
        ...(cache.connection as Record<string, string>),
        ...settings,
        PHOTO_TABLE: table.name,
        PHOTO_KEY: KEY,
      },
      longestAnswerSeconds,
      callerWaitsSeconds: CALLER_WAITS_SECONDS,
      mostAtOnce: Math.floor(((cache.connectionLimit ?? MOST_CONNECTIONS) * BUSY_CONNECTIONS) / LINKS),
      logRetentionDays,
      tracing,
      ...(encryptionKey && { encryptionKey }),
    });
  }

  /** The function itself says what it takes, and how long that can take. */
  #longestAnswer(settings: PhotoCacheVariables): number {
    try {
      return readPhotoCacheEnvironment({ ...settings, MEMCACHED_ENDPOINT: "cache" }).longestAnswerMs / 1000;
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      throw new ValidationError(this, {
        what: "ttlSeconds",
        got: settings.PHOTO_TTL,
        allowed: error.message.replaceAll("\n", "; "),
        fix: "leave it out for 300",
      });
    }
  }

  #createTable({ tableName, deletionProtection = false, tableKey }: PhotoCacheProps): DynamodbTable {
    checkArn(this, "tableKey", tableKey?.arn, { kind: ArnKinds.KMS_KEY, region: findRegion(this) });
    if (tableName !== undefined) checkName(this, NameLimits.TABLE, tableName);
    return new DynamodbTable(this, "table", {
      name: tableName ?? buildName(this, NameLimits.TABLE, "Photo"),
      billingMode: "PAY_PER_REQUEST",
      hashKey: KEY,
      attribute: [{ name: KEY, type: "S" }],
      pointInTimeRecovery: { enabled: true },
      ...(tableKey && { serverSideEncryption: { enabled: true, kmsKeyArn: tableKey.arn } }),
      deletionProtectionEnabled: deletionProtection,
      tags: { Name: buildName(this, NameLimits.TAG, "Photo") },
    });
  }

  /** DynamoDB asks for the table's key on behalf of who reads. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
  #grantRead(role: ConnectingRole, table: DynamodbTable, tableKey: HasArn | undefined): ITerraformDependable {
    return grant(role, "read-photos", [
      allow(["dynamodb:Scan", "dynamodb:GetItem"], table.arn),
      ...(tableKey === undefined ? [] : [allow("kms:Decrypt", tableKey.arn)]),
    ]);
  }
}
