import fc from "fast-check";
import { parseCidr } from "../../../modules/connections/ipv4";
import { vpcCidrRefusal, zoneCidrs } from "../../../modules/network/cidr";
import { ZONE_LETTERS } from "../../../modules/network/zones";

/** Every block a VPC can have: /16 to /23, bits behind the prefix cleared. */
const vpcCidr = fc
  .tuple(fc.integer({ min: 16, max: 23 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map(([prefix, a, b, c]) => {
    const third = prefix > 16 ? c - (c % 2 ** (24 - prefix)) : 0;
    return `${a}.${b}.${third}.0/${prefix}`;
  })
  .filter((cidr) => !/^(0|127|169\.254|22[4-9]|2[3-5]\d)\./.test(cidr));

function range(cidr: string): { first: number; last: number; prefix: number } {
  const block = parseCidr(cidr);
  if (block === undefined) throw new Error(`${cidr} is not canonical`);
  return { ...block, last: block.first + 2 ** (32 - block.prefix) - 1 };
}
const all = (vpc: string) => ZONE_LETTERS.flatMap((zone) => Object.values(zoneCidrs(vpc, zone)));

describe("the blocks of a VPC's subnets", () => {
  test("lie inside the VPC, each a sixteenth of it", () => {
    fc.assert(
      fc.property(vpcCidr, (cidr) => {
        expect(vpcCidrRefusal(cidr)).toBeUndefined();
        const vpc = range(cidr);
        for (const subnet of all(cidr).map(range)) {
          expect(subnet.first).toBeGreaterThanOrEqual(vpc.first);
          expect(subnet.last).toBeLessThanOrEqual(vpc.last);
          expect(subnet.prefix).toBe(vpc.prefix + 4);
        }
      }),
    );
  });

  test("never overlap", () => {
    fc.assert(
      fc.property(vpcCidr, (cidr) => {
        const subnets = all(cidr)
          .map(range)
          .sort((a, b) => a.first - b.first);
        for (const [index, subnet] of subnets.entries()) {
          expect(subnet.first).toBeGreaterThan(subnets[index - 1]?.last ?? -1);
        }
      }),
    );
  });

  test("are written as one reads them", () => {
    expect(zoneCidrs("10.0.0.0/16", "a")).toEqual({ public: "10.0.0.0/20", private: "10.0.128.0/20" });
    expect(zoneCidrs("10.0.0.0/16", "c")).toEqual({ public: "10.0.32.0/20", private: "10.0.160.0/20" });
    expect(zoneCidrs("192.168.4.0/23", "f")).toEqual({ public: "192.168.4.160/27", private: "192.168.5.160/27" });
    expect(zoneCidrs("255.255.0.0/16", "f")).toEqual({ public: "255.255.80.0/20", private: "255.255.208.0/20" });
  });
});

describe("the block of a VPC is refused", () => {
  test.each([
    { cidr: "10.0.0.0/24", fix: /larger block/ },
    { cidr: "10.0.0.0/8", fix: /smaller block/ },
    { cidr: "10.0.1.0/16", fix: /write "10\.0\.0\.0\/16"/ },
    { cidr: "10.0.0.0", fix: /write it like/ },
    { cidr: "10.0.0.256/16", fix: /write it like/ },
    { cidr: "10.0.0.0/33", fix: /write it like/ },
    { cidr: "010.0.0.0/16", fix: /write "10\.0\.0\.0\/16"/ },
    { cidr: "fd00::/64", fix: /write it like/ },
    { cidr: "", fix: /write it like/ },
    { cidr: "127.0.0.0/16", fix: /take a private one/ },
    { cidr: "169.254.0.0/16", fix: /take a private one/ },
    { cidr: "239.1.0.0/16", fix: /take a private one/ },
  ])("$cidr", ({ cidr, fix }) => {
    expect(vpcCidrRefusal(cidr)?.fix).toMatch(fix);
  });

  test("whenever a bit behind its prefix is set", () => {
    fc.assert(
      fc.property(vpcCidr, fc.integer({ min: 1, max: 255 }), (cidr, bit) => {
        const crooked = cidr.replace(".0/", `.${bit}/`);
        expect(vpcCidrRefusal(crooked)?.fix).toBe(`write "${cidr}"`);
      }),
    );
  });
});
