const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The Base64 form of a text's UTF-8 bytes. */
export function encodeBase64(source: string): string {
  const bytes = utf8Of(source);
  let encoded = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second, third] = bytes.slice(index, index + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    encoded += DIGITS.charAt(group >>> 18) + DIGITS.charAt((group >>> 12) & 63);
    encoded += second === undefined ? '=' : DIGITS.charAt((group >>> 6) & 63);
    encoded += third === undefined ? '=' : DIGITS.charAt(group & 63);
  }
  return encoded;
}

function utf8Of(source: string): number[] {
  const bytes: number[] = [];
  for (const character of source) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >>> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >>> 12), 0x80 | ((code >>> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >>> 18), 0x80 | ((code >>> 12) & 63), 0x80 | ((code >>> 6) & 63), 0x80 | (code & 63));
  }
  return bytes;
}
