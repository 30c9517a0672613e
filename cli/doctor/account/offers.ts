import { compareVersions, findSupportEnd } from "../../../modules/elasticache/engine-versions";
import { findNodeType } from "../../../modules/elasticache/node-types";
import { aws, type Json } from "../../machine/aws-cli";
import type { Configuration } from "../../terraform/configuration";
import { describeSupport } from "../engine-support";
import { describeError, type Finding, fail, ok, skipped, warn } from "../finding";
import { listCaches, listInstances, listZones } from "./wanted";

/** Asks AWS whether the region offers the zones, engines, node types and instance types that the stacks want. */
export async function checkOffers(region: string, stacks: readonly Configuration[]): Promise<Finding[]> {
  const zones = unique(stacks.flatMap(listZones));
  const caches = stacks.flatMap(listCaches);
  const engines = unique(caches.map(({ engine, version }) => `${engine} ${version}`));
  const nodeTypes = unique(caches.map(({ nodeType }) => nodeType));
  return Promise.all([
    ...(zones.length === 0 ? [] : [checkZones(region, zones)]),
    ...engines.map((engine) => checkEngine(region, ...(engine.split(" ") as [string, string]))),
    ...nodeTypes.map((nodeType) => checkNodeType(region, nodeType)),
    ...listTypes(stacks).map(([type, wanted]) => checkInstanceType(region, type, wanted)),
  ]);
}

/** @returns the finding of a check, or what keeps AWS from answering it. */
async function ask(region: string, check: string, args: readonly string[], judge: (answer: Json) => Finding) {
  try {
    return judge(await aws(region, ...args));
  } catch (error) {
    return skipped(check, describeError(error), `aws ${args.join(" ")} --region ${region}`);
  }
}

/**
 * A region has zones that it does not offer to each account.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
 */
function checkZones(region: string, wanted: readonly string[]): Promise<Finding> {
  const check = "availability zones";
  return ask(region, check, ["ec2", "describe-availability-zones"], ({ AvailabilityZones: found }) => {
    const states = new Map((found as Json[]).map(({ ZoneName, State }) => [String(ZoneName), String(State)]));
    const offered = [...states.keys()].sort().join(", ");
    const missing = wanted.filter((zone) => !states.has(zone));
    if (missing.length > 0) {
      return fail(
        check,
        `${missing.join(", ")} is not offered; ${region} has ${offered}`,
        "availabilityZones in cdktf.json",
      );
    }
    const impaired = wanted.filter((zone) => states.get(zone) !== "available");
    const [first] = impaired;
    if (first === undefined) return ok(check, `${wanted.join(", ")} of ${offered}`);
    return warn(check, `${first} is ${states.get(first)}`, "https://health.aws.amazon.com says why");
  });
}

/** @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheEngineVersions.html */
function checkEngine(region: string, engine: string, version: string): Promise<Finding> {
  const check = `engine ${engine} ${version}`;
  const args = ["elasticache", "describe-cache-engine-versions", "--engine", engine];
  return ask(region, check, args, ({ CacheEngineVersions: found }) => {
    const offered = (found as Json[]).map(({ EngineVersion }) => String(EngineVersion)).sort(compareVersions);
    const isOffered = offered.some((one) => one === version || one.startsWith(`${version}.`));
    if (!isOffered) {
      const says = `ElastiCache does not offer it in ${region}, but ${offered.join(", ")}`;
      return fail(check, says, engine === "memcached" ? "another version of memcached" : "redis.engine in cdktf.json");
    }
    const support = findSupportEnd(engine, version);
    if (support !== undefined) return warn(check, describeSupport(support), "docs/redis.md#engines");
    const newest = newestMinor(engine, version, offered);
    return ok(
      check,
      newest === undefined ? `offered in ${region}` : `offered in ${region}; its newest minor version is ${newest}`,
    );
  });
}

/** The newest minor version of the same major version, by AWS' answer. */
function newestMinor(engine: string, version: string, offered: readonly string[]): string | undefined {
  if (engine === "memcached") return undefined;
  const [major] = version.split(".");
  return offered.filter((one) => one.split(".")[0] === major && compareVersions(one, version) > 0).at(-1);
}

/**
 * No call of ElastiCache lists the node types of a region. AWS sells reservations for each type that it offers, so a type without any
 * is likely not offered; it is no proof.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeReservedCacheNodesOfferings.html
 */
function checkNodeType(region: string, nodeType: string): Promise<Finding> {
  const check = `node type ${nodeType}`;
  const args = [
    "elasticache",
    "describe-reserved-cache-nodes-offerings",
    "--cache-node-type",
    nodeType,
    "--max-items",
    "1",
  ];
  return ask(region, check, args, ({ ReservedCacheNodesOfferings: found = [] }) => {
    const says = describeNodeType(nodeType);
    if (found.length > 0) return ok(check, `offered in ${region}${says}`);
    const next = "https://aws.amazon.com/elasticache/pricing/ has the types of each region";
    return warn(check, `AWS sells no reservation for it in ${region}, so it may not be offered there${says}`, next);
  });
}

/** Memory, vCPUs, bandwidth and connections of a node. */
function describeNodeType(nodeType: string): string {
  const type = findNodeType(nodeType);
  if (type === undefined) return "";
  const memory = `${(type.memoryBytes / 2 ** 30).toFixed(2)} GiB`;
  const burst = type.burstGbps === undefined ? "" : ` (bursts to ${type.burstGbps})`;
  const connections = type.connections.toLocaleString("en");
  return `: ${memory}, ${type.vcpus} vCPUs, ${type.baselineGbps} Gbps${burst}, ${connections} connections a node`;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html */
function checkInstanceType(region: string, type: string, zones: readonly string[]): Promise<Finding> {
  const check = `instance type ${type}`;
  const filters = ["--location-type", "availability-zone", "--filters", `Name=instance-type,Values=${type}`];
  return ask(
    region,
    check,
    ["ec2", "describe-instance-type-offerings", ...filters],
    ({ InstanceTypeOfferings: found }) => {
      const offered = (found as Json[]).map(({ Location }) => String(Location)).sort();
      const where = offered.length === 0 ? `nowhere in ${region}` : `in ${offered.join(", ")}`;
      const missing = zones.filter((zone) => !offered.includes(zone));
      if (offered.length > 0 && missing.length === 0) return ok(check, `offered ${where}`);
      const says = missing.length === 0 ? `offered ${where}` : `not offered in ${missing.join(", ")}; offered ${where}`;
      return fail(check, says, "another instanceType, or other availabilityZones, in cdktf.json");
    },
  );
}

/** Instance types, each with the zones that the stacks want it in. */
function listTypes(stacks: readonly Configuration[]): readonly (readonly [string, readonly string[]])[] {
  const zones = new Map<string, string[]>();
  for (const { type, zones: more } of stacks.flatMap(listInstances)) {
    zones.set(type, unique([...(zones.get(type) ?? []), ...more]));
  }
  return [...zones];
}

function unique(all: readonly string[]): string[] {
  return [...new Set(all)].sort();
}
