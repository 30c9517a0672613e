import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ArtifactFile } from "../artifact";
import type { Peer } from "../connections";
import { allow, grant } from "../iam/policy";
import { buildKey } from "../naming";
import { AwsService } from "../network";
import { type ProviderProps, useProvider } from "../stack/provider";
import { objectWith, required } from "../validation";

/** The compute of a topology that runs an app. */
export interface Compute extends Peer {
  /** Role of the app's process. */
  readonly role: IamRole;
  /**
   * Whether an image or package contains the app, so that compute does not download the artifact.
   * @default false
   */
  readonly bringsApp?: boolean;
}

/** An app as a Lambda function. */
export interface FunctionCode {
  /** A JavaScript file for the function's runtime. It exports `handler`, which answers events of HTTP APIs in payload format 2.0. */
  readonly bundle: string;
  /** The fix in the error about a missing file. @default - check the path */
  readonly missingFix?: string;
  /** The longest time of an answer in seconds, including the first answer of a process. The function's timeout must be above it. */
  readonly longestAnswerSeconds: number;
  /**
   * The most processes that can connect to its dependencies at a time. It limits the function's concurrency.
   * @default - no limit
   */
  readonly mostAtOnce?: number;
}

/** The contract's two variables for the address of Redis. Each is from the source document of a topology. */
export const RedisVariable = {
  /** One address with scheme and port. In cluster mode, CLUSTER_ENDPOINT is used instead. */
  URL: "REDIS_URL",
  /** Host and port; another variable says whether to use TLS. */
  CLUSTER_ENDPOINT: "REDIS_CLUSTER_ENDPOINT",
} as const;
export type RedisVariable = (typeof RedisVariable)[keyof typeof RedisVariable];

/** The surroundings of an app: the way of visitors to it, and the variable with the address of its cache. */
export interface AppDeployment {
  /** Scheme of the address in the visitor's browser. */
  readonly scheme: "http" | "https";
  /** Number of proxies between browser and app that add to X-Forwarded-For. */
  readonly proxies: number;
  /**
   * Scheme and host in the visitor's browser, as in `https://app.example.com`.
   * @default - not known: the Host header decides
   */
  readonly origin?: string;
  /**
   * IPv4 blocks of allowed visitors, for a topology without a security group in front. Only for an app that `checksAddresses`.
   * @default - visitors of all networks
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * The variable with the address of Redis.
   * @default RedisVariable.URL
   */
  readonly redisVariable?: RedisVariable;
}

/** Times of an app, for the load balancer in front of it. */
export interface Timings {
  /** The longest time of a request, in seconds. */
  readonly longestRequestSeconds: number;
  /** Time in which the app still serves after SIGTERM, in seconds. */
  readonly drainSeconds: number;
  /** Keep-alive time of an idle connection, in seconds. Node's default of 5 leads to answers of 502 behind a load balancer. */
  readonly keepAliveSeconds: number;
}

/**
 * The web app that a topology deploys. `SessionApp` is the app of this package. An app of your own extends this class, implements
 * the members below, and overrides `connect` if it needs more than its artifact and its secrets.
 */
export abstract class WebApp extends Construct {
  constructor(scope: Construct, id: string, props: ProviderProps = {}) {
    super(scope, id);
    useProvider(this, props);
  }

  /** JavaScript file of the app, which Node runs without further packages. */
  abstract readonly artifact: ArtifactFile;
  /** TCP port of the app, 1024 or above, because no topology runs it as root. */
  abstract readonly port: number;
  /** Path of the health check. It must answer 200 as long as the process works, also when a dependency is down. */
  abstract readonly healthCheckPath: string;
  /** Environment variables whose value is the ARN of a secret. The app reads the secret itself, so no template contains it. */
  abstract readonly secrets: Readonly<Record<string, string>>;

  /** The app as a Lambda function. @default - undefined: the app does not run on Lambda */
  get functionCode(): FunctionCode | undefined {
    return undefined;
  }

  /**
   * Whether the app itself refuses visitors outside of `AppDeployment.allowedCidrs`.
   * @default false
   */
  readonly checksAddresses: boolean = false;

  /**
   * Whether the app writes metrics to its log. Then instances must send the log to CloudWatch.
   * @default false
   */
  readonly logsMetrics: boolean = false;

  /** Times of the app. By default 30 s for a request, no drain, and a keep-alive above a load balancer's usual 60 s. */
  readonly timings: Timings = { longestRequestSeconds: 30, drainSeconds: 0, keepAliveSeconds: 65 };

  /** Further commands of the artifact: arguments, keyed by the name of the command on an instance. */
  readonly commands: Readonly<Record<string, string>> = {};

  /**
   * AWS services that the app calls, without those that a topology needs to start it. Compute without a way to the internet
   * reaches these services only.
   *
   * @default - Secrets Manager, if the app has secrets
   */
  get awsServices(): readonly AwsService[] {
    return Object.keys(this.secrets).length === 0 ? [] : [AwsService.SECRETS_MANAGER];
  }

  /** All environment variables, including `secrets`. Values may be Terraform tokens; none is a secret itself. */
  abstract environmentAt(place: AppDeployment): Readonly<Record<string, string>>;

  /**
   * Gives compute the app's permissions and open ports: its artifact, unless compute contains it, and its secrets, no others.
   *
   * @returns resources that compute must depend on. Without them, it could start before it has its permissions.
   */
  connect(compute: Compute): ITerraformDependable[] {
    const artifact = compute.bringsApp === true ? [] : this.artifact.grantRead(compute.role);
    return [...artifact, ...this.#grantSecrets(compute.role)];
  }

  #grantSecrets(role: IamRole): ITerraformDependable[] {
    const arns = Object.values(this.secrets);
    if (arns.length === 0) return [];
    return [grant(role, `read-secrets-${buildKey(this, role)}`, [allow("secretsmanager:GetSecretValue", arns)])];
  }
}

/** The type of a prop that takes an app. */
export const WEB_APP = required(
  objectWith("a WebApp", "create a SessionApp, or an app of your own that extends WebApp", "environmentAt", "connect"),
);
