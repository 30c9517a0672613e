import type { App } from "cdktf";
import { EcsTopology, ImageRepository, Nat, type PathService, ServiceAlarms } from "../modules";
import { type Settings, SettingsError } from "../settings";
import { addBalanced, toAccessLogs } from "./balanced";
import { addFoundation, addRedisOutput } from "./foundation";
import { blameSettings, omitUndefined, toSsh } from "./props";
import { addPeers } from "./visitors";

/** Document B's services: each has a path, and the first one serves every other path too. */
const TWO_SERVICES: readonly PathService[] = [
  { key: "1", paths: ["/1", "/1/*"] },
  { key: "2", paths: ["/2", "/2/*"] },
];

/** Document B: services that share one session behind a load balancer. */
export function addEcsStack(app: App, id: string, settings: Settings): void {
  if (settings.ecs === null) throw new SettingsError(`ecs: got null, takes an object for the stack ${id}`);
  // The public images are on the internet. With one's own it takes none, but what stands should not fall with a setting.
  const foundation = addFoundation(app, id, settings, Nat.SINGLE);
  const { stack, network, redis, sessionApp, monitoring } = foundation;
  const { services, image, repository, cpuPercent, requestsPerMinute, ...balanced } = omitUndefined(settings.ecs);
  const { accessLogsBucket, allowedSecurityGroups, ssh, ...ecs } = balanced;
  const props = {
    network,
    app: sessionApp,
    ...ecs,
    scaling: omitUndefined({ cpuPercent, requestsPerMinute }),
    services: services?.map(omitUndefined) ?? TWO_SERVICES,
    ...(image !== null && { image: { uri: image } }),
    ...toAccessLogs(accessLogsBucket),
    ...toSsh(ssh),
    allowedPeers: addPeers(stack, allowedSecurityGroups),
  };
  const web = blameSettings("ecs, nat", () => new EcsTopology(stack, "web", props), {
    base: "ecs",
    renamed: { accessLogs: "ecs.accessLogsBucket", allowedPeers: "ecs.allowedSecurityGroups", image: "ecs.image, nat" },
  });
  const registrars = Object.values(web.services).flatMap(({ dependables }) => dependables);
  web.enableDeploymentAlarms(addBalanced(foundation, web, byService(web.targetGroups), registrars));
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
  const images = blameSettings("ecs.repository", () => new ImageRepository(stack, "images", repository), {
    base: "ecs.repository",
  });
  stack.output("image_repository", "Where npm run image -- --push puts images", images.url);
}

/** A key may be a mere number; an alarm's name says of what. */
function byService<T>(byKey: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(byKey).map(([key, value]) => [`service-${key}`, value]));
}
