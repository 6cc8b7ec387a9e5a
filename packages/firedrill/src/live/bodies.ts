import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { Body, BodyEncoding, CodedBody, CollectedBody, CutBody, TextBody } from '../engine/index.ts';
import { Abandoned } from './live-error.ts';
import { SpooledBody } from './spooled-body.ts';

/** A stream that tells of every packet that comes, whether somebody reads it yet or not. */
export class PacketStream extends Readable {
  packet: () => void = () => undefined;

  /** Takes back the memory of what came, from its only reader, who has no use for it any more. */
  reuse(_packet: Buffer): void {
    // Most have none to reuse.
  }
}

/** A body whose bytes are still coming. They can be taken once. */
export class StreamedBody implements Body {
  readonly bytes: number | undefined;
  private readonly stream: Readable;
  private isTaken = false;
  /** What somebody has looked into and nobody has taken yet. */
  private readonly looked: Buffer[] = [];
  private lookedBytes = 0;
  private isAtEnd = false;

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
    return this.lookedBytes === 0 && !this.isAtEnd ? this.stream : Readable.from(this.all(), { objectMode: false });
  }

  /**
   * The first bytes, one more than asked for when there are more; all of them can still be taken.
   * @throws when the body breaks off before.
   */
  async look(bytes: number): Promise<Buffer> {
    while (this.lookedBytes <= bytes && !this.isAtEnd) await this.lookOn();
    return Buffer.concat(this.looked).subarray(0, bytes + 1);
  }

  /** Ends the connection that it comes from, if any bytes are still missing. */
  discard(): void {
    if (!this.isTaken) this.stream.destroy();
  }

  /** Whether nothing is awaited any more. */
  get isWhole(): boolean {
    return this.stream.readableEnded;
  }

  /** Whether it is the reader that the next bytes wait for. */
  get isHeldUp(): boolean {
    const { stream } = this;
    return !stream.destroyed && (stream.readableFlowing !== true || stream.readableLength > 0);
  }

  /** Tells of every packet, where whoever it comes from does, and of its end. */
  watch({ packet, over }: { readonly packet: () => void; readonly over: () => void }): void {
    if (this.stream instanceof PacketStream) this.stream.packet = packet;
    this.stream.once('close', over);
  }

  /** Ends it in the middle, so that its reader sees that something is missing. */
  breakOff(): void {
    this.stream.destroy(new Error('the body has broken off'));
  }

  private async lookOn(): Promise<void> {
    for await (const chunk of this.stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.looked.push(chunk);
      this.lookedBytes += chunk.length;
      return;
    }
    this.isAtEnd = true;
  }

  private async *all(): AsyncGenerator<Buffer> {
    for (const chunk of this.looked.splice(0)) yield chunk;
    if (!this.isAtEnd) yield* this.stream.iterator({ destroyOnReturn: true }) as AsyncIterable<Buffer>;
  }
}

/** A body that is there whole, as one that an edge keeps. */
export class KeptBody implements Body {
  readonly bytes: number;
  private held: Buffer | string;

  /** @param content bytes, or as many characters, one for each: a short one that is only passed on never becomes anything else. */
  constructor(content: Buffer | string) {
    this.held = content;
    this.bytes = content.length;
  }

  get content(): Buffer {
    if (typeof this.held === 'string') this.held = Buffer.from(this.held, 'latin1');
    return this.held;
  }

  /** Lets go of whatever came together with it. */
  compact(): this {
    this.held = this.content;
    return this;
  }

  /** One character a byte. */
  get characters(): string {
    return typeof this.held === 'string' ? this.held : this.held.toString('latin1');
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
  if (body !== undefined && isCoded(body)) return encode(contentOf(body.of), body.coding);
  if (body === undefined || body instanceof CountedBody) return Buffer.alloc(0);
  if (body instanceof StreamedBody) return body.take();
  if (body instanceof KeptBody) return body.content;
  if (body instanceof SpooledBody) return body.read();
  return isText(body) ? Buffer.from(body.text, body.isBase64Encoded === true ? 'base64' : 'utf8') : Buffer.alloc(0);
}

/** Compresses; should either end break off, so does the other. */
function encode(content: Buffer | Readable, coding: CodedBody['coding']): Readable {
  const encoder = coding === 'br' ? createBrotliCompress(BROTLI) : createGzip();
  pipeline(Buffer.isBuffer(content) ? Readable.from([content]) : content, encoder, () => undefined);
  return encoder;
}

/** As edges do it, for speed; the default is for files that are made once. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** The body that another one is made of, or itself. */
export function sourceOf(body: Body): Body {
  return isCut(body) ? body.of : body;
}

/** Where the bytes of a body come from in the end. */
export function innermostOf(body: Body): Body {
  const source = sourceOf(body);
  return isCoded(source) ? source.of : source;
}

function isCoded(body: Body): body is CodedBody {
  return 'of' in body && 'coding' in body;
}

/** Whether a body is made of parts of another one. */
export function isCut(body: Body): body is CutBody {
  return 'of' in body && 'pieces' in body;
}

function isText(body: Body): body is TextBody {
  return 'text' in body && typeof body.text === 'string';
}

/**
 * Collects a body for an event. Undefined when it is larger than `bytesMax`; no more than that is held.
 * @throws Abandoned when the body breaks off.
 */
export async function collect(
  body: Body,
  bytesMax: number,
  encoding?: BodyEncoding,
): Promise<CollectedBody | undefined> {
  if (body.bytes !== undefined && body.bytes > bytesMax) return undefined;
  const content = contentOf(body);
  if (Buffer.isBuffer(content)) return content.length > bytesMax ? undefined : collected(content, encoding);
  const whole = await wholeOf(content, bytesMax);
  return whole === undefined ? undefined : collected(whole, encoding);
}

/**
 * The beginning of a body for an event, as Base64; the body goes on as if nobody had looked.
 * @throws Abandoned when the body breaks off.
 */
export async function peek(body: Body, bytesMax: number): Promise<CollectedBody> {
  const content = body instanceof StreamedBody ? await lookInto(body, bytesMax) : (contentOf(body) as Buffer);
  const text = content.subarray(0, bytesMax).toString('base64');
  return { text, isBase64Encoded: true, isTruncated: content.length > bytesMax };
}

async function lookInto(body: StreamedBody, bytes: number): Promise<Buffer> {
  try {
    return await body.look(bytes);
  } catch {
    throw new Abandoned('the client has gone');
  }
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

function collected(content: Buffer, encoding: BodyEncoding = isUtf8(content) ? 'text' : 'base64'): CollectedBody {
  if (encoding === 'text') return { text: content.toString('utf8'), isBase64Encoded: false };
  return { text: content.toString('base64'), isBase64Encoded: true };
}
