/**
 * Which of some nodes holds a key: the one for which the hash of `<node>-<key>` is highest, and of equals the greater
 * name. Python's pymemcache, which the source document uses, decides the same way, so each finds what the other wrote.
 * A node more or less moves the keys of that node and no others.
 *
 * @param nodes - names, `<ip or host>:<port>`.
 * @param key - ASCII, as keys of memcached are.
 * @throws when there is no node.
 */
export function pickNode(nodes: readonly string[], key: string): string {
  let holder: string | undefined;
  let highest = -1;
  for (const node of nodes) {
    const score = murmur3(`${node}-${key}`);
    if (score > highest || (score === highest && holder !== undefined && node > holder)) {
      holder = node;
      highest = score;
    }
  }
  if (holder === undefined) throw new Error("no node to hold a key");
  return holder;
}

/**
 * MurmurHash3, the 32-bit form with seed 0, of an ASCII text.
 *
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
export function murmur3(text: string): number {
  const blocks = text.length & ~3;
  let hash = 0;
  for (let i = 0; i < blocks; i += 4) {
    hash ^= scrambled(byte(text, i) | (byte(text, i + 1) << 8) | (byte(text, i + 2) << 16) | (byte(text, i + 3) << 24));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = text.length - 1; i >= blocks; i--) tail = (tail << 8) | byte(text, i);
  if (text.length > blocks) hash ^= scrambled(tail);

  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scrambled(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

function byte(text: string, at: number): number {
  return text.charCodeAt(at) & 0xff;
}
