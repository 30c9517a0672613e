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

/** A custom domain name of the API. */
export interface Domain {
  /** Host name, as in `app.example.com`. Its DNS record must point at the topology's `domainTarget`. */
  readonly name: string;
  /** ARN of its certificate in AWS Certificate Manager, in the same region. */
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
   * A custom domain name.
   * @default - the name that API Gateway assigns
   */
  readonly domain?: Domain;
  /** Rate limit in requests a second, at least 1. */
  readonly requestsPerSecond: number;
  /** Burst limit in requests, at least 1. */
  readonly burstRequests: number;
  /** Retention of access logs in days. */
  readonly logRetentionDays: number;
}

/** The function that the API calls. */
export interface CalledFunction {
  /** Name of the function, known after its creation. */
  readonly functionName: string;
  /** ARN with which API Gateway calls it. */
  readonly invokeArn: string;
}

/** Timeout of the API's integration; the most is 30. Seconds. */
export const API_WAITS_SECONDS = 29;
/** The only stage whose name is not part of the path. With another stage, `/` is not the root of the site, and cookies are lost. */
const STAGE = "$default";
const ROUTE = "$default";
const DOMAIN_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
/** Fields of the access log. Headers, queries and cookies are not among them, because they can hold secrets. */
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
 * An HTTP API that sends all requests to one function. It is created before the function, so that the function's environment can have
 * its address.
 *
 * @throws when the rate or burst is out of range, the domain's name is malformed, or its certificate's ARN is
 * malformed or of another region.
 */
export class HttpApi extends Construct {
  /** Address of the API: scheme and host in lower case, without a path. */
  readonly url: string;
  /** Id of the API, the dimension of its metrics. */
  readonly apiId: string;
  /** Target of the custom domain's DNS record; undefined without one. */
  readonly domainTarget: string | undefined;
  readonly #api: Apigatewayv2Api;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    const { domain, requestsPerSecond, burstRequests } = props;
    // No upper limit: all APIs of an account share a rate of 10,000 and a burst of 5,000 in most regions, and AWS raises both on request.
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
      // With a custom domain, the default endpoint would be a way around a CDN or firewall in front of the domain.
      disableExecuteApiEndpoint: domain !== undefined,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.apiId = this.#api.id;
    const stage = this.#createStage(props);
    this.domainTarget = domain && this.#name(domain, stage);
    this.url = domain === undefined ? this.#api.apiEndpoint : `https://${domain.name}`;
  }

  /** Sends all requests to a function, and lets no other API call it. */
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
      // Without the permission, each answer is a 500, and the function gets no request.
      dependsOn: [permission],
    });
  }

  #createStage(props: HttpApiProps): Apigatewayv2Stage {
    const { logRetentionDays: retentionDays, requestsPerSecond, burstRequests } = props;
    // A log group with this prefix needs no statement in the account's resource policy for log delivery, whose size is limited.
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
