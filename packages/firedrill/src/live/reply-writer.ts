import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Body, Header, Headers, Reply } from '../engine/index.ts';
import { contentOf, KeptBody, StreamedBody } from './bodies.ts';
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
    discard(body);
    call.breakOff();
    return;
  }
  if (!mayHaveBody(status, call.method)) {
    discard(body);
    call.respond(status, sendable(reply.headers), undefined).end();
    return;
  }
  const content = contentOf(body);
  const bytes = Buffer.isBuffer(content) ? content.length : body.bytes;
  const sink = call.respond(status, sendable(reply.headers), bytes);
  if (Buffer.isBuffer(content)) {
    sink.end(content);
    store?.(body, clock.now());
    return;
  }
  if (store !== undefined) keep(content, (kept) => store(kept, clock.now()));
  pipeline(content, sink, (error) => {
    if (error !== undefined && error !== null) call.breakOff();
  });
}

/** Reads along, and hands the body over when it has come whole and is not too large. */
function keep(content: Readable, store: (body: Body) => void): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  let isTooLarge = false;
  content.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    isTooLarge ||= bytes > KEPT_BODY_BYTES_MAX || keptBytes + bytes > KEPT_BYTES_MAX;
    if (isTooLarge) chunks = [];
    else chunks.push(chunk);
  });
  content.once('end', () => {
    if (isTooLarge) return;
    const kept = new KeptBody(Buffer.concat(chunks, bytes));
    keptBytes += bytes;
    forgotten.register(kept, bytes);
    store(kept);
  });
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
