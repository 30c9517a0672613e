import { Token } from "cdktf";
import type { Construct } from "constructs";
import { hasDisks } from "../elasticache";
import { ValidationError } from "../validation";
import type { MemcachedEngine } from "./engine";

/** Generations without encryption in transit for memcached. */
const WITHOUT_TLS = /^cache\.(t2|m3|r3)\./;

/**
 * @throws {ValidationError} when the engine version or the node type does not support TLS.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html
 */
export function checkTls(scope: Construct, engine: MemcachedEngine, nodeType: string): void {
  const what = "transitEncryption";
  if (!engine.speaksTls) {
    throw new ValidationError(scope, {
      what,
      got: `true with memcached ${engine.version}`,
      allowed: "true from 1.6.12 on",
      fix: "take a later version, or set transitEncryption: false explicitly",
    });
  }
  if (Token.isUnresolved(nodeType) || !WITHOUT_TLS.test(nodeType)) return;
  throw new ValidationError(scope, {
    what,
    got: `true with ${nodeType}`,
    allowed: "true with generations after t2, m3 and r3",
    fix: `take one like "cache.t4g.micro", or set transitEncryption: false explicitly`,
  });
}

/**
 * Only replication groups support data tiering to local disks.
 *
 * @throws {ValidationError} when a node type has local disks.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html
 */
export function checkDisks(scope: Construct, nodeType: string): void {
  if (Token.isUnresolved(nodeType) || !hasDisks(nodeType)) return;
  throw new ValidationError(scope, {
    what: "nodeType",
    got: nodeType,
    allowed: "types without local disks, which memcached cannot use",
    fix: `take "${nodeType.replace(/gd\./, "g.")}"`,
  });
}
