import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import type { Answered, Headers, HttpRequest, Outcome } from '../engine/index.ts';
import type { AnswerHead, AnswerReader } from './answer-parser.ts';
import { AnswerParser, KnownHeads } from './answer-parser.ts';
import { contentOf, KeptBody, PacketStream, StreamedBody } from './bodies.ts';
import type { WorldClock } from './clock.ts';
import type { Came } from './course.ts';
import type { Member } from './crowd.ts';
import { Crowd } from './crowd.ts';
import { framingLine, linesOf } from './framing.ts';
import { packetOf, reusePacket } from './packet-memory.ts';
import { OriginHandshake } from './origin-handshake.ts';
import type { Caller, Trial } from './refusals.ts';
import { Refusals } from './refusals.ts';

/** A connection nobody needs is kept so long, in milliseconds of real time: Node's own servers close after 5 s. */
const IDLE_MS = 4000;
/** Whichever server they come from. */
const HEADS = new KnownHeads();
/** Connections kept to one server. */
const IDLE_MAX = 256;
/** Bytes of a body that wait for their reader before the server has to wait. */
const BUFFERED_BYTES_MAX = 128 * 1024;
/** All connections read into one place: what is in it has been dealt with before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const TARGET = /^[\x21-\x7e]+$/;

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Requests to servers of this machine that are not part of the world, on connections that are kept (RFC 9112, 9.3). */
export class OriginClient {
  private readonly clock: WorldClock;
  private readonly idle = new Map<string, OriginConnection[]>();
  private readonly asking = new Crowd<Asking>();
  private readonly handshakes = new Set<OriginHandshake>();
  private readonly all = new Crowd<OriginConnection>();
  private readonly refusals = new Refusals();
  private readonly sweeper: NodeJS.Timeout;

  constructor(clock: WorldClock) {
    this.clock = clock;
    this.sweeper = setInterval(() => this.sweep(), IDLE_MS / 4).unref();
  }

  /**
   * Sends a request and tells of the head of the answer. It has no patience of its own: whoever asked gives up in
   * world time, and says so by {@link abandon}.
   */
  send(address: ServerAddress, request: HttpRequest, came: Came): void {
    if (!METHOD.test(request.method) || !TARGET.test(request.target)) came(RESET);
    else if (request.upgrade !== undefined) void this.shakeHands(address, request).then(came);
    else this.attempt(`${address.host} ${address.port}`, address, request, came);
  }

  /** Nobody waits for the answer any more. */
  abandon(request: HttpRequest): void {
    this.asking.find((asking) => asking.request === request)?.by.destroy();
  }

  close(): void {
    clearInterval(this.sweeper);
    // First of all those that would try for themselves.
    for (const { by } of this.asking.all()) by.destroy();
    for (const connection of this.all.all()) connection.destroy();
    for (const handshake of this.handshakes) handshake.destroy();
  }

  private async shakeHands(address: ServerAddress, request: HttpRequest): Promise<Outcome> {
    const handshake = new OriginHandshake(address, request, this.clock);
    this.handshakes.add(handshake);
    const asking = this.asks(request, handshake);
    const outcome = await handshake.outcome;
    this.handshakes.delete(handshake);
    this.asking.delete(asking);
    return outcome;
  }

  private attempt(key: string, address: ServerAddress, request: HttpRequest, came: Came): void {
    const kept = this.idle.get(key)?.pop();
    const trial = kept === undefined ? this.refusals.underWay(key) : undefined;
    if (trial !== undefined) return this.join(trial, request, came, () => this.attempt(key, address, request, came));
    const connection = kept ?? this.connect(key, address);
    this.all.add(connection);
    const asking = this.asks(request, connection);
    connection.ask(request, this.clock, {
      answered: came,
      failed: (why, hasBegun) => {
        // The server may have closed a kept connection at the moment when it was used again; what has no body can be sent again.
        if (kept !== undefined && !hasBegun && request.body === undefined && IDEMPOTENT.has(request.method))
          this.attempt(key, address, request, came);
        else came(why);
      },
      over: (isFree) => {
        this.asking.delete(asking);
        if (!isFree) {
          this.all.delete(connection);
          return;
        }
        this.keep(key, connection);
      },
    });
  }

  private asks(request: HttpRequest, by: Asking['by']): Asking {
    const asking = { request, by, place: -1 };
    this.asking.add(asking);
    return asking;
  }

  private connect(key: string, address: ServerAddress): OriginConnection {
    const trial = this.refusals.begin(key);
    return new OriginConnection(address, (isRefused) => {
      if (isRefused) this.refusals.refused(key, trial);
      else this.refusals.isOver(key, trial);
    });
  }

