import { ValidationError, type ValidationScope } from "../validation";

/** An IPv4 block in numbers. */
export interface Ipv4Block {
  /** First address, as an unsigned 32-bit number. */
  readonly first: number;
  /** Length of the prefix, 0 to 32. */
  readonly prefix: number;
}

/** The block a CIDR in canonical form means; undefined when it is malformed or has bits set behind its prefix. */
export function parseCidr(cidr: string): Ipv4Block | undefined {
  const block = parse(cidr);
  return block !== undefined && formatCidr(block) === cidr && base(block) === block.first ? block : undefined;
}

/** `first` and `prefix` as `a.b.c.d/n`. */
export function formatCidr({ first, prefix }: Ipv4Block): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${bytes.join(".")}/${prefix}`;
}

/** @throws {ValidationError} when a CIDR is malformed or has bits set behind its prefix. */
export function checkCidr(scope: ValidationScope, what: string, cidr: string): void {
  if (parseCidr(cidr) !== undefined) return;
  const block = parse(cidr);
  const canonical = block === undefined ? "10.0.0.0/16" : formatCidr({ ...block, first: base(block) });
  throw new ValidationError(scope, {
    what,
    got: cidr,
    allowed: "an IPv4 block a.b.c.d/n without bits behind the prefix",
    fix: `write ${block === undefined ? "it like " : ""}"${canonical}"`,
  });
}

function parse(cidr: string): Ipv4Block | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [prefix, bytes] = [parts[4] ?? 33, parts.slice(0, 4)];
  if (prefix > 32 || bytes.some((byte) => byte > 255)) return undefined;
  return { first: bytes.reduce((sum, byte) => sum * 256 + byte, 0), prefix };
}

function base({ first, prefix }: Ipv4Block): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(first / size) * size;
}
