import { murmur3, pickNode } from "../../../../webapp/photo-cache/memcached/rendezvous";

// Made by running pymemcache 4.0.0's own murmur3_32 and RendezvousHash, and the same again by an implementation of ours in
// Python that works on whole words: 20,000 random texts and 5,000 random clusters without a difference.
describe("a key's node is the one Python's pymemcache chooses", () => {
  test.each([
    { text: "", hash: 0 },
    { text: "a", hash: 0x3c2569b2 },
    { text: "ab", hash: 0x9bbfd75f },
    { text: "abc", hash: 0xb3dd93fa },
    { text: "abcd", hash: 0x43ed676a },
    { text: "test", hash: 0xba6bd213 },
    { text: "Hello, world!", hash: 0xc0363e43 },
    { text: "10.0.1.10:11211-example", hash: 0xf2c2446f },
  ])("murmur3 of '$text' is $hash", ({ text, hash }) => {
    expect(murmur3(text)).toBe(hash);
  });

  const two = ["10.0.16.10:11211", "10.0.48.20:11211"];
  const three = [...two, "10.0.80.30:11211"];
  const names = [1, 2, 3].map((node) => `node.000${node}.use1.cache.amazonaws.com:11211`);
  test.each([
    { nodes: two, holders: [1, 1, 0, 1, 1, 1] },
    { nodes: three, holders: [1, 1, 0, 1, 1, 1] },
    { nodes: names, holders: [0, 2, 0, 1, 0, 1] },
  ])("among $nodes", ({ nodes, holders }) => {
    const keys = ["example", "photo:id:1", "photo:id:2", "photo:id:42", "photo:id:sunset%20at%20sea", "photo:sha256:x"];
    expect(keys.map((key) => nodes.indexOf(pickNode(nodes, key)))).toEqual(holders);
    expect(keys.map((key) => nodes.indexOf(pickNode([...nodes].reverse(), key)))).toEqual(holders);
  });

  test("for many keys among three nodes", () => {
    const holders = Array.from({ length: 11 }, (_, i) => pickNode(three, `photo:id:${i + 3}`).slice(5, 7));
    expect(holders.join(" ")).toBe("48 16 48 80 80 48 48 80 16 48 80");
  });

  test("of two nodes with the same hash, the greater name", () => {
    const [one, other] = ["n4259:11211", "n10506:11211"];
    expect(murmur3(`${one}-example`)).toBe(murmur3(`${other}-example`));
    expect(pickNode([one, other], "example")).toBe(one);
    expect(pickNode([other, one], "example")).toBe(one);
  });

  test("a node that leaves moves no key but its own", () => {
    for (let i = 0; i < 500; i++) {
      const before = pickNode(three, `key-${i}`);
      if (before !== three[2]) expect(pickNode(two, `key-${i}`)).toBe(before);
    }
  });

  test("without a node there is no holder", () => {
    expect(() => pickNode([], "example")).toThrow("no node");
  });
});