  /** Shares the outcome of a connection that somebody else is trying. */
  private join(trial: Trial, request: HttpRequest, came: Came, tries: () => void): void {
    const caller: Caller = {
      place: -1,
      refused: () => {
        this.asking.delete(asking);
        came(REFUSED);
      },
      tries: () => {
        this.asking.delete(asking);
        tries();
      },
    };
    trial.add(caller);
    const asking = this.asks(request, {
      destroy: () => {
        trial.delete(caller);
        this.asking.delete(asking);
        came(RESET);
      },
    });
  }

  private keep(key: string, connection: OriginConnection): void {
    let kept = this.idle.get(key);
    if (kept === undefined) this.idle.set(key, (kept = []));
    connection.lost = () => {
      this.all.delete(connection);
      const at = kept.indexOf(connection);
      if (at >= 0) kept.splice(at, 1);
    };
    if (kept.length >= IDLE_MAX) return connection.destroy();
    connection.idleSince = performance.now();
    kept.push(connection);
  }

  private sweep(): void {
    const before = performance.now() - IDLE_MS;
    for (const kept of this.idle.values()) {
      // Those used longest ago stand first.
      const fresh = kept.findIndex(({ idleSince }) => idleSince > before);
      for (const connection of kept.slice(0, fresh < 0 ? kept.length : fresh)) connection.destroy();
    }
  }
}

/** A request under way, and what ends it. */
interface Asking extends Member {
  readonly request: HttpRequest;
  readonly by: { destroy(): void };
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
const RESET: Outcome = { kind: 'unanswered', why: 'reset' };
const REFUSED: Outcome = { kind: 'unanswered', why: 'refused' };

interface Asker {
  readonly answered: (answer: Answered) => void;
  /** Without a head. `hasBegun`: some of an answer had come. */
  readonly failed: (why: Outcome, hasBegun: boolean) => void;
  /** The answer has come whole or not; when the connection is free, another request may follow. */
  readonly over: (isFree: boolean) => void;
}

/** One connection to a server; one request at a time. */
class OriginConnection implements Member {
  place = -1;
  idleSince = 0;
  /** Told when it ends while nobody uses it. */
  lost: () => void = () => undefined;
  private readonly socket: Socket;
  private readonly parser = new AnswerParser(HEADS);
  private asker: Asker | undefined;
  private clock: WorldClock | undefined;
  private readonly tried: (isRefused: boolean) => void;
  private isTried = false;
  private hasBegun = false;
  private isSent = true;
  private head: AnswerHead | undefined;
  private body: OriginBody | undefined;
  /** Body that came in the same read as its head: most are no longer than that. */
  private first: Buffer[] = [];
  private short: string | undefined;
  private isWhole = false;
  private readonly reader: AnswerReader = {
    head: (head) => void (this.head = head),
    short: (characters) => void (this.short = characters),
    piece: (bytes) => this.pieceArrived(packetOf(bytes)),
    end: () => void (this.isWhole = true),
  };

  /** @param tried is told once what has become of the attempt to connect. */
  constructor(address: ServerAddress, tried: (isRefused: boolean) => void) {
    const onread = { buffer: READ_BUFFER, callback: (bytes: number) => this.read(bytes) };
    const socket = connect({ ...address, noDelay: true, onread });
    this.socket = socket;
    this.tried = tried;
    socket.once('connect', () => this.hasTried(false));
    socket.once('end', () => this.ended());
    socket.once('close', () => {
      this.hasTried(false);
      this.failed(RESET);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const isRefused = !this.isTried && error.code === 'ECONNREFUSED';
      // Before anybody is told, who may ask again at once.
      this.hasTried(isRefused);
      this.failed(isRefused ? REFUSED : RESET);
    });
  }

