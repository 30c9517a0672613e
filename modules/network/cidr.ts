import { checkCidr, formatCidr, type Ipv4Block, parseCidr } from "../connections/ipv4";
import { ValidationError, type ValidationScope } from "../validation";
import { ZONE_LETTERS, type ZoneLetter } from "./zones";

/** Division of a VPC's block into subnets. A change replaces all subnets, so choose it before the first deploy. */
export const SubnetLayout = {
  /** Each subnet a sixteenth of the VPC: 4091 addresses in a /16. */
  EVEN: "even",
  /** A private subnet an eighth of the VPC, a public one a thirty-second: 8187 and 2043 addresses in a /16. */
  LARGE_PRIVATE: "large-private",
} as const;
export type SubnetLayout = (typeof SubnetLayout)[keyof typeof SubnetLayout];

/** The blocks of a zone's two subnets. */
export interface ZoneCidrs {
  readonly public: string;
  readonly private: string;
}

/** Blocks of one size: the VPC has 2 to the power of `bits` of them, and the zones use those from position `from`. */
interface Cut {
  readonly bits: number;
  readonly from: number;
}

/**
 * Each kind of subnet has a block for every zone letter, also for letters without a zone. The rest, a quarter of the VPC or a sixteenth,
 * is free for subnets of your own.
 */
const CUTS: Readonly<Record<SubnetLayout, Readonly<Record<keyof ZoneCidrs, Cut>>>> = {
  [SubnetLayout.EVEN]: { public: { bits: 4, from: 0 }, private: { bits: 4, from: 8 } },
  [SubnetLayout.LARGE_PRIVATE]: { public: { bits: 5, from: 0 }, private: { bits: 3, from: 2 } },
};

/** Prefix length of the largest VPC that AWS accepts. */
const LARGEST_VPC = 16;
/** Prefix length of the smallest subnet that a load balancer accepts. */
const SMALLEST_SUBNET = 27;

/**
 * The blocks of a zone's subnets. They depend on the VPC's block, the layout and the letter alone, so further zones change no existing
 * subnet.
 *
 * @param vpcCidr - a block that `checkVpcCidr` accepts.
 */
export function zoneCidrs(vpcCidr: string, zone: ZoneLetter, layout: SubnetLayout): ZoneCidrs {
  const vpc = parseCidr(vpcCidr);
  if (vpc === undefined) throw new RangeError(`${vpcCidr} is not a canonical IPv4 block`);
  const place = ZONE_LETTERS.indexOf(zone);
  const at = ({ bits, from }: Cut) => {
    const prefix = vpc.prefix + bits;
    return formatCidr({ first: vpc.first + (from + place) * 2 ** (32 - prefix), prefix });
  };
  return { public: at(CUTS[layout].public), private: at(CUTS[layout].private) };
}

/**
 * Blocks that AWS refuses for a VPC: this host, loopback, link-local, multicast and all blocks above it.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
const RESERVED = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"];

/** @throws {ValidationError} when a VPC cannot have the block, or the layout cannot divide it into subnets. */
export function checkVpcCidr(scope: ValidationScope, cidr: string, layout: SubnetLayout): void {
  const what = "cidr";
  checkCidr(scope, what, cidr);
  const { first, prefix } = parseCidr(cidr) as Ipv4Block;
  if (RESERVED.some((reserved) => contains(reserved, first))) {
    throw new ValidationError(scope, {
      what,
      got: cidr,
      allowed: `any block outside of ${RESERVED.join(", ")}, which AWS refuses`,
      fix: `take a private one, as in "10.0.0.0/16"`,
    });
  }
  const smallest = SMALLEST_SUBNET - CUTS[layout].public.bits;
  if (prefix >= LARGEST_VPC && prefix <= smallest) return;
  throw new ValidationError(scope, {
    what,
    got: cidr,
    allowed: `a block from /${LARGEST_VPC} to /${smallest}, so that each subnet has room for a load balancer`,
    fix: `take a ${prefix > smallest ? "larger" : "smaller"} block, as in "10.0.0.0/16"`,
  });
}

function contains(cidr: string, address: number): boolean {
  const block = parseCidr(cidr);
  return block !== undefined && address >= block.first && address < block.first + 2 ** (32 - block.prefix);
}
