import { block, texts, type Values } from "../../terraform/configuration";
import { otherRole } from "./compute";
import {
  all,
  calm,
  compared,
  type Effect,
  each,
  effects,
  ended,
  interruption,
  interrupts,
  isOther,
  lowered,
  type Row,
  switchedOff,
  switchedOn,
  type TypeEffects,
  unjudged,
} from "./effect";
import { variablesBetween, variablesOfMap } from "./environment-variables";
import { leavesHost } from "./host-name";
import { goneFrom } from "./lists";

const CODE = ["filename", "s3_key", "s3_object_version", "s3_bucket", "source_code_hash", "image_uri", "code_sha256"];
const code: Effect = () => [{ kind: "note", what: "has other code: the next call runs it" }];

/** `nodejs22.x` and `nodejs24.x` are of one language, `python3.12` is of another. */
const runtime: Effect = (change) => {
  const [was, is] = [change.before, change.after].map((values) => /^[a-z]+/.exec(String(values?.runtime))?.[0]);
  const isOtherCode = CODE.some((argument) => isOther(change, argument));
  if (was !== is && !isOtherCode) {
    return [interruption(`runs ${change.before?.runtime} code by ${change.after?.runtime}: its calls fail`)];
  }
  return [{ kind: "note", what: `runs by ${change.after?.runtime}` }];
};

const handler: Effect = (change) =>
  CODE.some((argument) => isOther(change, argument))
    ? []
    : [
        interruption(
          `is called as ${change.after?.handler}, and its code is the same: its calls fail unless it has that`,
        ),
      ];

const network: Effect = (change, plan) => {
  const [was, is] = [change.before, change.after].map((values) => block(values?.vpc_config));
  const inside = { ...change, before: was ?? {}, after: is ?? {}, unknown: block(change.unknown.vpc_config) };
  const isIn = (values: Values | undefined) => texts(values?.subnet_ids).length > 0;
  const isUnknown = JSON.stringify(change.unknown.vpc_config ?? null).includes("true");
  if (isIn(was) && !isIn(is) && !isUnknown) return [interruption("leaves its VPC: it reaches no cache there")];
  if (!isIn(was) && isIn(is))
    return [interruption("goes into a VPC: without a NAT gateway or endpoints it reaches nothing else")];
  const gone = goneFrom(inside, plan, "security_group_ids", "aws_security_group");
  if (gone.length > 0)
    return [interruption(`leaves the security group ${gone.join(", ")}: what lets that in refuses it`)];
  return goneFrom(inside, plan, "subnet_ids", "aws_subnet").length > 0 && !isUnknown
    ? [interruption("is in other subnets: their routes and zones are others")]
    : [];
};

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html */
const concurrency: Effect = ({ before, after }) => {
  const [was, is] = [before, after].map((values) => Number(values?.reserved_concurrent_executions ?? -1));
  if (is === 0) return [interruption("takes no calls (reserved_concurrent_executions 0)")];
  return Number(is) > 0 && (was === -1 || Number(is) < Number(was))
    ? [interruption(`takes ${is} calls at a time: further requests are refused`)]
    : [];
};

const variables: Effect = ({ before, after, unknown }, plan) => {
  const [was, is] = [before, after].map((values) => block(values?.environment).variables);
  const later = block(unknown.environment).variables;
  // Terraform has none of them where one refers to a resource that is created.
  if (later === true) return undefined;
  return variablesBetween(variablesOfMap(was, undefined), variablesOfMap(is, later), plan);
};

const login: Effect = ({ before, after }) => {
  const [was, is] = [before, after].map((values) => values?.authorization_type ?? values?.authorization ?? "NONE");
  if (was === is) {
    return before?.authorizer_id === after?.authorizer_id ? [] : [interruption("asks callers for another login")];
  }
  return is === "NONE"
    ? [{ kind: "roles", what: "asks callers for no login any more: everybody may call it" }]
    : [interruption(`asks callers for a login (${is}): those without one are refused`)];
};

