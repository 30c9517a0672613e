import path from "node:path";
import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { EnvironmentError, type PhotoCacheVariables, readPhotoCacheEnvironment } from "../../environment/photo-cache";
import { ArnKinds, checkArn } from "../arn";
import type { Peer } from "../connections";
import { limitProcesses } from "../elasticache";
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

/** A cache for photos: a MemcachedCluster, or a user of a RedisCluster or a RedisServerlessCache. */
export interface PhotoStore {
  /** The function's variables for the cache. */
  readonly connection: PhotoCacheVariables;
  /**
   * The most client connections of each node. It limits the function's concurrency.
   * @default - 65,000, the limit of a memcached node
   */
  readonly connectionLimit?: number;
  /**
   * Lets a peer connect to the cache.
   * @returns resources that compute must depend on when it connects at its start.
   */
  allowFrom(peer: Peer): ITerraformDependable[];
  /**
   * Lets the role log in.
   * @default - the cache has no login
   */
  grantConnect?(role: ConnectingRole): ITerraformDependable[];
}

/** Properties of a {@link PhotoCache}. */
export interface PhotoCacheProps extends FunctionOptions, ProviderProps {
  /** The network of the function. The function uses all of its private subnets. */
  readonly network: INetwork;
  /** The cache for photos. */
  readonly cache: PhotoStore;
  /**
   * JavaScript file of the function.
   * @default - webapp/dist/photo-cache.js of this package, which `npm run build` writes
   */
  readonly bundle?: string;
  /**
   * Name of the table.
   * @default - a name that ends with `Photo` and contains the stack's name prefix
   */
  readonly tableName?: string;
  /**
   * Whether DynamoDB refuses to delete the table.
   * @default false - a deploy after a destroy works
   */
  readonly deletionProtection?: boolean;
  /**
   * Lifetime of a cached photo in seconds, 1 to 2592000.
   * @default 300
   */
  readonly ttlSeconds?: number;
  /**
   * Retention of the function's log in days; one of the values that CloudWatch Logs accepts.
   * @default 14
   */
  readonly logRetentionDays?: number;
  /**
   * Whether Lambda sends traces of invocations to X-Ray. AWS charges for traces.
   * @default false
   */
  readonly tracing?: boolean;
  /**
   * Customer managed KMS key that encrypts the table. AWS charges for each key by the month and by the request.
   * @default - the AWS owned key of DynamoDB, free of charge
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
   */
  readonly tableKey?: HasArn;
  /** KMS key that encrypts the function's environment. @default - the AWS managed key of Lambda */
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
      "create a MemcachedCluster, or take addUser() of a RedisCluster or a RedisServerlessCache",
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
/** Default read timeout of the AWS CLI and the SDKs, whose users invoke the function. Seconds. */
const CALLER_WAITS_SECONDS = 60;
/** Connections of a process to each node: one for the keys, and one for the discovery of nodes. */
const LINKS = 2;

/**
 * The photo-cache function and its table. The function reads photos from DynamoDB through a cache. It also answers when the cache is down.
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
      mostAtOnce: limitProcesses(cache.connectionLimit, LINKS),
      logRetentionDays,
      tracing,
      ...(encryptionKey && { encryptionKey }),
    });
  }

  /** The longest answer of the function, in seconds, from the function's own contract, which also checks the settings. */
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

  /**
   * Lets the role read the table and use its key: DynamoDB decrypts with the reader's permissions.
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
   */
  #grantRead(role: ConnectingRole, table: DynamodbTable, tableKey: HasArn | undefined): ITerraformDependable {
    return grant(role, "read-photos", [
      allow(["dynamodb:Scan", "dynamodb:GetItem"], table.arn),
      ...(tableKey === undefined ? [] : [allow("kms:Decrypt", tableKey.arn)]),
    ]);
  }
}
