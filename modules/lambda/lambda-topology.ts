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
  /** Where the function stands: in all private subnets. */
  readonly network: INetwork;
  /** The web app to serve; one that has `functionCode`. */
  readonly app: WebApp;
  /**
   * A name of one's own.
   * @default - the one API Gateway gives
   */
  readonly domain?: Domain;
  /**
   * IPv4 blocks from which visitors may come, as in `203.0.113.0/24`. No security group is in front of an HTTP API, so
   * the app checks the address that the API was connected to from, and answers 403; everybody is `0.0.0.0/0`. With a
   * proxy of your own in front, name its addresses.
   * @default - everybody
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * Requests a second that the API lets through; above, it answers 429 without a call of the function.
   * @default 100
   */
  readonly requestsPerSecond?: number;
  /**
   * Requests at the same moment that the API lets through, as the bucket that `requestsPerSecond` fills.
   * @default 200
   */
  readonly burstRequests?: number;
  /**
   * How long the function's log and the API's are kept, in days; one of the values CloudWatch Logs takes.
   * @default 14
   */
  readonly logRetentionDays?: number;
  /**
   * Whether Lambda sends traces of invocations to X-Ray.
   * @default false - they cost money
   */
  readonly tracing?: boolean;
  /**
   * The KMS key the function's environment is encrypted with; there is no secret in it.
   * @default - the key Lambda has for the account
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
 * @throws when the app has no `functionCode`, `allowedCidrs` names no block, a malformed one, or any for an app that does
 * not check addresses, or an option is out of range.
 */
export class LambdaTopology extends Construct {
  /** The function the app runs as. */
  readonly function: NodeFunction;
  /** The HTTP API in front of the function. */
  readonly api: HttpApi;
  /** Where the app answers, as in `https://abc123defg.execute-api.ap-northeast-1.amazonaws.com`. */
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
      // API Gateway is no proxy to the app: the event names who is connected to it, and no header has to be believed.
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

/** What of some props is a function's. */
function pickOptions({ memoryMib, timeoutSeconds, reservedConcurrency, runtime }: FunctionOptions): FunctionOptions {
  return {
    ...(memoryMib !== undefined && { memoryMib }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    ...(runtime !== undefined && { runtime }),
  };
}
