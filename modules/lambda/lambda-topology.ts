import { Construct } from "constructs";
import { HAS_ARN, type HasArn } from "../has-arn";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { BOOLEAN, checkProps, NUMBER, objectOf, type PropTypes, ValidationError } from "../validation";
import type { FunctionCode, WebApp } from "../web-app";
import { WEB_APP } from "../web-app/web-app";
import { API_WAITS_SECONDS, DOMAIN, type Domain, HttpApi } from "./http-api";
import { FUNCTION_OPTIONS, type FunctionOptions, NodeFunction } from "./node-function";

/** Properties of a {@link LambdaTopology}. */
export interface LambdaTopologyProps extends FunctionOptions, ProviderProps {
  /** Where the function stands: in all private subnets. */
  readonly network: INetwork;
  /** What it serves; one that has `functionCode`. */
  readonly app: WebApp;
  /**
   * A name of one's own.
   * @default - the one API Gateway gives
   */
  readonly domain?: Domain;
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
  logRetentionDays: NUMBER,
  tracing: BOOLEAN,
  encryptionKey: HAS_ARN,
};

/**
 * A web app as a Lambda function in a VPC, behind an HTTP API.
 *
 * @throws when the app has no `functionCode`, or an option is out of range.
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
    this.api = new HttpApi(this, "api", { logRetentionDays, ...(domain && { domain }) });
    this.url = this.api.url;
    this.function = new NodeFunction(this, "app", {
      ...pickOptions(props),
      ...code,
      network,
      description: "Web app behind an HTTP API",
      awsServices: app.awsServices,
      connect: (compute) => app.connect(compute),
      // API Gateway is no proxy to the app: the event names who is connected to it, and no header has to be believed.
      environment: app.environmentAt({ scheme: "https", proxies: 0, origin: this.url }),
      callerWaitsSeconds: API_WAITS_SECONDS,
      logRetentionDays,
      tracing,
      ...(encryptionKey && { encryptionKey }),
    });
    this.api.sendAllTo(this.function);
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
