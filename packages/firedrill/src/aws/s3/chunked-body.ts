import { AwsError } from '../aws-error.ts';

/** A line between chunks is no longer than this: a size and a signature, or one trailer. */
const LINE_BYTES_MAX = 8 * 1024;
/** Trailers of one upload. */
const TRAILERS_MAX = 20;

/** A body in `aws-chunked` coding, undone: its data, and what came behind it. */
export class ChunkedBody {
  /** Trailers by lower-case names; there once all data has been read. */
  readonly trailers = new Map<string, string>();
  private readonly source: AsyncIterator<Uint8Array>;
  private buffered: Buffer = Buffer.alloc(0);
  private isAtEnd = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /**
   * The data of all chunks. Signatures of chunks are passed over.
   * @throws AwsError when the body ends before its last chunk, or is no such coding.
   */
  async *data(): AsyncGenerator<Buffer> {
    for (;;) {
      const [size = ''] = (await this.line()).split(';', 1);
      if (!/^[0-9a-f]{1,12}$/i.test(size)) throw incomplete();
      let missing = Number.parseInt(size, 16);
      if (missing === 0) break;
      while (missing > 0) {
        if (this.buffered.length === 0 && !(await this.fill())) throw incomplete();
        const piece = this.buffered.subarray(0, missing);
        this.buffered = this.buffered.subarray(piece.length);
        missing -= piece.length;
        yield piece;
      }
      if ((await this.line()) !== '') throw incomplete();
    }
    await this.readTrailers();
  }

  private async readTrailers(): Promise<void> {
    for (let line = await this.lineOrEnd(); line !== undefined && line !== ''; line = await this.lineOrEnd()) {
      const at = line.indexOf(':');
      if (at < 1 || this.trailers.size >= TRAILERS_MAX) throw incomplete();
      this.trailers.set(line.slice(0, at).toLowerCase(), line.slice(at + 1).trim());
    }
  }

  private async line(): Promise<string> {
    const line = await this.lineOrEnd();
    if (line === undefined) throw incomplete();
    return line;
  }

  /** Up to the next line end; undefined: nothing comes any more. */
  private async lineOrEnd(): Promise<string | undefined> {
    for (let searched = 0; ;) {
      const at = this.buffered.indexOf('\r\n', searched);
      if (at >= 0) {
        const line = this.buffered.toString('latin1', 0, at);
        this.buffered = this.buffered.subarray(at + 2);
        return line;
      }
      if (this.buffered.length > LINE_BYTES_MAX) throw incomplete();
      searched = Math.max(0, this.buffered.length - 1);
      if (await this.fill()) continue;
      if (this.buffered.length === 0) return undefined;
      throw incomplete();
    }
  }

  /** Whether anything more has come. */
  private async fill(): Promise<boolean> {
    if (this.isAtEnd) return false;
    const { value, done } = await this.source.next();
    if (done === true) {
      this.isAtEnd = true;
      return false;
    }
    this.buffered = this.buffered.length === 0 ? Buffer.from(value) : Buffer.concat([this.buffered, value]);
    return true;
  }
}

function incomplete(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly; it is no whole aws-chunked body.');
}
