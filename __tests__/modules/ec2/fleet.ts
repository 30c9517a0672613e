import type { TerraformStack } from "cdktf";
import { Ec2Fleet, type Ec2FleetProps } from "../../../modules/ec2";
import { Nat, Network, type NetworkProps } from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { SessionApp } from "../../../modules/web-app";
import { type Synthesized, synthesizer } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";

const CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

export type Props = Partial<Omit<Ec2FleetProps, "network">> & { readonly zones?: NetworkProps };

export const HTTP: Props = { http: true, allowedCidrs: ["203.0.113.0/24"] };
export const HTTPS: Props = { certificateArn: CERTIFICATE };

/** A fleet with the session app, unless `app` is another. */
export function fleet(stack: TerraformStack, { zones = { nat: Nat.SINGLE }, ...props }: Props): Ec2Fleet {
  const network = new Network(stack, "network", zones);
  const redis = new RedisCluster(stack, "redis", { network });
  const app = props.app ?? new SessionApp(stack, "app", { redis, bundle: smallBundle() });
  return new Ec2Fleet(stack, "web", { network, app, ...props });
}

export const synthesized = synthesizer(fleet);

/** The script that an instance runs at its first boot. */
export function decodeScript(s: Synthesized): string {
  const [, name = ""] = /local\.([\w-]+)/.exec(s.the("aws_launch_template").user_data) ?? [];
  return s.json.locals?.[name] ?? "";
}
