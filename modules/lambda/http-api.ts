import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2ApiMapping } from "@cdktf/provider-aws/lib/apigatewayv2-api-mapping";
import { Apigatewayv2DomainName } from "@cdktf/provider-aws/lib/apigatewayv2-domain-name";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import { LogGroup } from "../logs";
import { buildName, NameLimits } from "../naming";
import { findRegion } from "../stack/region";
import { checkText, checkWholeNumber, type PropTypes, required, TEXT } from "../validation";

/** A name of one's own for the API. */
export interface Domain {
  /** As in `app.example.com`; its DNS record points at the topology's `domainTarget`. */
  readonly name: string;
  /** ARN of a certificate for it, in AWS Certificate Manager of the same region. */
  readonly certificateArn: string;
}

/** Types of the props of {@link Domain}. */
export const DOMAIN: PropTypes<Domain> = {
  name: required(TEXT),
  certificateArn: required(TEXT),
};

/** Properties of an {@link HttpApi}. */
export interface HttpApiProps {
  /**
   * A name of one's own.
   * @default - the name API Gateway gives
   */
  readonly domain?: Domain;
  /** Requests a second that are let through, 1 at least. */
  readonly requestsPerSecond: number;
  /** Requests at the same moment that are let through, 1 at least. */
  readonly burstRequests: number;
  /** How long access logs are kept, in days. */
  readonly logRetentionDays: number;
}

/** A function the API can call. */
export interface CalledFunction {
  /** Its name, once it is there. */
  readonly functionName: string;
  /** The ARN by which API Gateway calls it. */
  readonly invokeArn: string;
}

/** Longest that an HTTP API is told to wait; it takes 30 at most. Seconds. */
export const API_WAITS_SECONDS = 29;
/** The one stage whose name is in no path: with any other, `/` is not the site's own and cookies are lost. */
const STAGE = "$default";
const ROUTE = "$default";
const DOMAIN_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
/** No header, query or cookie, since those hold secrets. */
const ACCESS_LOG = {
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  time: "$context.requestTime",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  bytes: "$context.responseLength",
  ms: "$context.responseLatency",
  error: "$context.integrationErrorMessage",
};

/**
 * An HTTP API that sends whatever comes to one function. It is there before the function is, so that the function can be
 * told where it answers.
 *
 * @throws when the rate or burst is out of range, the domain's name is malformed, or its certificate is malformed or of another region.
 */
export class HttpApi extends Construct {
  /** Where it answers, scheme and host in small letters, without a path. */
  readonly url: string;
  /** The dimension of its metrics. */
  readonly apiId: string;
  /** The name that the domain's DNS record points to. */
  readonly domainTarget: string | undefined;
  readonly #api: Apigatewayv2Api;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    const { domain, requestsPerSecond, burstRequests } = props;
    // No upper limit: all APIs of an account share 10,000 and 5,000 in most regions, and AWS raises both when asked.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
    checkWholeNumber(this, "requestsPerSecond", requestsPerSecond, { min: 1, fix: "leave it out for 100" });
    checkWholeNumber(this, "burstRequests", burstRequests, { min: 1, fix: "leave it out for 200" });
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html: regional alone.
    checkArn(this, "domain.certificateArn", domain?.certificateArn, {
      kind: ArnKinds.CERTIFICATE,
      region: findRegion(this),
    });
    checkText(this, "domain", domain?.name, {
      pattern: DOMAIN_NAME,
      allowed: "a host name in small letters, without scheme and path",
      fix: "write it like app.example.com",
    });
    this.#api = new Apigatewayv2Api(this, "api", {
      name: buildName(this, NameLimits.HTTP_API),
      description: "Sends all requests to one function",
      protocolType: "HTTP",
      // Beside a name of one's own, the other one would be a way around whatever stands in front of it.
      disableExecuteApiEndpoint: domain !== undefined,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.apiId = this.#api.id;
    const stage = this.#createStage(props);
    this.domainTarget = domain && this.#name(domain, stage);
    this.url = domain === undefined ? this.#api.apiEndpoint : `https://${domain.name}`;
  }

  /** Sends all requests to a function, and lets this API alone call it so. */
  sendAllTo({ functionName, invokeArn }: CalledFunction): void {
    const integration = new Apigatewayv2Integration(this, "function", {
      apiId: this.#api.id,
      integrationType: "AWS_PROXY",
      integrationUri: invokeArn,
      integrationMethod: "POST",
      payloadFormatVersion: "2.0",
      timeoutMilliseconds: API_WAITS_SECONDS * 1000,
    });
    const permission = new LambdaPermission(this, "permission", {
      action: "lambda:InvokeFunction",
      functionName,
      principal: "apigateway.amazonaws.com",
      sourceArn: `${this.#api.executionArn}/*/${ROUTE}`,
    });
    new Apigatewayv2Route(this, "all", {
      apiId: this.#api.id,
      routeKey: ROUTE,
      target: `integrations/${integration.id}`,
      // Without it, each answer is a 500 that no function knows of.
      dependsOn: [permission],
    });
  }

  #createStage(props: HttpApiProps): Apigatewayv2Stage {
    const { logRetentionDays: retentionDays, requestsPerSecond, burstRequests } = props;
    // Under this name AWS needs no entry for it in the account's one policy for delivered logs, which has an end.
    const logs = new LogGroup(this, "access-logs", { folder: "/aws/vendedlogs/http-api/", retentionDays });
    return new Apigatewayv2Stage(this, "stage", {
      apiId: this.#api.id,
      name: STAGE,
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: requestsPerSecond, throttlingBurstLimit: burstRequests },
      accessLogSettings: { destinationArn: logs.arn, format: JSON.stringify(ACCESS_LOG) },
      tags: { Name: buildName(this, NameLimits.TAG, "stage") },
    });
  }

  #name({ name, certificateArn }: Domain, stage: Apigatewayv2Stage): string {
    const domain = new Apigatewayv2DomainName(this, "domain", {
      domainName: name,
      domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
      tags: { Name: buildName(this, NameLimits.TAG, "domain") },
    });
    new Apigatewayv2ApiMapping(this, "mapping", { apiId: this.#api.id, domainName: domain.id, stage: stage.id });
    return domain.domainNameConfiguration.targetDomainName;
  }
}
