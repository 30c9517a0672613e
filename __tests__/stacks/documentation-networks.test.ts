import { Annotations, App } from "cdktf";
import { SessionStack } from "../../modules/stack";
import { readContext, readSettings } from "../../settings";
import { warnOfDocumentationNetworks } from "../../stacks/documentation-networks";

const root = `${__dirname}/../..`;

/** The warnings while a stack of these settings is synthesized. */
function warnings(id: string, context: object): string[] {
  const settings = readSettings(readContext(root, JSON.stringify(context)));
  const stack = new SessionStack(new App(), id, { region: "ap-northeast-1", namePrefix: id });
  const said: string[] = [];
  const add = jest.spyOn(Annotations.prototype, "addWarning").mockImplementation((text) => void said.push(text));
  warnOfDocumentationNetworks(stack, settings);
  add.mockRestore();
  return said;
}
const OWN = ["10.0.0.0/8", "203.0.114.0/24", "0.0.0.0/0"];

describe("a network for documentation is warned of", () => {
  it.each([
    ["session-ec2", "ec2"],
    ["session-ecs", "ecs"],
    ["session-lambda", "lambda"],
  ])("in %s as cdktf.json comes", (id, key) => {
    expect(warnings(id, {})).toEqual([
      expect.stringMatching(`^${id}: ${key}\\.allowedCidrs: 203\\.0\\.113\\.0/24 is `),
    ]);
    // The page shows an address, and a setting takes a block: a reader who copies one would be refused.
    expect(warnings(id, {})[0]).toMatch(/https:\/\/checkip\.amazonaws\.com shows your address; append \/32$/);
  });

  it("beside other networks, in each block of RFC 5737, and for SSH", () => {
    const ssh = { keyName: "k", allowedCidrs: ["192.0.2.7/32"] };
    const said = warnings("session-ec2", { ec2: { allowedCidrs: [...OWN, "198.51.100.128/25"], ssh } });
    expect(said.map((line) => line.replace(/ is a network.*/, ""))).toEqual([
      "session-ec2: ec2.allowedCidrs: 198.51.100.128/25",
      "session-ec2: ec2.ssh.allowedCidrs: 192.0.2.7/32",
    ]);
    const ecs = { http: true, allowedCidrs: OWN, launchType: "EC2", ssh };
    expect(warnings("session-ecs", { ecs })).toEqual([
      expect.stringMatching(/^session-ecs: ecs\.ssh\.allowedCidrs: 192\.0\.2\.7\/32/),
    ]);
  });

  it("and no other network", () => {
    expect(warnings("session-ec2", { ec2: { allowedCidrs: OWN } })).toEqual([]);
    expect(warnings("session-ecs", { ecs: { http: true, allowedCidrs: OWN } })).toEqual([]);
    expect(warnings("session-ecs", { ecs: { certificateArn: "arn:aws:acm:x" } })).toEqual([]);
    expect(warnings("session-lambda", { lambda: { allowedCidrs: OWN } })).toEqual([]);
  });
});
