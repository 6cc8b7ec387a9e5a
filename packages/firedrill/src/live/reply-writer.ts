import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Body, Reply } from '../engine/index.ts';
import { contentOf, innermostOf, isCut, KeptBody, PacketStream, sourceOf, StreamedBody } from './bodies.ts';
import { BodyKeeper, keepWhole } from './body-keeper.ts';
import { PieceCutter, piecesOf } from './body-pieces.ts';
import type { WorldClock } from './clock.ts';
import { hasField, lengthOf, mayHaveBody } from './framing.ts';
import type { HttpCall } from './http-call.ts';
import { ONE_PIECE_BYTES_MAX } from './http-call.ts';
import { PlainAnswer } from './plain-connection.ts';
import { pour } from './pour.ts';

/** What sends replies. */
export interface Sender {
  readonly clock: WorldClock;
  /** Of a reply that goes without one. */
  readonly httpDate: () => string;
}

/** Sends a reply, as fast as the client takes it. Whatever goes wrong ends the connection. */
export function writeReply(reply: Reply, call: HttpCall, { clock, httpDate }: Sender): void {
  const { status, body, store } = reply;
  const headers = hasField(reply.headers, 'date') ? reply.headers : [...reply.headers, ['Date', httpDate()] as const];
  // Nothing outside 200 to 599 can be the last word of an exchange (RFC 9110, 15).
  if (call.isGone || status < 200 || status > 599) {
    dropReply(reply, clock);
    call.breakOff();
    return;
  }
  if (!mayHaveBody(status, call.method)) {
    call.sendHead(status, headers, call.method === 'HEAD' ? lengthUnsent(reply) : undefined);
    readReply(reply, clock);
    return;
  }
  if (body instanceof KeptBody && body.bytes <= ONE_PIECE_BYTES_MAX) {
    call.send(status, headers, body.characters);
    store?.(keepWhole(body), clock.now());
    return;
  }
  const source = contentOf(sourceOf(body));
  if (Buffer.isBuffer(source)) {
    const content = isCut(body) ? piecesOf(source, body.pieces) : source;
    call.send(status, headers, content);
    if (store !== undefined) store(keepWhole(sourceOf(body)), clock.now());
    return;
  }
  const sink = call.respond(status, headers, body.bytes);
  if (store !== undefined) keep(source, (kept) => store(kept, clock.now()));
  const brokenOff = (): void => call.breakOff();
  if (isCut(body))
    pour(
      pipeline(source, new PieceCutter(body.pieces), () => undefined),
      sink,
      brokenOff,
    );
  else {
    // Nobody else has what comes.
    if (store === undefined && source instanceof PacketStream && sink instanceof PlainAnswer)
      sink.written = (packet) => source.reuse(packet);
    pour(source, sink, brokenOff);
  }
}

/** What a GET would get instead of this answer to a HEAD; undefined where nobody has said so (RFC 9110, 8.6). */
function lengthUnsent({ status, headers, body }: Reply): number | undefined {
  if (!mayHaveBody(status, 'GET')) return undefined;
  return body.bytes !== undefined && body.bytes > 0 ? body.bytes : lengthOf(headers, status, 'GET');
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
  const keeper = new BodyKeeper();
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

function discard(body: Body): void {
  if (body instanceof StreamedBody) body.discard();
}
