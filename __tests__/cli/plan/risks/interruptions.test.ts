import { type Planned, risks } from "../planned";

const replaced = (type: string, more: Partial<Planned> = {}): Planned => ({
  address: `${type}.one`,
  before: { id: "one" },
  after: {},
  replacedFor: ["name"],
  ...more,
});
const edited = (type: string, before: object, after: object): Planned => ({
  address: `${type}.one`,
  before: { id: "one", ...before },
  after: { id: "one", ...after },
});
const REDIS = "aws_elasticache_replication_group";
const FLEET = "aws_autoscaling_group";
const KEY = "aws_secretsmanager_secret_version";

describe("visitors notice", () => {
  it.each(["aws_lb", "aws_elb", "aws_lb_target_group"])("%s that is replaced first under its own name", (type) => {
    const other = {
      before: { name: "web", internal: false },
      after: { name: "web", internal: true },
      replacedFor: ["internal"],
    };
    const says =
      "is replaced (internal), the new one first: AWS refuses a second web, and the apply stops half-way: give it another name in the same edit";
    expect(risks("interruptions", replaced(type, { ...other, createsFirst: true }))).toContain(`${type}.one ${says}`);
    expect(risks("interruptions", replaced(type, other))).toHaveLength(1);
  });

  describe("a target group that two load balancers would have", () => {
    const group = {
      address: "aws_lb_target_group.web",
      before: { arn: "group", id: "group" },
      after: { arn: "group", id: "group" },
    };
    const otherGroup = {
      ...group,
      after: {},
      unknown: { arn: true, id: true },
      replacedFor: ["vpc_id"],
      createsFirst: true,
    };
    const balancer = (arn: string) => ({
      load_balancer_arn: arn,
      arn: "listener",
      id: "listener",
      default_action: [{ type: "forward", target_group_arn: "group" }],
    });
    const listener: Planned = {
      address: "aws_lb_listener.http",
      before: balancer("old"),
      after: { default_action: balancer("").default_action },
      unknown: { load_balancer_arn: true, arn: true, id: true },
      replacedFor: ["load_balancer_arn"],
      createsFirst: true,
    };
    const forward = [{ type: "forward", target_group_arn: "group" }];
    const rule: Planned = {
      address: "aws_lb_listener_rule.web",
      before: { listener_arn: "listener", action: forward },
      after: { action: forward },
      unknown: { listener_arn: true },
      replacedFor: ["listener_arn"],
      createsFirst: true,
      refers: { listener_arn: "aws_lb_listener.http" },
    };
    const fixed = { default_action: [{ type: "fixed-response" }] };
    const says = (...planned: readonly Planned[]) =>
      risks("interruptions", ...planned).filter((line) => line.includes("in one alone, and the apply stops half-way"));

    it("is named, for a listener and for a rule that goes with its listener", () => {
      expect(says(group, listener)).toEqual([
        expect.stringContaining(
          "aws_lb_listener.http goes to another load balancer before the old one ends: AWS takes aws_lb_target_group.web",
        ),
      ]);
      const answering = { ...listener, before: { ...listener.before, ...fixed }, after: fixed };
      expect(says(group, answering, rule)).toEqual([
        expect.stringContaining("aws_lb_listener_rule.web goes to another"),
      ]);
    });

    it("is not, where the old listener goes first, the group is another, or a rule stays on the load balancer", () => {
      expect(says(group, { ...listener, createsFirst: false })).toEqual([]);
      const [before, after] = [listener.before ?? {}, { default_action: [{ type: "forward" }] }];
      const sent = { load_balancer_arn: true, default_action: [{ target_group_arn: true }] };
      expect(says(otherGroup, { ...listener, before, after, unknown: sent })).toEqual([]);
      const there = { address: "aws_lb_listener.http", before: balancer("old"), after: balancer("old") };
      expect(says(group, there, rule)).toEqual([]);
      expect(says(group, { ...listener, after: balancer("old"), unknown: {} })).toEqual([]);
    });
  });

  it.each<[planned: Planned, says: string]>([
    [replaced("aws_instance"), "is replaced (name): down until the new instance has booted, minutes"],
    [
      replaced("aws_instance", { createsFirst: true }),
      "is replaced (name): the new one is there before the old one goes",
    ],
    [{ address: "aws_instance.one", before: {} }, "is destroyed: its clients get no answers"],
    [
      edited("aws_instance", { instance_type: "t4g.small" }, { instance_type: "t4g.large" }),
      "is stopped and started for its instance_type",
    ],
    [
      edited("aws_elasticache_subnet_group", { subnet_ids: ["subnet-a", "subnet-c"] }, { subnet_ids: ["subnet-a"] }),
      "gives up subnet-c: AWS refuses that while a cache node is there, and the apply stops half-way",
    ],
    [replaced("aws_eip"), "is replaced (name): the address is another"],
    [replaced(FLEET), "is replaced (name): down until new instances are in service, minutes"],
    [
      replaced("aws_lb"),
      "is replaced (name): its DNS name is another, and visitors are cut off until theirs points there",
    ],
    [replaced("aws_lb_listener"), "is replaced (name): its port does not answer in between"],
    [
      replaced("aws_lb_target_group"),
      "is replaced (name): targets register again, and get requests once they are healthy",
    ],
    [replaced("aws_ecs_service"), "is replaced (name): down until its tasks run again"],
    [replaced("aws_ecs_cluster"), "is replaced (name): everything that runs in it ends"],
    [replaced("aws_lambda_function"), "is replaced (name): calls fail in between"],
    [replaced("aws_lambda_function_url"), "is replaced (name): the URL is another"],
    [replaced("aws_apigatewayv2_api"), "is replaced (name): the URL is another"],
    [replaced("aws_vpc"), "is replaced (name): everything in it is created again"],
    [replaced("aws_nat_gateway"), "is replaced (name): nothing behind it reaches the internet in between"],
    [
      replaced("aws_elasticache_cluster", { before: { engine: "memcached" } }),
      "is replaced (name): its cached data is lost; it holds no sessions",
    ],
    [
      edited("aws_elasticache_cluster", { engine: "memcached", num_cache_nodes: 2 }, { num_cache_nodes: 3 }),
      "changes its nodes: part of the keys are missed once",
    ],
    [
      edited(
        "aws_elasticache_cluster",
        { engine: "memcached", engine_version: "1.6.17" },
        { engine_version: "1.6.22" },
      ),
      "gets another engine version: its cached data is lost; it holds no sessions",
    ],
    ...[REDIS, "aws_memorydb_cluster", "aws_elasticache_cluster"].map((type): [Planned, string] => [
      replaced(type),
      "is replaced (name): down until the new one is there, a quarter of an hour",
    ]),
    [
      edited(REDIS, { node_type: "cache.t4g.micro" }, { node_type: "cache.t4g.small", apply_immediately: true }),
      "moves to cache.t4g.small in place: AWS keeps the sessions, connections break for seconds",
    ],
    [
      edited(REDIS, { engine: "redis", engine_version: "7.1" }, { engine: "valkey", engine_version: "8.0" }),
      "becomes valkey 8.0 in place in its next maintenance window: AWS keeps the sessions, connections break for seconds",
    ],
    [
      edited(REDIS, { engine_version: "7.0" }, { engine: "redis", engine_version: "7.1", apply_immediately: true }),
      "becomes redis 7.1 in place: AWS keeps the sessions, connections break for seconds",
    ],
    [
      edited(REDIS, { transit_encryption_mode: "preferred" }, { transit_encryption_mode: "required" }),
      "takes no connection without TLS any more",
    ],
    [replaced("aws_elasticache_user"), "is replaced (name): its connections are cut, and it can't log in in between"],
    [replaced("aws_elasticache_user_group"), "is replaced (name): its users can't log in in between"],
    [
      replaced("aws_secretsmanager_secret"),
      "is replaced (name): what it signed is refused: open forms once, no session",
    ],
  ])("%j", (planned, says) => {
    expect(risks("interruptions", planned)).toEqual([`${planned.address} ${says}`]);
  });

  it.each<[planned: Planned, says: string]>([
    [
      edited(
        FLEET,
        { launch_template: [{ version: "1" }] },
        { launch_template: [{ version: "2" }], instance_refresh: [{}] },
      ),
      "replaces its instances one after another (instance refresh)",
    ],
    [
      { ...edited(FLEET, {}, { instance_refresh: [{}] }), unknown: { launch_template: [{ version: true }] } },
      "replaces its instances one after another (instance refresh)",
    ],
    [
      edited(FLEET, { launch_template: [{ version: "1" }] }, { launch_template: [{ version: "2" }] }),
      "keeps its instances as they are: only new ones take the new launch template",
    ],
    [
      { ...edited("aws_ecs_service", { task_definition: "a:1" }, {}), unknown: { task_definition: true } },
      "deploys: new tasks start, the old ones drain",
    ],
    [
      { address: `${KEY}.one`, before: { id: "one" }, after: {}, replacedFor: ["secret_string_wo_version"] },
      "gets a new value: the one before stays readable (AWSPREVIOUS), and signatures by a still older one are refused",
    ],
  ])("nothing of what is told as a note: %j", (planned, says) => {
    expect(risks("notes", planned)).toEqual([`${planned.address} ${says}`]);
    expect(risks("interruptions", planned)).toEqual([]);
  });

  it("nothing of what is new, of what stays, of tags and of sizes", () => {
    const planned: Planned[] = [
      { address: "aws_instance.new", after: {} },
      { address: "aws_lb.same", before: { id: "one" }, after: { id: "one" } },
      edited("aws_lb", { idle_timeout: 60 }, { idle_timeout: 65 }),
      edited("aws_instance", { tags: { a: "1" } }, { tags: { a: "2" } }),
      edited(FLEET, { max_size: 2 }, { max_size: 4 }),
      edited("aws_ecs_service", { desired_count: 2 }, { desired_count: 4 }),
      edited(
        REDIS,
        { num_cache_clusters: 2, transit_encryption_mode: "required" },
        { num_cache_clusters: 3, transit_encryption_mode: "required" },
      ),
      edited(REDIS, { transit_encryption_mode: "required" }, { transit_encryption_mode: "preferred" }),
      { address: `${KEY}.moved`, before: { id: "one" }, after: {}, replacedFor: ["secret_id"] },
      { address: `${KEY}.new`, after: {} },
      { address: "aws_elasticache_cluster.member", before: { replication_group_id: "shop" } },
    ];
    expect(risks("interruptions", ...planned)).toEqual([]);
  });
});
