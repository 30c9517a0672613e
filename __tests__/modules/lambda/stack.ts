import type { TerraformStack } from "cdktf";
import { ArtifactBucket, ArtifactFile } from "../../../modules/artifact";
import { LambdaTopology, type LambdaTopologyProps } from "../../../modules/lambda";
import { Nat, Network, type NetworkProps } from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { SessionApp, WebApp } from "../../../modules/web-app";
import { type Synthesized, synthesize } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";

export type Props = Partial<LambdaTopologyProps>;
export const bundle = () => smallBundle("exports.handler = async () => {};\n", "session-lambda.js");

export function topology(
  stack: TerraformStack,
  props: Props = {},
  network: NetworkProps = { nat: Nat.SINGLE },
): LambdaTopology {
  const vpc = new Network(stack, "network", network);
  const redis = new RedisCluster(stack, "redis", { network: vpc });
  const app = new SessionApp(stack, "app", { redis, functionBundle: bundle() });
  return new LambdaTopology(stack, "web", { network: vpc, app, ...props });
}

export const synthesized = (props?: Props, network?: NetworkProps): Synthesized =>
  synthesize((stack) => topology(stack, props, network));
export const CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

/** An app of one's own, with an environment and, perhaps, code for a function. */
class OwnApp extends WebApp {
  readonly port = 8080;
  readonly healthCheckPath = "/";
  readonly secrets = {};
  readonly environment: Record<string, string> = {};
  isFunction = true;

  get artifact(): ArtifactFile {
    return new ArtifactFile(this, "file", { bucket: new ArtifactBucket(this, "artifacts"), path: bundle() });
  }

  override get functionCode() {
    return this.isFunction ? { bundle: bundle(), longestAnswerSeconds: 1 } : undefined;
  }

  environmentAt(): Record<string, string> {
    return this.environment;
  }
}

/** The topology with such an app. */
export function withOwn(change: (app: OwnApp) => void, props: Props = {}): Synthesized {
  return synthesize((stack) => {
    const app = new OwnApp(stack, "own");
    change(app);
    new LambdaTopology(stack, "web", {
      network: new Network(stack, "network"),
      app,
      reservedConcurrency: 100_000,
      ...props,
    });
  });
}
