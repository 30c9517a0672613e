import { cidrRefusal, formatCidr, parseCidr } from "../connections/ipv4";
import type { Refusal } from "../refused";
import { ZONE_LETTERS, type ZoneLetter } from "./zones";

/** Prefix lengths of a VPC's block. AWS takes no larger block than /16; a load balancer needs a /27, 4 bits below /23. */
const VPC_PREFIX = { min: 16, max: 23 };

/** A VPC is cut into 16 blocks of one size: 0 to 7 are public, 8 to 15 private, and a zone's letter is its place in each half. */
const BITS = 4;
const PRIVATE_FROM = 8;

/** The blocks of a zone's two subnets. */
export interface ZoneCidrs {
  readonly public: string;
  readonly private: string;
}

/**
 * The blocks of a zone's subnets. They depend on nothing but the VPC's block and the letter, so that further zones move
 * nobody.
 *
 * @param vpcCidr - a block `vpcCidrRefusal` has nothing against.
 */
export function zoneCidrs(vpcCidr: string, zone: ZoneLetter): ZoneCidrs {
  const vpc = parseCidr(vpcCidr);
  if (vpc === undefined) throw new RangeError(`${vpcCidr} is not a canonical IPv4 block`);
  const prefix = vpc.prefix + BITS;
  const at = (place: number) => formatCidr({ first: vpc.first + place * 2 ** (32 - prefix), prefix });
  const place = ZONE_LETTERS.indexOf(zone);
  return { public: at(place), private: at(PRIVATE_FROM + place) };
}

/**
 * Blocks no VPC can have: this host, loopback, link-local, multicast and what is behind it.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
const RESERVED = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"];

/** Why a block is not taken for a VPC, or undefined when it is. */
export function vpcCidrRefusal(cidr: string): Refusal | undefined {
  const block = parseCidr(cidr);
  if (block === undefined) return cidrRefusal("CIDR of the VPC", cidr);
  if (RESERVED.some((reserved) => contains(reserved, block.first))) {
    return {
      what: "CIDR of the VPC",
      got: cidr,
      allowed: `any block outside of ${RESERVED.join(", ")}, which AWS refuses`,
      fix: `take a private one, as in "10.0.0.0/16"`,
    };
  }
  if (block.prefix >= VPC_PREFIX.min && block.prefix <= VPC_PREFIX.max) return undefined;
  return {
    what: "CIDR of the VPC",
    got: cidr,
    allowed: `a block from /${VPC_PREFIX.min} to /${VPC_PREFIX.max}, so that each of 16 subnets has room for a load balancer`,
    fix: `take a ${block.prefix > VPC_PREFIX.max ? "larger" : "smaller"} block, as in "10.0.0.0/16"`,
  };
}

function contains(cidr: string, address: number): boolean {
  const block = parseCidr(cidr);
  return block !== undefined && address >= block.first && address < block.first + 2 ** (32 - block.prefix);
}
