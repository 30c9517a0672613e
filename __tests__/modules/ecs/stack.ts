import { Annotations, type TerraformStack } from "cdktf";
import { EcsTopology, type EcsTopologyProps } from "../../../modules/ecs";
import { Nat, Network, type NetworkProps } from "../../../modules/network";
import { RedisCluster, type RedisClusterProps } from "../../../modules/redis";
import { SessionApp } from "../../../modules/web-app";
import { type Block, type Synthesized, synthesize, synthesizer } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";

export const CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
export const REPOSITORY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-app";
export const IMAGE = { uri: `${REPOSITORY}:0123456789abcdef-arm64` };

/** As the stack session-ecs has them. */
const TWO_SERVICES = [
  { key: "1", paths: ["/1", "/1/*"] },
  { key: "2", paths: ["/2", "/2/*"] },
];

export type Props = Partial<Omit<EcsTopologyProps, "network">> & {
  readonly zones?: NetworkProps;
  readonly redis?: Partial<RedisClusterProps>;
};

export const HTTP = { http: true, allowedCidrs: ["203.0.113.0/24"] } as const satisfies Props;
export const HTTPS = { certificateArn: CERTIFICATE } as const satisfies Props;

export function topology(stack: TerraformStack, { zones = { nat: Nat.SINGLE }, redis, ...props }: Props): EcsTopology {
  const network = new Network(stack, "network", zones);
  const cache = new RedisCluster(stack, "redis", { network, ...redis });
  const app = props.app ?? new SessionApp(stack, "app", { redis: cache, bundle: smallBundle() });
  return new EcsTopology(stack, "web", { network, app, services: TWO_SERVICES, ...props });
}

export const synthesized = synthesizer(topology);

/** Containers of a task, keyed by name; `part` as in the address of its definition. */
export function containers(s: Synthesized, part = "service-1"): Record<string, Block> {
  const definition = s.at("aws_ecs_task_definition", part);
  const all = JSON.parse(definition.container_definitions) as Block[];
  return Object.fromEntries(all.map((container) => [container.name, container]));
}

/** A container's environment as the process sees it, with what AWS will say in place of Terraform's references. */
export function parseEnvironment(s: Synthesized, part?: string, container = "app"): Record<string, string> {
  const { environment } = containers(s, part)[container] as Block;
  return Object.fromEntries(
    (environment as { name: string; value: string }[]).map(({ name, value }) => [
      name,
      value
        .replace(/\$\{[^}]*(primary|configuration)_endpoint_address}/, "redis.example.com")
        .replace(/\$\{[^}]*\.replication_group_id}/, "redis")
        .replace(/\$\{[^}]*secret[^}]*arn}/, "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf")
        .replace(/\$\{[^}]*bucket}/, "bundles")
        .replace(/\$\{aws_s3_object\.app_bundle[^}]*version_id}/, "a-version"),
    ]),
  );
}

/** The warnings of a synthesis. */
export function warnings(props: Props): string[] {
  const said: string[] = [];
  const add = jest.spyOn(Annotations.prototype, "addWarning").mockImplementation((text) => void said.push(text));
  synthesize((stack) => void topology(stack, props));
  add.mockRestore();
  return said;
}
