import { texts } from "../../terraform/configuration";
import type { Change } from "../change";
import { groupBy } from "../group-by";
import type { Moment, Plan } from "../plan";
import type { App } from "./apps";
import { type Link, openLink } from "./link";
import type { Apis, Entrance, Place } from "./place";
import { readReference } from "./references";

const API = "aws_apigatewayv2_api";
const FUNCTION = "aws_lambda_function";
const EVERYBODY = ["0.0.0.0/0"];

/** Reads the APIs and function URLs of a plan. */
export function findApis(plan: Plan, moment: Moment): Apis {
  const functions = new Map(
    plan
      .existing(moment, FUNCTION)
      .flatMap((change) =>
        [change[moment]?.invoke_arn, change[moment]?.arn].flatMap(texts).map((uri) => [uri, change.address]),
      ),
  );
  const integrations = plan.existing(moment, "aws_apigatewayv2_integration");
  const targets = new Set(
    plan.existing(moment, "aws_apigatewayv2_route").flatMap((route) => readTargets(plan, route, moment)),
  );
  const isRouted = (change: Change) =>
    targets.has(change.address) || targets.has(`integrations/${change[moment]?.id ?? change.before?.id}`);
  const byFunction = (changes: readonly Change[]) =>
    groupBy(changes, (change) => readReference(plan, change, moment, { argument: "function_name", type: FUNCTION }));
  return {
    integrations: groupBy(integrations, (change) => {
      const [uri = ""] = texts(change[moment]?.integration_uri);
      return functions.get(uri) ?? readReference(plan, change, moment, { argument: "integration_uri", type: FUNCTION });
    }),
    permissions: byFunction(
      plan
        .existing(moment, "aws_lambda_permission")
        .filter((change) => change[moment]?.principal === "apigateway.amazonaws.com"),
    ),
    // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    urls: byFunction(
      plan
        .existing(moment, "aws_lambda_function_url")
        .filter((change) => change[moment]?.authorization_type === "NONE"),
    ),
    routed: new Set(integrations.filter(isRouted).map(({ address }) => address)),
    staged: new Set(
      plan
        .existing(moment, "aws_apigatewayv2_stage")
        .map((stage) => readReference(plan, stage, moment, { argument: "api_id", type: API })),
    ),
  };
}

/** The target of a route: `integrations/<id>`, or the addresses of the resources that it refers to. */
function readTargets(plan: Plan, route: Change, moment: Moment): readonly string[] {
  const target = route[moment]?.target;
  if (typeof target === "string") return [target];
  return moment === "after" ? plan.refersTo(route, "target") : [];
}

/** The ways by HTTP APIs: a stage, a route, its integration, and the function's permission. */
export function byApis(app: App, { plan, moment, apis }: Place): Entrance[] {
  return (apis.integrations.get(app.address) ?? []).flatMap((integration) => {
    const api = readReference(plan, integration, moment, { argument: "api_id", type: API });
    if (api === undefined || plan.at(api)?.[moment] === undefined) return [];
    const name = plan.names.of(api);
    const step = (isOpen: boolean, what: string, why: string): Link =>
      isOpen ? openLink(what) : { answer: "closed", what, why };
    return [
      {
        at: api,
        visitors: EVERYBODY,
        links: [
          step(apis.staged.has(api), `visitors -> a stage of ${name}`, "the API has no stage"),
          step(
            apis.routed.has(integration.address),
            `${name} -> ${plan.names.of(integration.address)}`,
            "no route leads there",
          ),
          openLink(`${plan.names.of(integration.address)} -> ${app.name}`, integration.address),
          permission(app, api, { plan, moment, apis }),
        ],
      },
    ];
  });
}

function permission(app: App, api: string, { plan, moment, apis }: Pick<Place, "plan" | "moment" | "apis">): Link {
  const what = `${plan.names.of(api)} may invoke ${app.name}`;
  const arn = plan.at(api)?.[moment]?.execution_arn;
  const answers = (apis.permissions.get(app.address) ?? []).map((change): Link["answer"] => {
    const source = change[moment]?.source_arn;
    if (moment === "after" && change.unknown.source_arn === true) {
      return plan.refersTo(change, "source_arn").includes(api) ? "open" : "unknown";
    }
    if (typeof source !== "string") return "open";
    return typeof arn !== "string" ? "unknown" : source.startsWith(arn) ? "open" : "closed";
  });
  if (answers.includes("open")) return openLink(what);
  if (answers.includes("unknown")) return { answer: "unknown", what };
  return { answer: "closed", what, why: `no permission lets it invoke ${app.name}` };
}

/** The ways by function URLs that ask for no login. */
export function byFunctionUrls(app: App, { plan, apis }: Place): Entrance[] {
  return (apis.urls.get(app.address) ?? []).map((url) => ({
    at: url.address,
    visitors: EVERYBODY,
    links: [openLink(`${plan.names.of(url.address)} -> ${app.name}`, url.address)],
  }));
}
