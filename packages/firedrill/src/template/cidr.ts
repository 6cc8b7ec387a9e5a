/**
 * Cuts `count` blocks out of a CIDR block, each with `bits` bits for hosts (RS 8.1b), in order. Undefined when
 * the block is not valid or does not have that many.
 */
export function cidrBlocks(block: string, count: number, bits: number): readonly string[] | undefined {
  const slash = block.indexOf('/');
  const address = slash < 0 ? undefined : addressOf(block.slice(0, slash));
  const prefixText = block.slice(slash + 1);
  if (address === undefined || !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  const free = address.width - prefix - bits;
  if (prefix > address.width || bits > address.width || free < 0 || 2n ** BigInt(free) < BigInt(count))
    return undefined;
  const size = 1n << BigInt(bits);
  const hosts = BigInt(address.width - prefix);
  const start = (address.value >> hosts) << hosts;
  const blocks: string[] = [];
  for (let index = 0; index < count; index += 1) {
    blocks.push(`${addressText(start + size * BigInt(index), address.width)}/${address.width - bits}`);
  }
  return blocks;
}

interface Address {
  readonly value: bigint;
  readonly width: 32 | 128;
}

function addressOf(written: string): Address | undefined {
  return written.includes(':') ? version6(written) : version4(written);
}

function version4(written: string): Address | undefined {
  const parts = written.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256n + BigInt(part);
  }
  return { value, width: 32 };
}

function version6(written: string): Address | undefined {
  const [left = '', right, more] = written.split('::');
  if (more !== undefined) return undefined;
  const groups = (side: string): string[] => (side === '' ? [] : side.split(':'));
  const head = groups(left);
  const tail = right === undefined ? [] : groups(right);
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return { value: all.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n), width: 128 };
}

function addressText(value: bigint, width: 32 | 128): string {
  const step = width === 32 ? 8n : 16n;
  const parts: string[] = [];
  for (let shift = BigInt(width) - step; shift >= 0n; shift -= step) {
    const part = (value >> shift) & ((1n << step) - 1n);
    parts.push(width === 32 ? String(part) : part.toString(16));
  }
  if (width === 32) return parts.join('.');
  return compressed(parts);
}

/** The longest run of zero groups becomes `::`. */
function compressed(groups: readonly string[]): string {
  const full = groups.join(':');
  const runs = [...full.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].toSorted((a, b) => b[0].length - a[0].length);
  const [run] = runs;
  if (run === undefined) return full;
  const head = full.slice(0, run.index);
  const tail = full.slice(run.index + run[0].length);
  return `${head}::${tail.startsWith(':') ? tail.slice(1) : tail}`;
}
