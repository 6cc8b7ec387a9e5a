import type { StoredObject } from '../../model/index.ts';
import { base64Of, bytesOfBase64 } from '../../model/index.ts';
import type { Body, CutBody, TextBody } from '../conversation.ts';
import type { ByteRange } from './conditions.ts';

/** What a user's objects without a text are made of, in `live`; more than this is counted only. */
const FILLED_BYTES_MAX = 1024 * 1024;

/** The bytes of an object. */
export function bodyOf({ content, text, isBase64Encoded, bytes }: StoredObject): Body | TextBody {
  if (content !== undefined) return content;
  if (text !== undefined) return isBase64Encoded === true ? { bytes, text, isBase64Encoded } : { bytes, text };
  return bytes <= FILLED_BYTES_MAX ? { bytes, text: 'x'.repeat(bytes) } : { bytes };
}

/** A part of an object; its text is Base64, or has one byte a character. */
export function partOf(object: StoredObject, { first, last }: ByteRange): Body | TextBody | CutBody {
  const bytes = last - first + 1;
  const { content, text, isBase64Encoded } = object;
  if (content !== undefined) return { bytes, of: content, pieces: [{ first, last }] };
  if (text === undefined) return bodyOf({ ...object, bytes });
  if (isBase64Encoded !== true) return { bytes, text: text.slice(first, last + 1) };
  // Three bytes are four characters: whole groups around the part, then the bytes at either end are dropped.
  const group = Math.floor(first / 3);
  const around = bytesOfBase64(text.slice(group * 4, (Math.floor(last / 3) + 1) * 4));
  return { bytes, text: base64Of(around.slice(first - group * 3, first - group * 3 + bytes)), isBase64Encoded };
}
