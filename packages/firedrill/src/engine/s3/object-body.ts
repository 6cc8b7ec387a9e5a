import type { StoredObject } from '../../model/index.ts';
import type { Body, TextBody } from '../conversation.ts';
import type { ByteRange } from './conditions.ts';

/** What a user's objects without a text are made of, in `live`; more than this is counted only. */
const FILLED_BYTES_MAX = 1024 * 1024;

/** The bytes of an object. */
export function bodyOf({ text, isBase64Encoded, bytes }: StoredObject): Body | TextBody {
  if (text !== undefined) return isBase64Encoded === true ? { bytes, text, isBase64Encoded } : { bytes, text };
  return bytes <= FILLED_BYTES_MAX ? { bytes, text: 'x'.repeat(bytes) } : { bytes };
}

/** A part of an object; its text is Base64, or has one byte a character. */
export function partOf(object: StoredObject, { first, last }: ByteRange): Body | TextBody {
  const bytes = last - first + 1;
  const { text, isBase64Encoded } = object;
  if (text === undefined) return bodyOf({ ...object, bytes });
  if (isBase64Encoded !== true) return { bytes, text: text.slice(first, last + 1) };
  // Three bytes are four characters: whole groups around the part, then the bytes at either end are dropped.
  const group = Math.floor(first / 3);
  const around = bytesOf(text.slice(group * 4, (Math.floor(last / 3) + 1) * 4));
  return { bytes, text: base64Of(around.slice(first - group * 3, first - group * 3 + bytes)), isBase64Encoded };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function bytesOf(base64: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < base64.length; at += 4) {
    const digits = base64
      .slice(at, at + 4)
      .replaceAll('=', '')
      .split('')
      .map((digit) => DIGITS.indexOf(digit));
    const group = digits.reduce((sum, digit, index) => sum | (digit << (18 - 6 * index)), 0);
    bytes.push(...[16, 8, 0].slice(0, digits.length - 1).map((shift) => (group >>> shift) & 255));
  }
  return bytes;
}

function base64Of(bytes: readonly number[]): string {
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.slice(at, at + 3);
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    encoded += DIGITS.charAt(group >>> 18) + DIGITS.charAt((group >>> 12) & 63);
    encoded += b === undefined ? '=' : DIGITS.charAt((group >>> 6) & 63);
    encoded += c === undefined ? '=' : DIGITS.charAt(group & 63);
  }
  return encoded;
}
