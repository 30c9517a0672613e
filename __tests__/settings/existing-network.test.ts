import path from "node:path";
import { readContext, readSettings } from "../../settings";

const context = () => structuredClone(readContext(path.join(__dirname, "..", ".."), undefined));

describe("existingNetwork", () => {
  const existingNetwork = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidr: "172.31.0.0/16",
    privateSubnets: { a: { subnetId: "subnet-0a1b2c3d4e5f60718", cidr: "172.31.0.0/20" } },
  };

  it("takes a network that is there, in place of all that says how to make one", () => {
    const { vpcCidr: _, availabilityZones: __, ...rest } = context();
    expect(readSettings({ ...rest, nat: null, existingNetwork })).toMatchObject({ existingNetwork });
    const read = () => readSettings({ ...context(), nat: "none", flowLog: {}, subnetLayout: "even", existingNetwork });
    expect(read).toThrow(
      [
        'vpcCidr: got "10.0.0.0/16", takes nothing beside existingNetwork: leave it out',
        'availabilityZones: got ["a","c"], takes nothing beside existingNetwork: leave it out',
        'nat: got "none", takes nothing beside existingNetwork: leave it out',
        'subnetLayout: got "even", takes nothing beside existingNetwork: leave it out',
        "flowLog: got {}, takes nothing beside existingNetwork: leave it out",
      ].join("\n"),
    );
  });

  it.each<{ value: unknown; says: string }>([
    { value: "vpc-1", says: 'existingNetwork: got "vpc-1", takes an object { "vpcId", "cidr"' },
    {
      value: { ...existingNetwork, cidr: "all" },
      says: 'existingNetwork.cidr: got "all", takes the VPC\'s IPv4 block',
    },
    { value: { ...existingNetwork, subnets: {} }, says: "existingNetwork.subnets: got a key that is no setting" },
    {
      value: { ...existingNetwork, privateSubnets: { "ap-northeast-1a": existingNetwork.privateSubnets.a } },
      says: 'existingNetwork.privateSubnets: got the key "ap-northeast-1a", takes zone letters from a to f',
    },
    {
      value: { ...existingNetwork, privateSubnets: { a: "subnet-1" } },
      says: 'existingNetwork.privateSubnets.a: got "subnet-1", takes an object { "subnetId"',
    },
  ])("refuses existingNetwork = $value", ({ value, says }) => {
    const { vpcCidr: _, availabilityZones: __, ...rest } = context();
    expect(() => readSettings({ ...rest, existingNetwork: value })).toThrow(says);
  });
});
