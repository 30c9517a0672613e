import { Token } from "cdktf";
import { hasDisks } from "../elasticache";
import type { Refusal } from "../refused";
import type { MemcachedEngine } from "./engine";

/** Generations that cannot encrypt what memcached sends. */
const WITHOUT_TLS = /^cache\.(t2|m3|r3)\./;

/**
 * Why engine and node type cannot do TLS, or undefined when they can.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html
 */
export function tlsRefusal(engine: MemcachedEngine, nodeType: string): Refusal | undefined {
  const what = "transit encryption";
  if (!engine.speaksTls) {
    return {
      what,
      got: `true with memcached ${engine.version}`,
      allowed: "true from 1.6.12 on",
      fix: "take a later version, or say transitEncryption: false by name",
    };
  }
  if (!Token.isUnresolved(nodeType) && WITHOUT_TLS.test(nodeType)) {
    return {
      what,
      got: `true with ${nodeType}`,
      allowed: "true with generations after t2, m3 and r3",
      fix: `take one like "cache.t4g.micro", or say transitEncryption: false by name`,
    };
  }
  return undefined;
}

/**
 * Why a node type is not taken, or undefined when it is: tiering to local disks is for replication groups alone.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html
 */
export function disksRefusal(nodeType: string): Refusal | undefined {
  if (Token.isUnresolved(nodeType) || !hasDisks(nodeType)) return undefined;
  return {
    what: "node type",
    got: nodeType,
    allowed: "types without local disks, which memcached cannot use",
    fix: `take "${nodeType.replace(/gd\./, "g.")}"`,
  };
}
