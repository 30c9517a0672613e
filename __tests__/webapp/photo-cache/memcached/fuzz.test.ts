import fc from "fast-check";
import { parseClusterConfiguration } from "../../../../webapp/photo-cache/memcached/cluster-configuration";
import { FUZZ, hostileText } from "../../../harness/fuzz";

const node = fc.tuple(hostileText, hostileText, hostileText).map((parts) => parts.join("|"));
const payload = fc.oneof(
  hostileText,
  fc.tuple(hostileText, fc.array(node, { maxLength: 4 })).map(([version, nodes]) => `${version}\n${nodes.join(" ")}\n`),
  fc
    .tuple(fc.nat(), fc.array(node, { maxLength: 4 }))
    .map(([version, nodes]) => `${version}\n${nodes.join(" ")}\r\n\r\n`),
);

describe("an answer of memcached's discovery", () => {
  it("is a list of nodes, or refused in one line", () => {
    fc.assert(
      fc.property(payload, (text) => {
        try {
          const { version, nodes } = parseClusterConfiguration(text);
          expect(Number.isSafeInteger(version) && nodes.length > 0).toBe(true);
          for (const { host, port } of nodes) expect(`${host}:${port}`).toMatch(/^[\w.-]+:[1-9]\d{0,4}$/);
        } catch (error) {
          expect((error as Error).message).toMatch(/^discovery: got [^\n]*, takes [^\n]*$/);
        }
      }),
      FUZZ,
    );
  });
});
