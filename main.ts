import path from "node:path";
import { AnnotationMetadataEntryType, App } from "cdktf";
import {
  Ec2Fleet,
  Ec2Topology,
  EcsTopology,
  type ExistingNetworkProps,
  FunctionAlarms,
  ImageRepository,
  type INetwork,
  type IRedisCluster,
  LambdaTopology,
  LoadBalancerAlarms,
  Monitoring,
  Nat,
  Network,
  RedisAlarms,
  RedisCluster,
  RedisEngine,
  ServiceAlarms,
  SessionApp,
  SessionStack,
  type TargetGroup,
  type ZoneLetter,
} from "./modules";
import { readContext, readSettings, type Settings, SettingsError } from "./settings";

const ENGINES = { "redis-7.1": RedisEngine.REDIS_7_1, "valkey-8.0": RedisEngine.VALKEY_8_0 } as const;

/** One stack for each topology, by id. */
const STACKS: Readonly<Record<string, (app: App, id: string, settings: Settings) => void>> = {
  "session-ec2": addEc2Stack,
  "session-ecs": addEcsStack,
  "session-lambda": addLambdaStack,
};

function addEc2Stack(app: App, id: string, settings: Settings): void {
  const foundation = addFoundation(app, id, settings, Nat.NONE);
  const { stack, redis } = foundation;
  const { ssh, fleet, ...ec2 } = settings.ec2;
  if (fleet === null) addInstance(foundation, ec2, ssh);
  else addFleet(foundation, ec2, fleet);
  addRedisOutput(stack, redis);
}

type Foundation = ReturnType<typeof addFoundation>;
type Ec2Settings = Settings["ec2"];
/** What one instance and many have in common. */
type Ec2Machine = Omit<Ec2Settings, "ssh" | "fleet">;

function addInstance({ stack, network, sessionApp }: Foundation, ec2: Ec2Machine, ssh: Ec2Settings["ssh"]): void {
  const access = ssh && { ssh: { keyName: ssh.keyName, cidrs: ssh.allowedCidrs } };
  const props = { network, app: sessionApp, ...defined(ec2), ...access };
  const web = from("ec2", () => new Ec2Topology(stack, "web", props));
  stack.output("url", "Where the app answers", web.url);
}

function addFleet(foundation: Foundation, ec2: Ec2Machine, fleet: NonNullable<Ec2Settings["fleet"]>): void {
  const { stack, network, sessionApp } = foundation;
  const { cpuPercent, requestsPerMinute, accessLogsBucket, ...behind } = defined(fleet);
  const props = {
    network,
    app: sessionApp,
    ...defined(ec2),
    ...behind,
    scaling: defined({ cpuPercent, requestsPerMinute }),
    ...(accessLogsBucket !== undefined && { accessLogs: { bucketName: accessLogsBucket } }),
  };
  const web = from("ec2.fleet, ec2", () => new Ec2Fleet(stack, "web", props));
  addBalanced(foundation, web, { app: web.targetGroup });
}

/** What is said and watched of an app behind a load balancer; its target groups are named as their alarms shall be. */
function addBalanced(
  { stack, monitoring }: Foundation,
  { url, loadBalancer }: Pick<Ec2Fleet, "url" | "loadBalancer">,
  targetGroups: Readonly<Record<string, TargetGroup>>,
): void {
  if (monitoring !== undefined) {
    new LoadBalancerAlarms(stack, "web-alarms", { loadBalancer, targetGroups, monitoring });
  }
  stack.output("url", "Where the app answers", url);
  stack.output("load_balancer_dns", "What the DNS record of domainName points at", loadBalancer.dnsName);
}

function addEcsStack(app: App, id: string, settings: Settings): void {
  if (settings.ecs === null) throw new SettingsError(`ecs: got null, takes an object for the stack ${id}`);
  // The public images are on the internet. With one's own it takes none, but what stands should not fall with a setting.
  const foundation = addFoundation(app, id, settings, Nat.SINGLE);
  const { stack, network, redis, sessionApp, monitoring } = foundation;
  const { services, image, repository, cpuPercent, requestsPerMinute, accessLogsBucket, ...ecs } = defined(
    settings.ecs,
  );
  const props = {
    network,
    app: sessionApp,
    ...ecs,
    scaling: defined({ cpuPercent, requestsPerMinute }),
    ...(services !== undefined && { services: services.map(defined) }),
    ...(image !== null && { image: { uri: image } }),
    ...(accessLogsBucket !== undefined && { accessLogs: { bucketName: accessLogsBucket } }),
  };
  const web = from("ecs, nat", () => new EcsTopology(stack, "web", props));
  addBalanced(foundation, web, byService(web.targetGroups));
  if (monitoring !== undefined) {
    const services = byService(web.services);
    new ServiceAlarms(stack, "service-alarms", { clusterName: web.clusterName, services, monitoring });
  }
  addRedisOutput(stack, redis);
  for (const [name, command] of Object.entries(web.commands)) {
    const key = name.replace(/^session-/, "").replaceAll("-", "_");
    stack.output(`${key}_command`, `Starts a task that runs ${name}`, command.startLine);
    stack.output(`${key}_log_command`, "Shows what it said", command.logLine);
  }
  if (repository === null) return;
  const images = from("ecs.repository", () => new ImageRepository(stack, "images", repository));
  stack.output("image_repository", "Where npm run image -- --push puts images", images.url);
}

function addLambdaStack(app: App, id: string, settings: Settings): void {
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

/** A key may be a mere number; an alarm's name says of what. */
function byService<T>(byKey: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(byKey).map(([key, value]) => [`service-${key}`, value]));
}

function addRedisOutput(stack: SessionStack, { endpoint }: IRedisCluster): void {
  stack.output("redis_endpoint", "Where Redis answers, inside the VPC", `${endpoint.host}:${endpoint.port}`);
}

