import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';

/** What one function may write in one run; the rest is dropped. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** What Lambda shows of a log with an answer. */
const TAIL_BYTES_MAX = 4096;

/** Standard output and error of all processes of one function, in one file. */
export class FunctionLog {
  readonly file: string;
  private readonly stream: WriteStream;
  private bytes = 0;

  /** Begins the file anew, readable by its owner only. */
  static async open(file: string): Promise<FunctionLog> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const stream = createWriteStream(file, { mode: 0o600 });
    await once(stream, 'open');
    // A full disk takes the log, not the run.
    stream.on('error', () => undefined);
    return new FunctionLog(file, stream);
  }

  private constructor(file: string, stream: WriteStream) {
    this.file = file;
    this.stream = stream;
  }

  /** Takes whatever comes out; a source is always read to its end, so that nobody waits for the log. */
  follow(source: Readable): void {
    source.on('error', () => undefined);
    source.on('data', (chunk: Buffer) => this.write(chunk));
  }

  /** Adds a line of our own. */
  note(text: string): void {
    this.write(Buffer.from(`[firedrill: ${text}]\n`));
  }

  /** How much has been written so far. */
  get bytesWritten(): number {
    return this.bytes;
  }

  /** What has been written since then, or the last {@link TAIL_BYTES_MAX} of it. */
  async since(bytes: number): Promise<string> {
    // What was handed to the stream before is in the file when this is.
    await new Promise<void>((resolve) => void this.stream.write('', () => resolve()));
    const from = Math.max(bytes, this.bytes - TAIL_BYTES_MAX);
    const file = await open(this.file);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES_MAX), 0, TAIL_BYTES_MAX, from);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await file.close();
    }
  }

  async close(): Promise<void> {
    this.stream.end();
    await finished(this.stream).catch(() => undefined);
  }

  private write(chunk: Buffer): void {
    const room = LOG_BYTES_MAX - this.bytes;
    if (room <= 0 || this.stream.writableEnded) return;
    this.bytes += chunk.length;
    this.stream.write(chunk.subarray(0, room));
    if (chunk.length >= room) this.stream.write(`\n[firedrill: the log ends here, at ${LOG_BYTES_MAX} bytes]\n`);
  }
}