const urlLogin: Effect = ({ before, after }) => {
  if (after?.authorization_type === "NONE" && before?.authorization_type !== "NONE") {
    return [{ kind: "ports", what: "answers everybody on the internet, without a login (authorization_type NONE)" }];
  }
  return before === undefined ? [] : [interruption("asks callers for a login by IAM: visitors are refused")];
};

const goneUrl = ended("its URL does not answer any more");
const otherUrl = (argument: string) => all(leavesHost(argument), ended("the URL is another"));
const elsewhere: Effect = (change, plan) => {
  const argument = ["target", "integration_uri", "uri"].find((one) => isOther(change, one));
  if (argument === undefined) return [];
  const unknown = change.unknown[argument] === true;
  if (unknown && plan.refersTo(change, argument).length > 0) return [];
  return [interruption(`sends requests elsewhere (${argument})`)];
};

const throttle: Effect = ({ before, after }) => {
  const names = ["throttling_burst_limit", "throttling_rate_limit"];
  const [was, is] = [before, after].map((values) => block(values?.default_route_settings));
  const isLess = names.some((name) => {
    const [from, to] = [was, is].map((settings) => Number(settings?.[name] || Number.POSITIVE_INFINITY));
    return Number(to) < Number(from);
  });
  return isLess ? [interruption("takes fewer requests a second: further requests are refused")] : [];
};

const resource = effects("apigateway/latest/developerguide/supported-gateway-response-types.html", {
  destroyed: ended("requests for it get 403"),
  replaced: ended("requests for it get 403 in between"),
});

const route = effects("apigateway/latest/developerguide/http-api-develop-routes.html", {
  destroyed: ended("requests for it get 404"),
  replaced: ended("requests for it get 404 in between"),
  calm: ["operation_name"],
  changed: {
    ...each(["authorization_type", "authorizer_id"], login),
    target: elsewhere,
    route_key: interrupts("takes other requests: those it took get 404"),
    api_key_required: switchedOn("api_key_required", interrupts("asks callers for a key")),
  },
});

const INTEGRATION: Row = {
  destroyed: ended("requests for it fail"),
  replaced: ended("requests for it fail in between"),
  changed: {
    ...each(["integration_uri", "uri"], elsewhere),
    timeout_milliseconds: lowered("timeout_milliseconds", interrupts("waits less long for the app")),
    payload_format_version: interrupts("hands requests over in another format"),
    ...each(["integration_type", "integration_method", "connection_id"], interrupts("sends requests otherwise")),
  },
};

const STAGE: Row = {
  destroyed: goneUrl,
  replaced: ended("its URL does not answer in between"),
  calm: ["access_log_settings", "auto_deploy", "xray_tracing_enabled", "deployment_id"],
  changed: { default_route_settings: throttle, route_settings: unjudged, stage_variables: unjudged },
};

const API: Row = {
  destroyed: goneUrl,
  replaced: otherUrl("api_endpoint"),
  calm: ["name", "version"],
  changed: {
    disable_execute_api_endpoint: switchedOn(
      "disable_execute_api_endpoint",
      interrupts("answers by its own domain name alone: its URL of AWS is refused"),
    ),
  },
};

const DOMAIN: Row = { destroyed: ended("its domain name does not answer any more") };
const [domain, restDomain] = [
  effects("apigateway/latest/developerguide/http-api-custom-domain-names.html", DOMAIN),
  effects("apigateway/latest/developerguide/how-to-custom-domains.html", DOMAIN),
] as const;

