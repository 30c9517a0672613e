import { Construct } from "constructs";
import { checkCidr } from "../connections/ipv4";
import { HAS_ARN, type HasArn } from "../has-arn";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { BOOLEAN, checkProps, listOf, NUMBER, objectOf, type PropTypes, TEXT, ValidationError } from "../validation";
import type { FunctionCode, WebApp } from "../web-app";
import { WEB_APP } from "../web-app/web-app";
import { API_WAITS_SECONDS, DOMAIN, type Domain, HttpApi } from "./http-api";
import { FUNCTION_OPTIONS, type FunctionOptions, NodeFunction } from "./node-function";

/** Properties of a {@link LambdaTopology}. */
export interface LambdaTopologyProps extends FunctionOptions, ProviderProps {
  /** The network of the function. The function uses all of its private subnets. */
  readonly network: INetwork;
  /** The web app to serve. It must have `functionCode`. */
  readonly app: WebApp;
  /**
   * A custom domain name.
   * @default - the name that API Gateway assigns
   */
  readonly domain?: Domain;
  /**
   * IPv4 blocks of allowed visitors, as in `203.0.113.0/24`. `0.0.0.0/0` allows everybody. An HTTP API has no security group, so the
   * app checks the source address of the connection to the API, and answers 403 to others. With a proxy of your own in front, give
   * the proxy's addresses.
   * @default - everybody
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * Rate limit of the API in requests a second. Above it, the API answers 429 and does not call the function.
   * @default 100
   */
  readonly requestsPerSecond?: number;
  /**
   * Burst limit of the API in requests: the size of the token bucket that `requestsPerSecond` fills.
   * @default 200
   */
  readonly burstRequests?: number;
  /**
   * Retention of the function's log and the API's log in days; one of the values that CloudWatch Logs accepts.
   * @default 14
   */
  readonly logRetentionDays?: number;
  /**
   * Whether Lambda sends traces of invocations to X-Ray.
   * @default false - AWS charges for traces
   */
  readonly tracing?: boolean;
  /**
   * KMS key that encrypts the function's environment. The environment has no secrets.
   * @default - the AWS managed key of Lambda
   */
  readonly encryptionKey?: HasArn;
}

/** Types of the props of {@link LambdaTopologyProps}. */
export const LAMBDA_TOPOLOGY_PROPS: PropTypes<LambdaTopologyProps> = {
  ...PROVIDER_PROPS,
  ...FUNCTION_OPTIONS,
  network: NETWORK,
  app: WEB_APP,
  domain: objectOf(DOMAIN),
  allowedCidrs: listOf(TEXT),
  requestsPerSecond: NUMBER,
  burstRequests: NUMBER,
  logRetentionDays: NUMBER,
  tracing: BOOLEAN,
  encryptionKey: HAS_ARN,
};
const EVERYBODY = "0.0.0.0/0";

/**
 * A web app as a Lambda function in a VPC, behind an HTTP API.
 *
 * @throws when the app has no `functionCode`; when `allowedCidrs` is empty, has a malformed block, or is given for an app that
 * does not check addresses; or when an option is out of range.
 */
export class LambdaTopology extends Construct {
  /** The function that runs the app. */
  readonly function: NodeFunction;
  /** The HTTP API in front of the function. */
  readonly api: HttpApi;
  /** Address of the app, as in `https://abc123defg.execute-api.ap-northeast-1.amazonaws.com`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: LambdaTopologyProps) {
    super(scope, id);
    checkProps(this, props, LAMBDA_TOPOLOGY_PROPS);
    useProvider(this, props);
    const { network, app, domain, logRetentionDays = 14, tracing = false, encryptionKey } = props;
    const code = this.#requireCode(app);
    const { requestsPerSecond = 100, burstRequests = 200 } = props;
    const allowedCidrs = this.#checkVisitors(props);
    const throttle = { requestsPerSecond, burstRequests };
    this.api = new HttpApi(this, "api", { logRetentionDays, ...throttle, ...(domain && { domain }) });
    this.url = this.api.url;
    this.function = new NodeFunction(this, "app", {
      ...pickOptions(props),
      ...code,
      network,
      description: "Web app behind an HTTP API",
      awsServices: app.awsServices,
      connect: (compute) => app.connect(compute),
      // The app needs no trusted proxy: the event has the source address of the connection, so the app reads no header for it.
      environment: app.environmentAt({
        scheme: "https",
        proxies: 0,
        origin: this.url,
        ...(allowedCidrs !== undefined && { allowedCidrs }),
      }),
      callerWaitsSeconds: API_WAITS_SECONDS,
      logRetentionDays,
      tracing,
      ...(encryptionKey && { encryptionKey }),
    });
    this.api.sendAllTo(this.function);
  }

  /** @returns the blocks, unless everybody may come. */
  #checkVisitors({ app, allowedCidrs }: LambdaTopologyProps): readonly string[] | undefined {
    if (allowedCidrs?.length === 0) {
      throw new ValidationError(this, {
        what: "allowedCidrs",
        got: "none",
        allowed: "at least one IPv4 block",
        fix: `name the visitors' networks, as in ["203.0.113.0/24"]; everybody is "${EVERYBODY}"`,
      });
    }
    for (const cidr of allowedCidrs ?? []) checkCidr(this, "allowedCidrs", cidr);
    if (allowedCidrs === undefined || allowedCidrs.includes(EVERYBODY)) return undefined;
    if (app.checksAddresses) return allowedCidrs;
    throw new ValidationError(this, {
      what: "allowedCidrs",
      got: `${allowedCidrs.join(", ")} for ${app.node.path}, which does not check addresses`,
      allowed: "an app that checksAddresses",
      fix: "have the app refuse other addresses and say so, or leave allowedCidrs out",
    });
  }

  #requireCode(app: WebApp): FunctionCode {
    const { functionCode } = app;
    if (functionCode !== undefined) return functionCode;
    throw new ValidationError(this, {
      what: "app",
      got: `${app.node.path}, which has no functionCode`,
      allowed: "an app that also runs as a function",
      fix: "give it functionCode, or take another topology",
    });
  }
}

/** The options of the function among the topology's props. */
function pickOptions({ memoryMib, timeoutSeconds, reservedConcurrency, runtime }: FunctionOptions): FunctionOptions {
  return {
    ...(memoryMib !== undefined && { memoryMib }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    ...(runtime !== undefined && { runtime }),
  };
}
