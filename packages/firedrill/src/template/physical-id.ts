/** Letters and digits that identifiers of AWS are made of. */
export const LOWER_ALPHANUMERIC = '0123456789abcdefghijklmnopqrstuvwxyz';
export const UPPER_ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const HEX = '0123456789abcdef';

/**
 * A text of `length` characters that looks random and follows from `seed` alone: the same template gives the
 * same identifiers on every machine. It is not a cryptographic hash; nobody gains by a collision.
 */
export function idFrom(seed: string, length: number, alphabet: string): string {
  let id = '';
  for (let block = 0; id.length < length; block += 1) {
    for (const lane of lanesOf(`${block}|${seed}`)) {
      // 32 bits of a lane give five characters of at most 36 symbols.
      let rest = lane;
      for (let digit = 0; digit < 5; digit += 1) {
        id += alphabet.charAt(rest % alphabet.length);
        rest = Math.floor(rest / alphabet.length);
      }
    }
  }
  return id.slice(0, length);
}

/** As `01234567-89ab-cdef-0123-456789abcdef`. */
export function uuidFrom(seed: string): string {
  const hex = idFrom(seed, 32, HEX);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Four lanes of 32 bits, each multiplied and mixed with the others over all characters. */
function lanesOf(seed: string): readonly number[] {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762];
  for (let index = 0; index < seed.length; index += 1) {
    const code = seed.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  return [a ^ b ^ c ^ d, b ^ a, c ^ a, d ^ a].map((lane) => lane >>> 0);
}
