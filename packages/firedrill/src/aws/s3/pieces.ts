import { PassThrough, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { ByteRange } from '../../engine/index.ts';
import { PieceCutter } from '../../live/index.ts';

/** A part of an object's bytes. */
export function cut(content: Buffer | Readable, range: ByteRange): Buffer | Readable {
  if (Buffer.isBuffer(content)) return content.subarray(range.first, range.last + 1);
  // What breaks off before the cut breaks off behind it.
  return pipeline(content, new PieceCutter([range]), new PassThrough(), () => undefined);
}
