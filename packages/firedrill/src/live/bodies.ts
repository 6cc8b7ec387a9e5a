import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Body, CollectedBody, TextBody } from '../engine/index.ts';
import { Abandoned } from './live-error.ts';

/** A body whose bytes are still coming. They can be taken once. */
export class StreamedBody implements Body {
  readonly bytes: number | undefined;
  private readonly stream: Readable;
  private isTaken = false;

  constructor(stream: Readable, bytes: number | undefined) {
    this.stream = stream;
    this.bytes = bytes;
    // Whoever takes the bytes sees them break off; when nobody does, it is no news.
    stream.on('error', () => undefined);
  }

  /** @throws when the bytes have been taken before: they are not kept. */
  take(): Readable {
    if (this.isTaken) throw new Error('The bytes of this body have been passed on before.');
    this.isTaken = true;
    return this.stream;
  }

  /** Ends the connection that it comes from, if any bytes are still missing. */
  discard(): void {
    if (!this.isTaken) this.stream.destroy();
  }
}

/** A body that an edge keeps. */
export class KeptBody implements Body {
  readonly bytes: number;
  readonly content: Buffer;

  constructor(content: Buffer) {
    this.content = content;
    this.bytes = content.length;
  }
}

/** A body that has come whole and that nobody looks into: only its length is known. */
export class CountedBody implements Body {
  readonly bytes: number;

  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

/** The bytes of a body, whole or as they come. */
export function contentOf(body: Body | undefined): Buffer | Readable {
  if (body === undefined || body instanceof CountedBody) return Buffer.alloc(0);
  if (body instanceof StreamedBody) return body.take();
  if (body instanceof KeptBody) return body.content;
  return isText(body) ? Buffer.from(body.text, body.isBase64Encoded === true ? 'base64' : 'utf8') : Buffer.alloc(0);
}

function isText(body: Body): body is TextBody {
  return 'text' in body && typeof body.text === 'string';
}

/**
 * Collects a body for an event. Undefined when it is larger than `bytesMax`; no more than that is held.
 * @throws Abandoned when the body breaks off.
 */
export async function collect(body: Body, bytesMax: number): Promise<CollectedBody | undefined> {
  if (body.bytes !== undefined && body.bytes > bytesMax) return undefined;
  const content = contentOf(body);
  if (Buffer.isBuffer(content)) return content.length > bytesMax ? undefined : collected(content);
  const whole = await wholeOf(content, bytesMax);
  return whole === undefined ? undefined : collected(whole);
}

async function wholeOf(content: Readable, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Not destroyed when it is left early: the sender still has to be told that its body is too large.
    for await (const chunk of content.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        content.resume();
        return undefined;
      }
      chunks.push(chunk);
    }
  } catch {
    throw new Abandoned('the client has gone');
  }
  return Buffer.concat(chunks, bytes);
}

function collected(content: Buffer): CollectedBody {
  if (isUtf8(content)) return { text: content.toString('utf8'), isBase64Encoded: false };
  return { text: content.toString('base64'), isBase64Encoded: true };
}
