/*
 * The hashes that both runtimes offer, by their standards (RFC 1321, FIPS 180-4, RFC 2104). By hand, for the code runs
 * in rooms that have no Node.
 */

export type DigestName = 'md5' | 'sha1' | 'sha256';

export function isDigestName(name: string): name is DigestName {
  return name === 'md5' || name === 'sha1' || name === 'sha256';
}

const BLOCK_BYTES = 64;

export function digest(name: DigestName, bytes: Uint8Array): Uint8Array {
  switch (name) {
    case 'md5':
      return md5(bytes);
    case 'sha1':
      return sha1(bytes);
    case 'sha256':
      return sha256(bytes);
  }
}

/** Keyed, as in RFC 2104. */
export function keyedDigest(name: DigestName, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const short = key.length > BLOCK_BYTES ? digest(name, key) : key;
  const padded = new Uint8Array(BLOCK_BYTES);
  padded.set(short);
  const inner = digest(
    name,
    joined(
      padded.map((byte) => byte ^ 0x36),
      bytes,
    ),
  );
  return digest(
    name,
    joined(
      padded.map((byte) => byte ^ 0x5c),
      inner,
    ),
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The message, a one bit, zeros, and its length in bits, in whole blocks. */
function padded(bytes: Uint8Array, isLittle: boolean): DataView {
  const length = Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES;
  const whole = new Uint8Array(length);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  const bits = bytes.length * 8;
  const high = Math.floor(bits / 2 ** 32);
  view.setUint32(isLittle ? length - 8 : length - 4, bits >>> 0, isLittle);
  view.setUint32(isLittle ? length - 4 : length - 8, high, isLittle);
  return view;
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function bytesOf(words: readonly number[], isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((word, index) => view.setUint32(index * 4, word >>> 0, isLittle));
  return new Uint8Array(view.buffer);
}

const at = (words: readonly number[] | Int32Array, index: number): number => words[index] ?? 0;

const MD5_SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
const MD5_SINES = Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) | 0);

function md5(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, true);
  let [a, b, c, d] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < view.byteLength; block += BLOCK_BYTES) {
    const before = [a, b, c, d] as const;
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const [mixed, index] = md5Step(round, step, b, c, d);
      const shift = MD5_SHIFTS[round]?.[step & 3] ?? 0;
      const sum = (a + mixed + at(MD5_SINES, step) + view.getInt32(block + index * 4, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotated(sum, shift)) | 0];
    }
    [a, b, c, d] = [(a + before[0]) | 0, (b + before[1]) | 0, (c + before[2]) | 0, (d + before[3]) | 0];
  }
  return bytesOf([a, b, c, d], true);
}

function md5Step(round: number, step: number, b: number, c: number, d: number): readonly [number, number] {
  if (round === 0) return [(b & c) | (~b & d), step];
  if (round === 1) return [(d & b) | (~d & c), (5 * step + 1) & 15];
  if (round === 2) return [b ^ c ^ d, (3 * step + 5) & 15];
  return [c ^ (b | ~d), (7 * step) & 15];
}

function sha1(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, false);
  let state: readonly number[] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const words = new Int32Array(80);
  for (let block = 0; block < view.byteLength; block += BLOCK_BYTES) {
    for (let i = 0; i < 80; i++) {
      words[i] =
        i < 16
          ? view.getInt32(block + i * 4)
          : rotated(at(words, i - 3) ^ at(words, i - 8) ^ at(words, i - 14) ^ at(words, i - 16), 1);
    }
    let [a, b, c, d, e] = [at(state, 0), at(state, 1), at(state, 2), at(state, 3), at(state, 4)];
    for (let i = 0; i < 80; i++) {
      const sum = (rotated(a, 5) + sha1Mix(i, b, c, d) + e + at(words, i)) | 0;
      [e, d, c, b, a] = [d, c, rotated(b, 30), a, sum];
    }
    state = [a, b, c, d, e].map((word, index) => (word + at(state, index)) | 0);
  }
  return bytesOf(state, false);
}

function sha1Mix(step: number, b: number, c: number, d: number): number {
  if (step < 20) return (((b & c) | (~b & d)) + 0x5a827999) | 0;
  if (step < 40) return ((b ^ c ^ d) + 0x6ed9eba1) | 0;
  if (step < 60) return (((b & c) | (b & d) | (c & d)) + (0x8f1bbcdc | 0)) | 0;
  return ((b ^ c ^ d) + (0xca62c1d6 | 0)) | 0;
}

/** The first 64 primes, whose roots the constants of SHA-256 are taken from. */
const PRIMES = Array.from({ length: 312 }, (_, number) => number).filter(
  (number) =>
    number > 1 &&
    Array.from({ length: number }, (_, below) => below).every((below) => below < 2 || number % below !== 0),
);
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
const SHA256_ROUNDS = PRIMES.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)));
const SHA256_START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

function sha256(bytes: Uint8Array): Uint8Array {
  const view = padded(bytes, false);
  let state: readonly number[] = SHA256_START;
  const words = new Int32Array(64);
  for (let block = 0; block < view.byteLength; block += BLOCK_BYTES) {
    for (let i = 0; i < 64; i++) words[i] = i < 16 ? view.getInt32(block + i * 4) : sha256Word(words, i);
    let [a, b, c, d] = [at(state, 0), at(state, 1), at(state, 2), at(state, 3)];
    let [e, f, g, h] = [at(state, 4), at(state, 5), at(state, 6), at(state, 7)];
    for (let i = 0; i < 64; i++) {
      const high = rotated(e, 26) ^ rotated(e, 21) ^ rotated(e, 7);
      const first = (h + high + ((e & f) ^ (~e & g)) + at(SHA256_ROUNDS, i) + at(words, i)) | 0;
      const low = rotated(a, 30) ^ rotated(a, 19) ^ rotated(a, 10);
      const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    state = [a, b, c, d, e, f, g, h].map((word, index) => (word + at(state, index)) | 0);
  }
  return bytesOf(state, false);
}

function sha256Word(words: Int32Array, i: number): number {
  const early = at(words, i - 15);
  const late = at(words, i - 2);
  const first = rotated(early, 25) ^ rotated(early, 14) ^ (early >>> 3);
  const second = rotated(late, 15) ^ rotated(late, 13) ^ (late >>> 10);
  return (at(words, i - 16) + first + at(words, i - 7) + second) | 0;
}
