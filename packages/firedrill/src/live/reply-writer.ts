import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Body, Reply } from '../engine/index.ts';
import { contentOf, innermostOf, isCut, KeptBody, sourceOf, StreamedBody } from './bodies.ts';
import { PieceCutter, piecesOf } from './body-pieces.ts';
import type { WorldClock } from './clock.ts';
import { mayHaveBody, sendable } from './framing.ts';
import type { HttpCall } from './http-call.ts';
import { Spool, SpooledBody } from './spooled-body.ts';

/** A larger body is kept on disk. */
export const KEPT_BODY_BYTES_MAX = 4 * 1024 * 1024;
/** All edges of a process together keep no more in memory. */
const KEPT_BYTES_MAX = 256 * 1024 * 1024;

/** Up to here a body is sent in one piece with its head. */
const ONE_PIECE_BYTES_MAX = 16 * 1024;

let keptBytes = 0;
/** Caches forget in their own time; what they have forgotten counts no more. */
const forgotten = new FinalizationRegistry<number>((bytes) => (keptBytes -= bytes));

/** Sends a reply, as fast as the client takes it. Whatever goes wrong ends the connection. */
export function writeReply(reply: Reply, call: HttpCall, clock: WorldClock): void {
  const { status, body, store } = reply;
  // Nothing outside 200 to 599 can be the last word of an exchange (RFC 9110, 15).
  if (call.isGone || status < 200 || status > 599) {
    dropReply(reply, clock);
    call.breakOff();
    return;
  }
  if (!mayHaveBody(status, call.method)) {
    call.respond(status, sendable(reply.headers), undefined).end();
    readReply(reply, clock);
    return;
  }
  const source = contentOf(sourceOf(body));
  if (Buffer.isBuffer(source)) {
    const content = isCut(body) ? piecesOf(source, body.pieces) : source;
    const sink = call.respond(status, sendable(reply.headers), content.length);
    // With its head in one piece it is written at once, and a short one is cheaper to copy than to be written beside it.
    if (content.length <= ONE_PIECE_BYTES_MAX) sink.end(content.toString('latin1'), 'latin1');
    else sink.end(content);
    if (store !== undefined) store(keepWhole(sourceOf(body)), clock.now());
    return;
  }
  const sink = call.respond(status, sendable(reply.headers), body.bytes);
  if (store !== undefined) keep(source, (kept) => store(kept, clock.now()));
  const passed = (error: unknown): void => {
    if (error !== undefined && error !== null) call.breakOff();
  };
  if (isCut(body)) pipeline(source, new PieceCutter(body.pieces), sink, passed);
  else pipeline(source, sink, passed);
}

/** Reads a reply that nobody waits for, so that it can be kept; drops it when it is not to be. */
export function readReply(reply: Reply, clock: WorldClock): void {
  const { body, store } = reply;
  if (store === undefined) {
    discard(innermostOf(body));
    return;
  }
  const source = contentOf(sourceOf(body));
  if (Buffer.isBuffer(source)) store(keepWhole(sourceOf(body)), clock.now());
  else keep(source, (kept) => store(kept, clock.now()));
}

/** Drops a reply that nobody gets. */
export function dropReply({ body, store }: Reply, clock: WorldClock): void {
  discard(innermostOf(body));
  store?.(undefined, clock.now());
}

/** Reads along, and hands the body over when it has come whole and there is room for it; else undefined. */
function keep(content: Readable, store: (body: Body | undefined) => void): void {
  const keeper = new Keeper();
  let isOver = false;
  const finish = (body: Body | undefined): void => {
    if (isOver) return;
    isOver = true;
    if (body === undefined) keeper.drop();
    store(body);
  };
  content.on('data', (chunk: Buffer) => keeper.add(chunk));
  content.once('end', () => finish(keeper.whole()));
  content.once('close', () => finish(undefined));
}

/** Collects a body: in memory as long as it is small, then on disk. */
class Keeper {
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

  whole(): Body | undefined {
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
function keepWhole(body: Body): Body | undefined {
  if (!(body instanceof KeptBody)) return body;
  if (body.bytes > KEPT_BODY_BYTES_MAX || keptBytes + body.bytes > KEPT_BYTES_MAX) return undefined;
  keptBytes += body.bytes;
  forgotten.register(body, body.bytes);
  return body;
}

function discard(body: Body): void {
  if (body instanceof StreamedBody) body.discard();
}
