import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { AwsError } from '../aws-error.ts';

/** Verifies the signatures of an `aws-chunked` body, each of which is made from the one before. */
export interface ChunkSigner {
  /** Whether a chunk's signature is right. */
  readonly chunk: (bytes: Uint8Array, signature: string) => boolean;
  /** Whether that of the trailing headers is. */
  readonly trailer: (lines: string, signature: string) => boolean;
}

/** Length of a line that begins a chunk, or of a trailing header. */
const LINE_BYTES_MAX = 4096;
const TRAILERS_MAX = 20;
/** A signed chunk is held until its signature is known to be right. */
const CHUNK_BYTES_MAX = 64 * 1024 * 1024;
const SIGNATURE_TRAILER = 'x-amz-trailer-signature';

/**
 * Takes the body out of `aws-chunked` coding: `SIZE;chunk-signature=…`, bytes, and behind the last chunk headers with checksums.
 * Ends in an AwsError when the coding is broken or a signature is wrong.
 */
export class ChunkedBody extends Transform {
  /** Headers that came behind the body, by lower-case names. */
  readonly trailers: Record<string, string> = {};
  private readonly signer: ChunkSigner | undefined;
  private held: Buffer = Buffer.alloc(0);
  private state: 'size' | 'bytes' | 'line-end' | 'trailers' | 'over' = 'size';
  private left = 0;
  private signature = '';
  private pieces: Buffer[] = [];

  /** @param signer - undefined where signatures are not looked at. */
  constructor(signer?: ChunkSigner) {
    super();
    this.signer = signer;
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.held = this.held.length === 0 ? bytes : Buffer.concat([this.held, bytes]);
    try {
      while (this.step());
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _flush(done: TransformCallback): void {
    // Some clients leave out the empty line behind the last header.
    if (this.state === 'trailers' && this.held.length > 0) {
      try {
        this.trailer(this.held.toString('latin1').trim());
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
        return;
      }
    }
    if (this.state !== 'over' && this.state !== 'trailers') {
      done(broken('The request body terminated unexpectedly'));
      return;
    }
    done(this.trailerFlaw());
  }

  /** Goes one step on; false when that needs more bytes. */
  private step(): boolean {
    switch (this.state) {
      case 'size':
        return this.readLine((line) => this.begin(line));
      case 'bytes':
        return this.readBytes();
      case 'line-end':
        return this.readLine((line) => {
          if (line !== '') throw broken('A chunk is longer than it says');
          this.state = 'size';
        });
      case 'trailers':
        return this.readLine((line) => (line === '' ? (this.state = 'over') : this.trailer(line)));
      case 'over':
        this.held = Buffer.alloc(0);
        return false;
    }
  }

  private readLine(take: (line: string) => void): boolean {
    const at = this.held.indexOf('\r\n');
    if (at === -1) {
      if (this.held.length > LINE_BYTES_MAX) throw broken('A line of the chunked body is too long');
      return false;
    }
    const line = this.held.toString('latin1', 0, at);
    this.held = this.held.subarray(at + 2);
    take(line);
    return true;
  }

  private begin(line: string): void {
    const match = /^([0-9a-fA-F]{1,13})(?:;chunk-signature=([0-9a-f]*))?\s*$/.exec(line);
    if (match?.[1] === undefined) throw broken('The size of a chunk cannot be read');
    this.left = Number.parseInt(match[1], 16);
    if (this.signer !== undefined && this.left > CHUNK_BYTES_MAX) throw broken('A signed chunk is too large');
    this.signature = match[2] ?? '';
    if (this.left > 0) {
      this.state = 'bytes';
      return;
    }
    this.finishChunk();
    this.state = 'trailers';
  }

  private readBytes(): boolean {
    if (this.held.length === 0) return false;
    const piece = this.held.subarray(0, this.left);
    this.held = this.held.subarray(piece.length);
    this.left -= piece.length;
    if (this.signer === undefined) this.push(piece);
    else this.pieces.push(piece);
    if (this.left > 0) return true;
    if (this.signer !== undefined) this.finishChunk();
    this.state = 'line-end';
    return true;
  }

  private finishChunk(): void {
    if (this.signer === undefined) return;
    const bytes = Buffer.concat(this.pieces);
    this.pieces = [];
    if (!this.signer.chunk(bytes, this.signature)) throw wrongSignature();
    if (bytes.length > 0) this.push(bytes);
  }

  private trailer(line: string): void {
    const at = line.indexOf(':');
    if (at < 1 || Object.keys(this.trailers).length >= TRAILERS_MAX) throw broken('A trailing header cannot be read');
    this.trailers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
  }

  private trailerFlaw(): AwsError | undefined {
    const { [SIGNATURE_TRAILER]: signature, ...rest } = this.trailers;
    if (this.signer === undefined || signature === undefined) return undefined;
    const lines = Object.entries(rest).map(([name, value]) => `${name}:${value}\n`);
    return this.signer.trailer(lines.join(''), signature) ? undefined : wrongSignature();
  }
}

function broken(message: string): AwsError {
  return new AwsError('IncompleteBody', message);
}

function wrongSignature(): AwsError {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return new AwsError('SignatureDoesNotMatch', message, 403);
}
