import type { Body } from '../engine/index.ts';
import { KeptBody } from './bodies.ts';
import { Spool, SpooledBody } from './spooled-body.ts';

/** A larger body is kept on disk. */
export const KEPT_BODY_BYTES_MAX = 4 * 1024 * 1024;
/** All edges and object stores of a process together keep no more in memory. */
const KEPT_BYTES_MAX = 256 * 1024 * 1024;

let keptBytes = 0;
/** Caches forget in their own time; what they have forgotten counts no more. */
const forgotten = new FinalizationRegistry<number>((bytes) => (keptBytes -= bytes));

/** Collects a body: in memory as long as it is small, then on disk. */
export class BodyKeeper {
  private chunks: Buffer[] = [];
  private bytes = 0;
  private spool: Spool | undefined = undefined;
  private isTooLarge = false;

  add(chunk: Buffer): void {
    if (this.isTooLarge) return;
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    const isForMemory = this.bytes <= KEPT_BODY_BYTES_MAX && keptBytes + this.bytes <= KEPT_BYTES_MAX;
    if (this.spool === undefined && isForMemory) return;
    const { spool = Spool.open() } = this;
    this.spool = spool;
    this.isTooLarge = spool === undefined || !this.chunks.splice(0).every((one) => spool.write(one));
    if (this.isTooLarge) this.drop();
  }

  whole(): KeptBody | SpooledBody | undefined {
    if (this.isTooLarge) return undefined;
    if (this.spool !== undefined) return new SpooledBody(this.spool);
    return keepWhole(new KeptBody(Buffer.concat(this.chunks, this.bytes)));
  }

  drop(): void {
    this.chunks = [];
    this.isTooLarge = true;
    this.spool?.close();
  }
}

/** A body that has come whole, unless there is no room for it; a text that the engine made is its own. */
export function keepWhole<Kind extends Body>(body: Kind): Kind | undefined {
  if (!(body instanceof KeptBody)) return body;
  if (body.bytes > KEPT_BODY_BYTES_MAX || keptBytes + body.bytes > KEPT_BYTES_MAX) return undefined;
  keptBytes += body.bytes;
  forgotten.register(body, body.bytes);
  return body.compact();
}
