import { closeSync, createReadStream, mkdtempSync, openSync, read, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Body } from '../engine/index.ts';

/** A body that is larger is passed on, but not kept. */
const SPOOLED_BODY_BYTES_MAX = 1024 ** 3;
/** All edges of a process together have no more on disk, in bytes and in files. */
const SPOOLED_BYTES_MAX = 4 * 1024 ** 3;
const SPOOLED_FILES_MAX = 500;

let spooledBytes = 0;
let spooledFiles = 0;
/** Caches forget in their own time; files that nobody knows of any more are closed, and are gone with that. */
const forgotten = new FinalizationRegistry<Spool>((spool) => spool.close());

/** A file that has no name any more: it is gone when it is closed, however this process ends. */
export class Spool {
  bytes = 0;
  private readonly file: number;
  private isOpen = true;

  private constructor(file: number) {
    this.file = file;
    spooledFiles += 1;
  }

  /** Undefined when there is no room, or no directory for temporary files. */
  static open(): Spool | undefined {
    if (spooledFiles >= SPOOLED_FILES_MAX) return undefined;
    try {
      const directory = mkdtempSync(join(tmpdir(), 'firedrill-body-'));
      try {
        return new Spool(openSync(join(directory, 'body'), 'w+', 0o600));
      } finally {
        rmSync(directory, { recursive: true });
      }
    } catch {
      return undefined;
    }
  }

  /** @returns whether there was room for it; if not, all is over. */
  write(chunk: Buffer): boolean {
    const hasRoom =
      this.bytes + chunk.length <= SPOOLED_BODY_BYTES_MAX && spooledBytes + chunk.length <= SPOOLED_BYTES_MAX;
    try {
      if (!hasRoom || writeSync(this.file, chunk) !== chunk.length) throw new Error('no room');
    } catch {
      this.close();
      return false;
    }
    this.bytes += chunk.length;
    spooledBytes += chunk.length;
    return true;
  }

  read(): Readable {
    return createReadStream('', { fd: this.file, start: 0, end: this.bytes - 1, autoClose: false, fs: STAYS_OPEN });
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    spooledFiles -= 1;
    spooledBytes -= this.bytes;
    closeSync(this.file);
  }
}

/** A stream that is destroyed closes its file, whatever `autoClose` says; others still have to read from it. */
const STAYS_OPEN = {
  read,
  close: (_file: number, closed: (error: Error | null) => void): void => process.nextTick(closed, null),
};

/** A body that an edge keeps on disk, for there is no room for it in memory. */
export class SpooledBody implements Body {
  readonly bytes: number;
  private readonly spool: Spool;

  constructor(spool: Spool) {
    this.bytes = spool.bytes;
    this.spool = spool;
    forgotten.register(this, spool);
  }

  /** From the beginning, as often as wanted. */
  read(): Readable {
    const stream = this.spool.read();
    // While somebody reads, it is not forgotten.
    stream.once('close', () => void this.bytes);
    return stream;
  }
}
