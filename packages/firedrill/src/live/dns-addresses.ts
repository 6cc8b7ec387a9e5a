import { isIPv4, isIPv6 } from 'node:net';

/*
 * IP addresses between text and bytes.
 */

/** @throws for what is no IPv4 address. */
export function ipv4Bytes(text: string): Buffer {
  if (!isIPv4(text)) throw new Error(`no IPv4 address: ${text}`);
  return Buffer.from(text.split('.').map(Number));
}

/** @throws for what is no IPv6 address; one with a zone is none. */
export function ipv6Bytes(text: string): Buffer {
  if (!isIPv6(text) || text.includes('%')) throw new Error(`no IPv6 address: ${text}`);
  const [head = [], tail] = text.split('::').map(wordsOf);
  const words = [...head];
  if (tail !== undefined) words.push(...Array<number>(8 - head.length - tail.length).fill(0), ...tail);
  const bytes = Buffer.alloc(16);
  for (const [i, word] of words.entries()) bytes.writeUInt16BE(word, 2 * i);
  return bytes;
}

/** Groups between colons; an IPv4 address at the end is two of them. */
function wordsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const bytes = ipv4Bytes(group);
    return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
  });
}

/** Four bytes as IPv4, sixteen as IPv6 with its longest run of zeros shortened (RFC 5952). */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  const runs = [...words.join(':').matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return words.join(':');
  const text = words.join(':');
  const at = text.search(new RegExp(`(?<![\\da-f])${longest}(?![\\da-f])`));
  return `${text.slice(0, at).replace(/:$/, '')}::${text.slice(at + longest.length).replace(/^:/, '')}`;
}