  ask(request: HttpRequest, clock: WorldClock, asker: Asker): void {
    const { method, target, host, headers, body } = request;
    this.asker = asker;
    this.clock = clock;
    this.hasBegun = false;
    this.head = undefined;
    this.body = undefined;
    this.parser.expect(method, this.reader);
    // That it is kept goes without saying in HTTP/1.1; CloudFront says it (CF 3.39).
    const first = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: Keep-Alive\r\n${linesOf(headers)}`;
    this.isSent = true;
    if (body === undefined) {
      this.socket.write(`${first}\r\n`, 'latin1');
      return;
    }
    const content = contentOf(body);
    if (Buffer.isBuffer(content)) {
      this.socket.cork();
      this.socket.write(`${first}${framingLine(content.length)}\r\n`, 'latin1');
      this.socket.write(content);
      this.socket.uncork();
      return;
    }
    this.isSent = false;
    this.socket.write(`${first}${framingLine(body.bytes)}\r\n`, 'latin1');
    void this.stream(content, body.bytes === undefined);
  }

  destroy(): void {
    this.socket.destroy();
    this.failed(RESET);
  }

  private hasTried(isRefused: boolean): void {
    if (this.isTried) return;
    this.isTried = true;
    this.tried(isRefused);
  }

  /** @returns whether to go on reading. */
  private read(bytes: number): boolean {
    this.hasBegun = true;
    const isHttp = this.parser.write(READ_BUFFER, bytes);
    // Only now: whoever gets the answer may ask the next thing on this connection at once.
    if (this.isWhole) this.answerIsWhole(isHttp);
    else if (!isHttp) this.destroy();
    else if (this.head !== undefined && this.body === undefined) this.answerAsItComes(this.head);
    return this.body?.wantsMore ?? true;
  }

  private pieceArrived(bytes: Buffer): void {
    if (this.body === undefined) this.first.push(bytes);
    else this.body.arrived(bytes);
  }

  /** @param isLast whether nothing came behind it. */
  private answerIsWhole(isLast: boolean): void {
    const { head, body, asker, first, short } = this;
    this.isWhole = false;
    if (head === undefined || asker === undefined) return;
    const isFree = isLast && head.persists && this.isSent && !this.socket.destroyed;
    this.asker = undefined;
    this.body = undefined;
    this.short = undefined;
    this.first = [];
    if (!isFree) this.socket.destroy();
    asker.over(isFree);
    if (body !== undefined) return body.whole();
    const [only] = first;
    const content = short ?? (first.length === 1 && only !== undefined ? only : Buffer.concat(first));
    asker.answered(this.answer(head, new KeptBody(content)));
  }

  private answerAsItComes(head: AnswerHead): void {
    const body = new OriginBody(this.socket, () => this.destroy());
    this.body = body;
    for (const piece of this.first) body.arrived(piece);
    this.first = [];
    const bytes = typeof head.framing === 'number' ? head.framing : undefined;
    this.asker?.answered(this.answer(head, new StreamedBody(body, bytes)));
  }

  private answer({ status, headers }: AnswerHead, body: Answered['body']): Answered {
    const firstByteAt = (this.clock as WorldClock).now();
    return { kind: 'answered', status, headers: headers as Headers, body, firstByteAt, account: undefined };
  }

  private ended(): void {
    if (this.asker === undefined || !this.parser.close()) this.destroy();
    else this.answerIsWhole(true);
  }

  private failed(why: Outcome): void {
    const { asker, body } = this;
    this.asker = undefined;
    this.lost();
    if (asker === undefined) return;
    this.socket.destroy();
    asker.over(false);
    if (body === undefined) asker.failed(why, this.hasBegun);
    else body.destroy(new Error('the answer has broken off'));
  }

  /** Sends a body as it comes, no faster than it is taken. */
  private async stream(content: Readable, isChunked: boolean): Promise<void> {
    const { socket } = this;
    try {
      for await (const chunk of content as AsyncIterable<Buffer>) {
        if (socket.destroyed) return;
        if (isChunked && chunk.length === 0) continue;
        if (isChunked) socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
        let isTaken = socket.write(chunk);
        if (isChunked) isTaken = socket.write('\r\n', 'latin1');
        if (!isTaken && !socket.destroyed) await drainedOrClosed(socket);
      }
      if (isChunked && !socket.destroyed) socket.write('0\r\n\r\n', 'latin1');
      this.isSent = true;
    } catch {
      // Whoever sent it has gone, or the server has.
      this.destroy();
    }
  }
}

/** Leaves nothing behind on the socket: a long body waits many times. */
async function drainedOrClosed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

/** The body of an answer as it comes. */
class OriginBody extends PacketStream {
  wantsMore = true;
  private isWhole = false;
  private readonly socket: Socket;
  private readonly givenUp: () => void;

  constructor(socket: Socket, givenUp: () => void) {
    super({ highWaterMark: BUFFERED_BYTES_MAX });
    this.socket = socket;
    this.givenUp = givenUp;
  }

  arrived(bytes: Buffer): void {
    this.packet();
    this.wantsMore = this.push(bytes);
  }

  whole(): void {
    this.wantsMore = true;
    this.isWhole = true;
    this.push(null);
  }

  override reuse(packet: Buffer): void {
    reusePacket(packet);
  }

  override _read(): void {
    if (this.wantsMore) return;
    this.wantsMore = true;
    this.socket.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.isWhole) this.givenUp();
    done(error);
  }
}
