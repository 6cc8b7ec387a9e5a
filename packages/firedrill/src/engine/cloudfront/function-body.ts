import type { TextBody } from '../conversation.ts';

/** A body that a function has made: text, or Base64 of the bytes. @returns a text when it is neither, saying why. */
export function readFunctionBody(text: unknown, encoding: unknown): TextBody | string {
  if (typeof text !== 'string') return 'the body is not a text';
  if (encoding === 'base64') {
    const bytes = decodedBytes(text);
    return bytes === undefined ? 'the body is not valid Base64' : { bytes, text, isBase64Encoded: true };
  }
  if (encoding !== undefined && encoding !== null && encoding !== 'text')
    return 'the encoding of the body must be text or base64';
  return { bytes: utf8Bytes(text), text };
}

/** Bytes that a Base64 text stands for; undefined when it is none (RFC 4648, 4). */
function decodedBytes(text: string): number | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** Bytes of a text in UTF-8; half a surrogate pair takes three, as what it is replaced with does. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
