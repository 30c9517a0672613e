import { Token } from "cdktf";
import type { Refusal } from "../refused";

/** `cache.<family>.<size>`, of generations that can encrypt: m3, r3, c7, t2 and later. */
const NODE_TYPE = /^cache\.(t[2-9]|[mrc][3-9])[a-z]*\.(micro|small|medium|large|\d*xlarge)$/;
/**
 * Node types with local disks. Data tiering must be on there, and can be nowhere else.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html
 */
const WITH_DISKS = /^cache\.r\d+gd\./;
/** Of group, user and snapshot ids. */
const ID = /^[a-z](-?[a-z0-9])*$/;

/** Why a node type is not taken, or undefined when it is. */
export function nodeTypeRefusal(nodeType: string): Refusal | undefined {
  if (Token.isUnresolved(nodeType) || NODE_TYPE.test(nodeType)) return undefined;
  return {
    what: "node type",
    got: nodeType,
    allowed: "cache.<family>.<size> of a generation that can encrypt",
    fix: `write it like "cache.t4g.micro"`,
  };
}

/** Whether a node type keeps data on local disks too. */
export function hasDisks(nodeType: string): boolean {
  return WITH_DISKS.test(nodeType);
}

/** Why an id is not one ElastiCache takes, or undefined when it is. */
export function idRefusal(what: string, id: string): Refusal | undefined {
  if (Token.isUnresolved(id) || ID.test(id)) return undefined;
  return {
    what,
    got: id,
    allowed: "letters, digits and single hyphens, a letter first and no hyphen last",
    fix: `change the setting "name" or the construct's id`,
  };
}
