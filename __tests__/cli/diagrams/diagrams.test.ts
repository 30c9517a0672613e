import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { PAGES, pageText, picture, withPicture } from "../../../cli/diagrams/pages";
import { type Block, synthesize } from "../../synthesized";
import { synthesizeProgram } from "../../synthesized/program";

const ROOT = path.join(__dirname, "..", "..", "..");
const FOLDER = path.join(ROOT, "docs", "diagrams");

/** A stack as main.ts writes it. */
function synthesizeJson(stack: string, settings: object): string {
  return synthesizeProgram(settings, stack).get(stack) as string;
}

describe("docs/diagrams", () => {
  it.each(PAGES)("shows $name as it is synthesized: else run npm run diagrams", (page) => {
    const json = synthesizeJson(page.stack, page.settings);
    expect(readFileSync(path.join(FOLDER, `${page.name}.md`), "utf8")).toBe(pageText(page, json));
    const other = readFileSync(path.join(ROOT, page.shownIn), "utf8");
    expect(other).toBe(withPicture(page, other, json));
  });

  it("has no page of a stack that is drawn no more", () => {
    expect(readdirSync(FOLDER).sort()).toEqual(PAGES.map(({ name }) => `${name}.md`).sort());
  });
});

describe("a picture", () => {
  it.each(PAGES)("of $name has every port that a rule opens", ({ stack, settings }) => {
    const json = synthesizeJson(stack, settings);
    const { resource } = JSON.parse(json);
    const rules = [resource.aws_vpc_security_group_ingress_rule, resource.aws_vpc_security_group_egress_rule];
    const ports = rules.flatMap((kind) => Object.values(kind as Record<string, Block>).map((rule) => rule.to_port));
    const drawn = [...picture(json).matchAll(/tcp (\d+)/g)].map(([, port]) => Number(port));
    expect(new Set(drawn)).toEqual(new Set(ports));
  });

  const session = JSON.parse(synthesizeJson("session-ec2", {}));
  const changed = (change: (stack: typeof session) => void) => {
    const copy = structuredClone(session);
    change(copy);
    return picture(JSON.stringify(copy));
  };

  it("follows a port that the security group opens", () => {
    const ingress: Record<string, Block> = session.resource.aws_vpc_security_group_ingress_rule;
    const [address, rule] = Object.entries(ingress).find(([, { cidr_ipv4 }]) => cidr_ipv4) as [string, Block];
    const ssh = { ...rule, from_port: 22, to_port: 22, cidr_ipv4: "0.0.0.0/0" };
    const drawn = changed(({ resource }) =>
      Object.assign(resource.aws_vpc_security_group_ingress_rule, { [`${address}2`]: ssh }),
    );
    expect(drawn).toContain('visitors -->|"tcp 22<br>from anybody"| web_server_instance');
  });

  it("has no arrow where only one side of two says so", () => {
    expect(picture(JSON.stringify(session))).toMatch(/web_server_instance -->\|"tcp 6379.*"\| group_redis/);
    const drawn = changed(({ resource }) => {
      for (const [address, rule] of Object.entries(resource.aws_vpc_security_group_ingress_rule)) {
        if ((rule as { from_port: number }).from_port === 6379)
          delete resource.aws_vpc_security_group_ingress_rule[address];
      }
    });
    expect(drawn).not.toContain("tcp 6379");
  });

  it("follows nodes of the cache, and what a role may do", () => {
    expect(picture(synthesizeJson("session-ec2", { redis: { replicas: 3 } })).match(/\[\("replica<br>/g)).toHaveLength(
      3,
    );
    expect(picture(synthesizeJson("session-ec2", { redis: { shards: 2, replicas: 1 } }))).toContain(
      "2 shards<br>each a primary and 1 replica",
    );
    const without = changed(({ resource }) => {
      for (const policy of Object.values(resource.aws_iam_role_policy) as { policy: string }[])
        policy.policy = policy.policy.replace("Allow", "Deny");
    });
    expect(without).not.toContain("-...->");
  });

  it("draws a serverless cache in its subnets, with its limit of data and the ports of its group", () => {
    const drawn = changed(({ resource }) => {
      const [cache] = Object.values(resource.aws_elasticache_replication_group) as Block[];
      const [subnets] = Object.values(resource.aws_elasticache_subnet_group) as Block[];
      delete resource.aws_elasticache_replication_group;
      resource.aws_elasticache_serverless_cache = {
        redis: {
          engine: "valkey",
          major_engine_version: "8",
          cache_usage_limits: { data_storage: { maximum: 5, unit: "GB" } },
          security_group_ids: cache?.security_group_ids,
          subnet_ids: subnets?.subnet_ids,
        },
      };
    });
    expect(drawn).toMatch(/"Valkey 8, TLS"\]\n\s*direction TB\n\s*redis\[\("serverless<br>up to 5 GB"\)\]/);
    expect(drawn).toMatch(/web_server_instance -->\|"tcp 6379.*"\| group_redis/);
  });

  it("puts services on the instances that carry them, and gateways of all zones together", () => {
    const ecs = { http: true, allowedCidrs: ["203.0.113.0/24"], launchType: "EC2" };
    const drawn = picture(synthesizeJson("session-ecs", { ecs, nat: "per-zone" }));
    expect(drawn).toContain('web_alb_load_balancer -->|"tcp 32768 to 61000"| group_web_security_group');
    expect(drawn).toMatch(/"ECS on instances".*\n.*\n\s*web_instances_group\[.*\n\s*web_service_1_service\[/);
    expect(drawn).toContain('group_web_security_group --->|"tcp 443"| group_nat');
  });

  it("puts resources of an existing network's subnets into the VPC, without a kind of subnet", () => {
    const drawn = changed(({ resource }) => {
      for (const instance of Object.values(resource.aws_instance) as Block[])
        instance.subnet_id = "subnet-0123456789abcdef0";
    });
    expect(drawn).toContain('"]\n    web_server_instance["EC2 instance<br>t4g.small"]');
  });

  it("draws a stack with nothing in it as an empty VPC, and refuses what is none", () => {
    expect(picture(synthesize(() => {}).text.replace("{", '{"resource":{},'))).toBe(
      'flowchart LR\n  subgraph vpc["VPC"]\n  end',
    );
    expect(() => picture("{}")).toThrow("neither a plan");
  });
});
