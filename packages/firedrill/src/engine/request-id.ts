/** A version 4 UUID from draws. Every answer has one, those to health checkers too: bytes are looked up, not written anew. */
export function uuidFrom(draw: () => number): string {
  const first = Math.floor(draw() * 0x1_0000_0000);
  const second = Math.floor(draw() * 0x1_0000);
  const third = Math.floor(draw() * 0x1000);
  const variant = Math.floor(draw() * 4);
  const fourth = Math.floor(draw() * 0x1000);
  const last = Math.floor(draw() * 0x1_0000_0000_0000);
  const [high, low] = [Math.floor(last / 0x1_0000_0000), last % 0x1_0000_0000];
  return (
    `${two(first / 0x100_0000)}${two(first >>> 16)}${two(first >>> 8)}${two(first)}-${two(second >>> 8)}${two(second)}` +
    `-${two(0x40 | (third >>> 8))}${two(third)}-${two(0x80 | (variant << 4) | (fourth >>> 8))}${two(fourth)}` +
    `-${two(high >>> 8)}${two(high)}${two(low / 0x100_0000)}${two(low >>> 16)}${two(low >>> 8)}${two(low)}`
  );
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The last byte of a whole number, in two digits. */
function two(value: number): string {
  return BYTES[Math.floor(value) & 0xff] ?? '';
}
