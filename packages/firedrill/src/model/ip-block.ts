/** A block of addresses, parsed. */
export interface IpBlock {
  /** The first address, all bits after the prefix zero. */
  readonly value: bigint;
  readonly width: 32 | 128;
  readonly prefixLength: number;
}

/** Parses `192.0.2.0/24`, `2001:db8::/32` or a bare address, which is a block of one; undefined when it is neither. */
export function parseIpBlock(text: string): IpBlock | undefined {
  const [written = '', prefix, ...more] = text.split('/');
  const parts = written.includes(':') ? version6(written) : version4(written);
  if (parts === undefined || more.length > 0) return undefined;
  const width = written.includes(':') ? 128 : 32;
  if (prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > width)) return undefined;
  const prefixLength = prefix === undefined ? width : Number(prefix);
  const size = width === 32 ? 8n : 16n;
  const value = parts.reduce((sum, part) => (sum << size) + BigInt(part), 0n);
  return { value: firstOf(value, width - prefixLength), width, prefixLength };
}

/** Whether all addresses of `inner` lie in `outer`. */
export function blockCovers(outer: IpBlock, inner: IpBlock): boolean {
  if (outer.width !== inner.width || outer.prefixLength > inner.prefixLength) return false;
  return firstOf(inner.value, outer.width - outer.prefixLength) === outer.value;
}

function firstOf(value: bigint, hostBits: number): bigint {
  return (value >> BigInt(hostBits)) << BigInt(hostBits);
}

function version4(written: string): readonly number[] | undefined {
  const parts = written.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function version6(written: string): readonly number[] | undefined {
  const [left = '', right, ...more] = written.split('::');
  if (more.length > 0) return undefined;
  const groups = (side: string): string[] => (side === '' ? [] : side.split(':'));
  const head = groups(left);
  const tail = groups(right ?? '');
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? all.map((group) => Number.parseInt(group, 16))
    : undefined;
}