/** What all topologies stand on; with the NAT that this one needs, unless the settings say another. */
function addFoundation(app: App, id: string, settings: Settings, nat: Nat) {
  const { sessions, secretKeyVersion } = settings;
  const stack = addStack(app, id, settings);
  const network = addNetwork(stack, { ...settings, nat: settings.nat ?? nat });
  const monitoring = addMonitoring(stack, settings);
  const redis = addRedis(stack, network, settings, monitoring);
  const sessionApp = from(
    "sessions, secretKeyVersion",
    () => new SessionApp(stack, "app", { redis, sessions, secretKeyVersion }),
  );
  return { stack, network, redis, sessionApp, monitoring };
}

/** Where alarms go; undefined where none are wanted. Whatever is deployed adds its own. */
function addMonitoring(stack: SessionStack, { region, alarms }: Settings): Monitoring | undefined {
  if (alarms === null) return undefined;
  const { topicArn, dashboard } = alarms;
  return new Monitoring(stack, "monitoring", {
    region,
    ...(topicArn !== undefined && { topic: { arn: topicArn } }),
    ...defined({ dashboard }),
  });
}

/** A cache that is there already is whoever made it's to watch. */
function addRedis(
  stack: SessionStack,
  network: INetwork,
  { redis, existingRedis, existingNetwork }: Settings,
  monitoring: Monitoring | undefined,
): IRedisCluster {
  if (existingRedis !== null) {
    return from("existingRedis", () => RedisCluster.fromExisting(stack, "redis", defined(existingRedis)));
  }
  const { engine, notificationTopicArn, ...cache } = redis;
  const props = {
    network,
    engine: ENGINES[engine],
    ...withKey(cache),
    ...(notificationTopicArn !== undefined && { notificationTopic: { arn: notificationTopicArn } }),
  };
  const zones = existingNetwork === null ? "availabilityZones" : "existingNetwork";
  const cluster = from(`redis, ${zones}`, () => new RedisCluster(stack, "redis", props));
  if (monitoring !== undefined) new RedisAlarms(stack, "redis-alarms", { redis: cluster, monitoring });
  return cluster;
}

function addStack(app: App, id: string, { name, region, tags, stateBucket }: Settings): SessionStack {
  const stateIn = stateBucket && {
    ...withKey(stateBucket),
    keyPrefix: [...(stateBucket.keyPrefix ? [stateBucket.keyPrefix] : []), name].join("/"),
  };
  return from(
    "stateBucket",
    () =>
      new SessionStack(app, id, {
        region,
        namePrefix: id.replace(/^session/, name),
        tags: { ...tags, Project: name },
        ...(stateIn && { stateBucket: stateIn }),
      }),
  );
}

function addNetwork(stack: SessionStack, settings: Settings & { readonly nat: Nat }): INetwork {
  const { vpcCidr, availabilityZones, nat, subnetLayout, flowLog, existingNetwork, privateAwsAccess } = settings;
  if (existingNetwork !== null) {
    const existing: ExistingNetworkProps = { ...defined(existingNetwork), privateAwsAccess };
    return from("existingNetwork", () => Network.fromExisting(stack, "network", existing));
  }
  const zones = availabilityZones as ZoneLetter[] | undefined;
  const props = { cidr: vpcCidr, availabilityZones: zones, nat, subnetLayout, flowLog: flowLog && withKey(flowLog) };
  return from(
    "vpcCidr, availabilityZones, nat, subnetLayout, flowLog",
    () => new Network(stack, "network", { ...defined(props), privateAwsAccess }),
  );
}

/** A KMS key is an ARN in the settings, and an object to a construct. */
function withKey<T extends { readonly kmsKeyArn?: string | undefined }>({ kmsKeyArn, ...rest }: T) {
  return { ...defined(rest), ...(kmsKeyArn !== undefined && { encryptionKey: { arn: kmsKeyArn } }) };
}

/** Puts the settings a construct is made from in front of its refusal: what to look at in cdktf.json. */
function from<T>(keys: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new SettingsError(`${keys}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Deep<T> = T extends readonly unknown[] | string | number | boolean | null ? T : Defined<T>;
type Defined<T> = { [K in keyof T]: Deep<Exclude<T[K], undefined>> };

/** A setting that is not there leaves the construct its own default. */
function defined<T extends object>(settings: T): Defined<T> {
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, isObject(value) ? defined(value) : value])) as never;
}

/** The stacks named on the command line; without a name, all that have settings. */
function wanted(names: readonly string[], settings: Settings): string[] {
  const known = Object.keys(STACKS);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new SettingsError(`stack: got ${unknown.join(", ")}, takes ${known.join(", ")}`);
  if (names.length > 0) return [...new Set(names)];
  return known.filter((id) => id !== "session-ecs" || settings.ecs !== null);
}

/** Under cdktf-cli, the CLI shows them too. */
function warn(app: App): void {
  const warnings = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === AnnotationMetadataEntryType.WARN));
  for (const { data } of warnings) process.stderr.write(`warning: ${data}\n`);
}

function main(): void {
  const context = readContext(__dirname, process.env.CDKTF_CONTEXT_JSON);
  const settings = readSettings(context);
  const ids = wanted(process.argv.slice(2), settings);
  const app = new App({ context, stackTraces: false });
  for (const id of ids) STACKS[id]?.(app, id, settings);
  app.synth();
  warn(app);
  for (const id of ids) process.stdout.write(`${path.join(app.outdir, "stacks", id, "cdk.tf.json")}\n`);
}

try {
  main();
} catch (error) {
  // A refusal is for the one who edits the settings: what, got, allowed, fix; no stack trace.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
