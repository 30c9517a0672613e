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

/** What a topology runs an app on. */
export interface Compute extends Peer {
  /** The role the app's process has. */
  readonly role: IamRole;
  /**
   * Whether the app comes in an image or package, so that nobody reads its file.
   * @default false
   */
  readonly bringsApp?: boolean;
}

/** An app as a Lambda function. */
export interface FunctionCode {
  /** A JavaScript file for the function's runtime. It exports `handler`, which answers events of HTTP APIs in payload format 2.0. */
  readonly bundle: string;
  /** What to do when it is missing. @default - check the path */
  readonly missingFix?: string;
  /** Longest time it takes for an answer, in seconds, the first of a process included; the function's timeout is above. */
  readonly longestAnswerSeconds: number;
  /**
   * Processes that what it connects to takes at a time: the bound of the function's concurrency.
   * @default - no bound
   */
  readonly mostAtOnce?: number;
}

/** The contract's two ways to say where Redis is; each comes from the document of a topology. */
export const RedisVariable = {
  /** One address with scheme and port; in cluster mode, the other. */
  URL: "REDIS_URL",
  /** Host and port, and beside it whether TLS is spoken. */
  CLUSTER_ENDPOINT: "REDIS_CLUSTER_ENDPOINT",
} as const;
export type RedisVariable = (typeof RedisVariable)[keyof typeof RedisVariable];

/** Where an app runs: how visitors reach it, and by which name it knows its cache. */
export interface AppDeployment {
  /** Scheme of the address in the visitor's browser. */
  readonly scheme: "http" | "https";
  /** Proxies between browser and app that add to X-Forwarded-For. */
  readonly proxies: number;
  /**
   * Scheme and host in the visitor's browser, as in `https://app.example.com`.
   * @default - not known: what the Host header says
   */
  readonly origin?: string;
  /**
   * IPv4 blocks from which visitors may come, where no security group sees to it. Only asked of an app that
   * `checksAddresses`.
   * @default - visitors may come from everywhere
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * How an app with a Redis is told where it is.
   * @default RedisVariable.URL
   */
  readonly redisVariable?: RedisVariable;
}

/** How an app behaves in time, for the load balancer in front of it. */
export interface Timings {
  /** Longest time a request takes, in seconds. */
  readonly longestRequestSeconds: number;
  /** How long it goes on serving after SIGTERM, in seconds. */
  readonly drainSeconds: number;
  /** How long it keeps an idle connection open, in seconds. Node's own default is 5, which behind a load balancer gives 502s. */
  readonly keepAliveSeconds: number;
}

/**
 * What a topology deploys. `SessionApp` is ours; an app of your own extends this class, says the things below, and
 * adds to `connect` what it needs beyond its artifact and its secrets.
 */
export abstract class WebApp extends Construct {
  constructor(scope: Construct, id: string, props: ProviderProps = {}) {
    super(scope, id);
    useProvider(this, props);
  }

  /** A JavaScript file that Node runs as it is. */
  abstract readonly artifact: ArtifactFile;
  /** TCP port it listens on, 1024 or above: no topology runs it as root. */
  abstract readonly port: number;
  /** Path that answers 200 as long as the process is well, whatever it depends on. */
  abstract readonly healthCheckPath: string;
  /** Environment variables whose value is the ARN of a secret. The app reads the secret, so that it is in no template. */
  abstract readonly secrets: Readonly<Record<string, string>>;

  /** The app as a Lambda function. @default - it runs on no such thing */
  get functionCode(): FunctionCode | undefined {
    return undefined;
  }

  /**
   * Whether the app itself refuses visitors from outside of `AppDeployment.allowedCidrs`.
   * @default false
   */
  readonly checksAddresses: boolean = false;

  /** Half a minute for a request, no drain, and connections kept above a load balancer's usual 60 s. */
  readonly timings: Timings = { longestRequestSeconds: 30, drainSeconds: 0, keepAliveSeconds: 65 };

  /** Commands the artifact has beside serving: name on the instance, and the argument that asks for it. */
  readonly commands: Readonly<Record<string, string>> = {};

  /**
   * AWS services the app itself calls, beside what a topology needs to start it. Where compute has no way to the
   * internet, it reaches these and no other.
   *
   * @default - Secrets Manager, if there are secrets
   */
  get awsServices(): readonly AwsService[] {
    return Object.keys(this.secrets).length === 0 ? [] : [AwsService.SECRETS_MANAGER];
  }

  /** All environment variables, `secrets` included; values may be Terraform tokens, and none is a secret itself. */
  abstract environmentAt(place: AppDeployment): Readonly<Record<string, string>>;

  /**
   * Gives compute what the app needs: its artifact, unless it comes with it, exactly its secrets, and open ports.
   *
   * @returns what compute must depend on, or it starts before it may read.
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
