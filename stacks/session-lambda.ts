import type { App } from "cdktf";
import { FunctionAlarms, LambdaTopology, Nat } from "../modules";
import type { Settings } from "../settings";
import { addFoundation, addRedisOutput } from "./foundation";
import { from, withKey } from "./props";

/** Document C: functions in the VPC, and the session app as one of them. */
export function addLambdaStack(app: App, id: string, settings: Settings): void {
  const foundation = addFoundation(app, id, settings, Nat.SINGLE);
  const { stack, network, redis, sessionApp, monitoring } = foundation;
  const { domain, ...lambda } = withKey(settings.lambda);
  const props = { network, app: sessionApp, ...lambda, ...(domain && { domain }) };
  const web = from("lambda", () => new LambdaTopology(stack, "web", props));
  if (monitoring !== undefined) {
    new FunctionAlarms(stack, "web-alarms", { function: web.function, apiId: web.api.apiId, monitoring });
  }
  stack.output("url", "Where the app answers", web.url);
  if (web.api.domainTarget !== undefined) {
    stack.output("domain_target", "What the DNS record of lambda.domain points at", web.api.domainTarget);
  }
  addRedisOutput(stack, redis);
}
