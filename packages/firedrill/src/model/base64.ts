const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes in Base64 (RFC 4648, 4), padded. */
export function base64Of(bytes: readonly number[]): string {
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    encoded += DIGITS.charAt(group >>> 18) + DIGITS.charAt((group >>> 12) & 63);
    encoded += second === undefined ? '=' : DIGITS.charAt((group >>> 6) & 63);
    encoded += third === undefined ? '=' : DIGITS.charAt(group & 63);
  }
  return encoded;
}

/** The bytes that a Base64 text stands for; of a text that is none, no matter what. */
export function bytesOfBase64(text: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 4) {
    const digits = text
      .slice(at, at + 4)
      .replaceAll('=', '')
      .split('')
      .map((digit) => DIGITS.indexOf(digit));
    const group = digits.reduce((sum, digit, index) => sum | (digit << (18 - 6 * index)), 0);
    bytes.push(...[16, 8, 0].slice(0, digits.length - 1).map((shift) => (group >>> shift) & 255));
  }
  return bytes;
}

/** A text in UTF-8; half a surrogate pair becomes U+FFFD. */
export function utf8Of(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const own = character.codePointAt(0) ?? 0;
    const code = own >= 0xd800 && own <= 0xdfff ? 0xfffd : own;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >>> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >>> 12), 0x80 | ((code >>> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >>> 18), 0x80 | ((code >>> 12) & 63), 0x80 | ((code >>> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}
