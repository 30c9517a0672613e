import type { Construct } from "constructs";
import { checkText } from "../validation";

/** `cache.<family>.<size>`, of generations that can encrypt: m3, r3, c7, t2 and later. */
const NODE_TYPE = /^cache\.(t[2-9]|[mrc][3-9])[a-z]*\.(micro|small|medium|large|\d*xlarge)$/;
/**
 * Node types with local disks. They need data tiering, and other types do not support it.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html
 */
const WITH_DISKS = /^cache\.r\d+gd\./;
/** Of group, user and snapshot ids. */
const ID = /^[a-z](-?[a-z0-9])*$/;
const ID_FIX = "change namePrefix or the construct's id";

/** @throws {ValidationError} when a node type is malformed, or of a generation that cannot encrypt. */
export function checkNodeType(scope: Construct, nodeType: string): void {
  checkText(scope, "nodeType", nodeType, {
    pattern: NODE_TYPE,
    allowed: "cache.<family>.<size> of a generation that can encrypt",
    fix: `write it like "cache.t4g.micro"`,
  });
}

/** Whether a node type also stores data on local disks. */
export function hasDisks(nodeType: string): boolean {
  return WITH_DISKS.test(nodeType);
}

/** @throws {ValidationError} when ElastiCache does not accept an id. */
export function checkId(scope: Construct, what: string, id: string | undefined, fix = ID_FIX): void {
  checkText(scope, what, id, {
    pattern: ID,
    allowed: "letters, digits and single hyphens, a letter first and no hyphen last",
    fix,
  });
}
