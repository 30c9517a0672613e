import { parseClusterConfiguration } from "../../../../webapp/photo-cache/memcached/cluster-configuration";

const A = { host: "a.cache.amazonaws.com", ip: "10.0.1.1", port: 11211 };
const B = { host: "b.cache.amazonaws.com", ip: "10.0.2.2", port: 11211 };
const [a, b] = [A, B].map(({ host, ip, port }) => `${host}|${ip}|${port}`) as [string, string];

describe("the payload of a discovery answer", () => {
  test.each([
    { what: "two nodes", payload: `12\n${a} ${b}\n`, version: 12, nodes: [A, B] },
    { what: "a single node", payload: `1\n${a}\n`, version: 1, nodes: [A] },
    {
      what: "an empty ip, as with TLS",
      payload: "3\na|  |1\n".replace("  ", ""),
      version: 3,
      nodes: [{ host: "a", ip: "", port: 1 }],
    },
    {
      what: "an IPv6 address",
      payload: "3\na|fd00::1|1\n",
      version: 3,
      nodes: [{ host: "a", ip: "fd00::1", port: 1 }],
    },
    {
      what: "END in a host's name",
      payload: "3\nEND.BACKEND|10.0.0.1|1\n",
      version: 3,
      nodes: [{ host: "END.BACKEND", ip: "10.0.0.1", port: 1 }],
    },
    { what: "line ends of another system", payload: `12\r\n${a}\r\n`, version: 12, nodes: [A] },
    { what: "an empty line behind", payload: `12\n${a}\n\r\n`, version: 12, nodes: [A] },
  ])("is read: $what", ({ payload, version, nodes }) => {
    expect(parseClusterConfiguration(payload)).toEqual({ version, nodes });
  });

  test.each([
    { what: "nothing", payload: "" },
    { what: "no version", payload: `${a}\n` },
    { what: "a version that is no number", payload: `x\n${a}\n` },
    { what: "no node", payload: "12\n\n" },
    { what: "a list cut off in a port", payload: `12\n${a} ${b.slice(0, -2)}` },
    { what: "a node without ip's place", payload: "12\na|11211\n" },
    { what: "a node with one part more", payload: "12\na|10.0.0.1|11211|x\n" },
    { what: "no host", payload: "12\n|10.0.0.1|11211\n" },
    { what: "a host with a control character", payload: "12\na\u0000b|10.0.0.1|11211\n" },
    { what: "an ip that is none", payload: "12\na|10.0.0|11211\n" },
    { what: "port 0", payload: "12\na|10.0.0.1|0\n" },
    { what: "a port above all ports", payload: "12\na|10.0.0.1|65536\n" },
    { what: "a port with a letter", payload: "12\na|10.0.0.1|1121l\n" },
    { what: "one good node and one bad", payload: `12\n${a} b|b|b\n` },
    { what: "a node twice", payload: `12\n${a} ${a}\n` },
    { what: "a third line", payload: `12\n${a}\n${b}\n` },
  ])("is refused whole: $what", ({ payload }) => {
    expect(() => parseClusterConfiguration(payload)).toThrow(/^discovery: got .*takes/);
  });
});