/** Effects of changes to Lambda and API Gateway, by resource type. */
export const FUNCTIONS: Readonly<Record<string, TypeEffects>> = {
  aws_lambda_function: effects("lambda/latest/api/API_UpdateFunctionConfiguration.html", {
    destroyed: ended("its clients get no answers"),
    replaced: ended("calls fail in between"),
    calm: [
      "publish",
      "tracing_config",
      "dead_letter_config",
      "logging_config",
      "snap_start",
      "last_modified",
      "version",
      "qualified_arn",
      "qualified_invoke_arn",
      "source_code_size",
    ],
    changed: {
      ...each(CODE, code),
      runtime,
      handler,
      role: otherRole("role", "aws_iam_role"),
      vpc_config: network,
      reserved_concurrent_executions: concurrency,
      environment: variables,
      timeout: lowered("timeout", interrupts("ends calls earlier: those that take longer fail")),
      ephemeral_storage: ({ before, after }) =>
        Number(block(after?.ephemeral_storage).size) < Number(block(before?.ephemeral_storage).size) ? undefined : [],
      memory_size: lowered("memory_size", interrupts("has less memory: calls are slower, or fail")),
    },
  }),
  aws_lambda_function_url: effects("lambda/latest/dg/urls-auth.html", {
    created: urlLogin,
    destroyed: goneUrl,
    replaced: otherUrl("function_url"),
    changed: { authorization_type: urlLogin },
  }),
  aws_lambda_permission: effects("lambda/latest/dg/access-control-resource-based.html", {
    created: compared,
    destroyed: compared,
  }),
  aws_lambda_alias: effects("lambda/latest/dg/configuration-aliases.html", {
    destroyed: ended("calls by its name fail"),
    changed: { ...each(["function_version", "routing_config"], code) },
  }),
  aws_lambda_event_source_mapping: effects("lambda/latest/dg/invocation-eventsourcemapping.html", {
    destroyed: ended("its function gets no events"),
    calm: ["batch_size", "maximum_batching_window_in_seconds"],
    changed: { enabled: switchedOff("enabled", interrupts("is switched off: its function gets no events")) },
  }),
  aws_lambda_provisioned_concurrency_config: effects("lambda/latest/dg/provisioned-concurrency.html", {
    destroyed: calm,
    calm: ["provisioned_concurrent_executions"],
  }),
  aws_apigatewayv2_api: effects("apigateway/latest/developerguide/http-api.html", API),
  aws_apigatewayv2_route: route,
  aws_apigatewayv2_integration: effects(
    "apigateway/latest/developerguide/http-api-develop-integrations.html",
    INTEGRATION,
  ),
  aws_apigatewayv2_stage: effects("apigateway/latest/developerguide/http-api-stages.html", STAGE),
  aws_apigatewayv2_deployment: effects("apigateway/latest/developerguide/http-api-stages.html", { destroyed: calm }),
  aws_apigatewayv2_domain_name: domain,
  aws_apigatewayv2_api_mapping: domain,
  aws_apigatewayv2_vpc_link: effects("apigateway/latest/developerguide/http-api-vpc-links.html", {
    destroyed: ended("requests by it fail"),
  }),
  aws_apigatewayv2_authorizer: effects("apigateway/latest/developerguide/http-api-access-control.html", {
    destroyed: ended("routes that ask it refuse everybody"),
    changed: {
      jwt_configuration: ({ before, after }) => {
        const [was, is] = [before, after].map((values) => texts(block(values?.jwt_configuration).audience));
        const more = (is ?? []).filter((one) => !was?.includes(one));
        return more.length > 0
          ? [{ kind: "roles", what: `takes tokens for ${more.join(", ")} too` }]
          : [interruption("takes fewer tokens: callers with others are refused")];
      },
    },
  }),
  aws_api_gateway_rest_api: effects("apigateway/latest/developerguide/apigateway-rest-api.html", API),
  aws_api_gateway_resource: resource,
  aws_api_gateway_method: effects("apigateway/latest/developerguide/how-to-method-settings.html", {
    destroyed: ended("requests for it get 403"),
    changed: {
      ...each(["authorization", "authorizer_id"], login),
      api_key_required: switchedOff(
        "api_key_required",
        () => [{ kind: "roles", what: "asks callers for no key any more" }],
        interrupts("asks callers for a key"),
      ),
    },
  }),
  aws_api_gateway_integration: effects(
    "apigateway/latest/developerguide/how-to-integration-settings.html",
    INTEGRATION,
  ),
  aws_api_gateway_deployment: effects("apigateway/latest/developerguide/how-to-deploy-api.html", {
    destroyed: (change, plan) => (change.createsFirst ? [] : goneUrl(change, plan)),
    calm: ["triggers"],
  }),
  aws_api_gateway_stage: effects("apigateway/latest/developerguide/set-up-stages.html", STAGE),
  aws_api_gateway_domain_name: restDomain,
  aws_api_gateway_base_path_mapping: restDomain,
};
