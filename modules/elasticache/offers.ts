import { Annotations, Token } from "cdktf";
import type { Construct } from "constructs";
import { checkText } from "../validation";
import { type CacheEngine, listVersions } from "./engine-versions";
import { findNodeType, listSizes } from "./node-types";

/** `cache.<family>.<size>`, without the generations that cannot encrypt. ElastiCache creates no caches of these any more. */
const NODE_TYPE = /^cache\.(?!(t1|m1|m2|c1)\.)[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

const NAMES: Readonly<Record<CacheEngine, string>> = { redis: "Redis OSS", valkey: "Valkey", memcached: "memcached" };

/** @throws {ValidationError} when a node type is malformed, or of a generation that cannot encrypt. */
export function checkNodeType(scope: Construct, nodeType: string): void {
  checkText(scope, "nodeType", nodeType, {
    pattern: NODE_TYPE,
    allowed: "cache.<family>.<size> of a generation that can encrypt",
    fix: `write it like "cache.t4g.micro"`,
  });
}

/**
 * Warns of a node type that AWS does not list for an engine, or of which ElastiCache creates no new caches. It is no error: AWS
 * may list it by now, and existing caches go on.
 */
export function warnOfNodeType(scope: Construct, nodeType: string, engine: CacheEngine): void {
  if (Token.isUnresolved(nodeType)) return;
  const complaint = describeNodeType(nodeType, engine);
  if (complaint === undefined) return;
  Annotations.of(scope).addWarning(
    `${scope.node.path}: nodeType: ${complaint}. https://aws.amazon.com/elasticache/pricing/ has the types of each region.`,
  );
}

function describeNodeType(nodeType: string, engine: CacheEngine): string | undefined {
  const type = findNodeType(nodeType);
  if (type === undefined) {
    const [, family = ""] = nodeType.split(".");
    const sizes = listSizes(family);
    const known = sizes.length === 0 ? "" : `, but ${sizes.join(", ")} of ${family}`;
    return `this version does not know ${nodeType}${known}. If ElastiCache offers it, nothing is wrong; otherwise the deploy fails`;
  }
  if (!type.engines.includes(engine)) {
    const others = type.engines.map((one) => NAMES[one]).join(" and ");
    return `AWS lists ${nodeType} for ${others}, and not for ${NAMES[engine]}`;
  }
  if (type.isCurrent) return undefined;
  return `AWS creates no new caches of ${nodeType}; an existing one goes on`;
}

/** Warns of a version that AWS did not list. It is no error: AWS may offer it by now. */
export function warnOfVersion(scope: Construct, engine: CacheEngine, version: string): void {
  if (listVersions(engine).includes(version)) return;
  Annotations.of(scope).addWarning(
    `${scope.node.path}: engine: this version does not know ${engine} ${version}. If ElastiCache offers it, nothing is wrong; ` +
      `otherwise the deploy fails. "aws elasticache describe-cache-engine-versions --engine ${engine}" lists what it offers.`,
  );
}
