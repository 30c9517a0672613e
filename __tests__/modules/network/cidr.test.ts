import fc from "fast-check";
import { parseCidr } from "../../../modules/connections/ipv4";
import { checkVpcCidr, SubnetLayout, zoneCidrs } from "../../../modules/network/cidr";
import { ZONE_LETTERS, type ZoneLetter } from "../../../modules/network/zones";

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
const { EVEN, LARGE_PRIVATE } = SubnetLayout;
const all = (vpc: string, layout: SubnetLayout) =>
  ZONE_LETTERS.flatMap((zone) => Object.values(zoneCidrs(vpc, zone, layout)));

describe.each([
  { layout: EVEN, publicBits: 4, privateBits: 4 },
  { layout: LARGE_PRIVATE, publicBits: 5, privateBits: 3 },
])("the blocks of a VPC's subnets, $layout,", ({ layout, publicBits, privateBits }) => {
  const taken = vpcCidr.filter((cidr) => range(cidr).prefix <= 27 - publicBits);

  test("are taken", () => {
    fc.assert(fc.property(taken, (cidr) => checkVpcCidr("test", cidr, layout)));
  });

  test("lie inside the VPC, with room for a load balancer", () => {
    fc.assert(
      fc.property(taken, fc.constantFrom(...ZONE_LETTERS), (cidr, zone) => {
        const vpc = range(cidr);
        const blocks = zoneCidrs(cidr, zone, layout);
        for (const subnet of [range(blocks.public), range(blocks.private)]) {
          expect(subnet.first).toBeGreaterThanOrEqual(vpc.first);
          expect(subnet.last).toBeLessThanOrEqual(vpc.last);
          expect(subnet.prefix).toBeLessThanOrEqual(27);
        }
        expect(range(blocks.public).prefix).toBe(vpc.prefix + publicBits);
        expect(range(blocks.private).prefix).toBe(vpc.prefix + privateBits);
      }),
    );
  });

  test("never overlap", () => {
    fc.assert(
      fc.property(taken, (cidr) => {
        const subnets = all(cidr, layout)
          .map(range)
          .sort((a, b) => a.first - b.first);
        for (const [index, subnet] of subnets.entries()) {
          expect(subnet.first).toBeGreaterThan(subnets[index - 1]?.last ?? -1);
        }
      }),
    );
  });
});

test("the blocks of a VPC's subnets are written as one reads them", () => {
  const blocks = (cidr: string, zone: ZoneLetter, layout: SubnetLayout) => Object.values(zoneCidrs(cidr, zone, layout));
  expect(blocks("10.0.0.0/16", "a", EVEN)).toEqual(["10.0.0.0/20", "10.0.128.0/20"]);
  expect(blocks("10.0.0.0/16", "c", EVEN)).toEqual(["10.0.32.0/20", "10.0.160.0/20"]);
  expect(blocks("192.168.4.0/23", "f", EVEN)).toEqual(["192.168.4.160/27", "192.168.5.160/27"]);
  expect(blocks("255.255.0.0/16", "f", EVEN)).toEqual(["255.255.80.0/20", "255.255.208.0/20"]);
  expect(blocks("10.0.0.0/16", "a", LARGE_PRIVATE)).toEqual(["10.0.0.0/21", "10.0.64.0/19"]);
  expect(blocks("10.0.0.0/16", "f", LARGE_PRIVATE)).toEqual(["10.0.40.0/21", "10.0.224.0/19"]);
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
    expect(() => checkVpcCidr("test", cidr, EVEN)).toThrow(fix);
  });

  test("whenever a bit behind its prefix is set", () => {
    fc.assert(
      fc.property(vpcCidr, fc.integer({ min: 1, max: 255 }), (cidr, bit) => {
        const crooked = cidr.replace(".0/", `.${bit}/`);
        expect(() => checkVpcCidr("test", crooked, EVEN)).toThrow(`Fix: write "${cidr}".`);
      }),
    );
  });
});
