import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Body, Header, Headers, Reply } from '../engine/index.ts';
import { contentOf, isCut, KeptBody, sourceOf, StreamedBody } from './bodies.ts';
import { PieceCutter, piecesOf } from './body-pieces.ts';
import type { WorldClock } from './clock.ts';
import { mayHaveBody } from './framing.ts';
import type { HttpCall } from './http-call.ts';

/** A larger body is passed on, but no edge keeps it: memory is ours, not CloudFront's. */
export const KEPT_BODY_BYTES_MAX = 4 * 1024 * 1024;
/** All edges of a process together keep no more. */
const KEPT_BYTES_MAX = 256 * 1024 * 1024;

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
    call.respond(status, sendable(reply.headers), content.length).end(content);
    store?.(sourceOf(body), clock.now());
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
    discard(sourceOf(body));
    return;
  }
  const source = contentOf(sourceOf(body));
  if (Buffer.isBuffer(source)) store(sourceOf(body), clock.now());
  else keep(source, (kept) => store(kept, clock.now()));
}

/** Drops a reply that nobody gets. */
export function dropReply({ body, store }: Reply, clock: WorldClock): void {
  discard(sourceOf(body));
  store?.(undefined, clock.now());
}

/** Reads along, and hands the body over when it has come whole and is not too large; else undefined. */
function keep(content: Readable, store: (body: Body | undefined) => void): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let isTooLarge = false;
  let isOver = false;
  const finish = (body: Body | undefined): void => {
    if (!isOver) store(body);
    isOver = true;
  };
  content.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    isTooLarge ||= bytes > KEPT_BODY_BYTES_MAX || keptBytes + bytes > KEPT_BYTES_MAX;
    if (isTooLarge) chunks = [];
    else chunks.push(chunk);
  });
  content.once('end', () => {
    if (isTooLarge) return finish(undefined);
    const kept = new KeptBody(Buffer.concat(chunks, bytes));
    keptBytes += bytes;
    forgotten.register(kept, bytes);
    finish(kept);
  });
  content.once('close', () => finish(undefined));
}

function discard(body: Body): void {
  if (body instanceof StreamedBody) body.discard();
}

/** User code may give headers that no message can carry; they are left out (RFC 9110, 5.5). */
function sendable(headers: Headers): Header[] {
  return headers.filter(
    ([name, value]) => /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value),
  );
}
