import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { createGunzip, createInflate } from 'node:zlib';
import type { Instant } from '../model/index.ts';
import { msBetween, never, NEVER } from '../model/index.ts';
import type {
  Body,
  BodyStart,
  Connection,
  Exchange,
  Headers,
  Hindrance,
  HttpRequest,
  Outcome,
  TextBody,
  Tls,
  Unanswered,
} from '../engine/index.ts';
import { tunnelFault } from '../engine/index.ts';
import { contentOf, CountedBody, StreamedBody } from './bodies.ts';
import type { Alarm } from './clock.ts';
import type { Member } from './crowd.ts';
import type { DialSurroundings, SocketAddress } from './dial.ts';
import { framed, headersOf, lengthOf, upgradeLines } from './framing.ts';
import type { OwnConnection } from './inside-traffic.ts';
import { socketKey } from './inside-traffic.ts';
import { TunnelBody } from './tunnel.ts';

/** What becomes of an attempt. */
export interface AttemptEnds {
  readonly settled: (outcome: Outcome) => void;
  readonly broken: (error: Error) => void;
  /** Nothing of it is left: no socket, no timer. */
  readonly over: () => void;
}

type Why = Unanswered['why'];

/** What the network says when a connection does not come about; anything else is this machine's own trouble. */
const REFUSALS: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ECONNRESET']);

/**
 * One exchange on a connection of its own: connect, shake hands, ask, wait for the head, watch over the body.
 * Faults of the network are played here, before the bytes leave: outside clients have them played at the server.
 */
export class ExchangeAttempt implements Member {
  place = -1;
  private readonly need: Exchange;
  private readonly around: DialSurroundings;
  private readonly ends: AttemptEnds;
  private beside: OwnConnection;
  /** What it comes to at the endpoint where it ends: the need itself, unless somebody passes it on. */
  private inner: Exchange;
  private hindrance: Hindrance | undefined;
  private stage: 'connecting' | 'handshake' | 'waiting' | 'mute' | 'answered' | 'over' = 'connecting';
  private isSettled = false;
  private socket: Socket | undefined;
  private request: ClientRequest | undefined;
  private incoming: IncomingMessage | undefined;
  private patience: Alarm | undefined;
  private deadline: Alarm | undefined;
  /** On the socket, and off it when it is kept for others. */
  private readonly listeners = {
    error: (error: NodeJS.ErrnoException): void => this.socketFailed(error),
    close: (): void => this.socketClosed(),
    data: (): void => this.postpone(),
  };

  constructor(need: Exchange, around: DialSurroundings, ends: AttemptEnds) {
    this.need = need;
    this.inner = need;
    this.around = around;
    this.ends = ends;
    this.beside = { from: need.from, account: undefined };
  }

  start(): void {
    const { need, around } = this;
    const { world, clock } = around;
    const now = clock.now();
    if (need.until < NEVER)
      this.deadline = clock.after(msBetween(now, need.until), () => this.giveUp('completion-timeout'));
    this.patience = clock.after(need.connectTimeoutMs, () => this.giveUp('connect-timeout'));
    // An address outside the world is never dialled: packets to it vanish.
    const front = world.endpointAt(need.to);
    if (front === undefined) return;
    this.hindrance = world.hindrance(need, now);
    if (need.connection?.isOpen === true && this.takeKept(need.connection, now)) return;
    if (front.passesThrough === true) this.hindrance ??= this.beyond(now);
    if (this.hindrance?.kind === 'blackhole') return;
    const target = around.socketOf(need.to, need.port);
    if (target === undefined || this.hindrance?.kind === 'refuse') this.giveUp('refused');
    else this.connect(target);
  }

  /** Sends on a connection that is open, if it still is; what befalls it is not what befalls a new one. */
  private takeKept(connection: Connection, now: Instant): boolean {
    const { need, around } = this;
    const kept = around.kept?.take(connection);
    if (kept === undefined) return false;
    const { socket, beside } = kept;
    const { passage } = beside;
    this.socket = socket;
    this.beside = beside;
    beside.account = undefined;
    if (passage?.to !== undefined) {
      this.inner = { ...need, to: passage.to, port: passage.port };
      this.hindrance ??= around.world.hindrance(this.inner, now);
    }
    if (this.hindrance?.kind === 'blackhole') this.hindrance = { kind: 'hang' };
    if (this.hindrance?.kind === 'refuse') this.hindrance = { kind: 'reset' };
    if (this.hindrance?.kind === 'tls') this.hindrance = undefined;
    this.listen(socket);
    this.connected();
    return true;
  }

  private listen(socket: Socket): void {
    const { listeners } = this;
    socket.on('error', listeners.error);
    socket.once('close', listeners.close);
  }

  /** What befalls the connection behind the endpoint that passes it on: by then it has come about (RS 2.20). */
  private beyond(now: Instant): Hindrance | undefined {
    const { need, around, beside } = this;
    const passage = around.world.passage(need, now);
    beside.passage = passage;
    if (passage?.to === undefined || need.request === undefined) return undefined;
    this.inner = { ...need, to: passage.to, port: passage.port };
    const found = around.world.hindrance(this.inner, now);
    // Without a handshake to wait for, the silence begins when the request has been sent.
    if (found?.kind === 'blackhole') return need.tls === undefined ? { kind: 'hang' } : found;
    return found?.kind === 'refuse' ? { kind: 'reset' } : found;
  }

  /** Ends at once, and tells nobody. */
  end(): void {
    this.isSettled = true;
    this.tearDown();
  }

  private connect({ address, port }: SocketAddress): void {
    const { need, around } = this;
    const from = around.hasOwnAddresses ? { localAddress: need.from.address } : {};
    const options = { host: address, port, noDelay: true, ...from };
    const socket =
      need.tls === undefined
        ? connect(options)
        : connectTls({ ...options, secureContext: around.trust, ...verification(need.tls) });
    this.socket = socket;
    socket.once('connect', () => {
      const key = socketKey(socket.localAddress, socket.localPort);
      around.inside.connections.set(key, this.beside);
      socket.once('close', () => around.inside.connections.delete(key));
      if (need.tls === undefined) this.connected();
      else this.stage = 'handshake';
    });
    socket.once('secureConnect', () => this.connected());
    this.listen(socket);
  }

  private connected(): void {
    if (this.isSettled) return;
    const { need, hindrance } = this;
    if (hindrance?.kind === 'tls' && need.tls !== undefined) return this.giveUp('tls');
    if (hindrance?.kind === 'reset') return this.giveUp('reset');
    if (need.request === undefined) return this.succeedWithoutRequest();
    this.stage = 'waiting';
    this.wait(() => this.giveUp('response-timeout'));
    // Connected, but nobody will ever read the request: it is not sent, so that nothing happens because of it.
    if (hindrance?.kind === 'hang') this.stage = 'mute';
    else this.send(need.request);
  }

  private succeedWithoutRequest(): void {
    const firstByteAt = this.around.clock.now();
    const body: Body = new CountedBody(0);
    this.settle({ kind: 'answered', status: 0, headers: [], body, firstByteAt, account: undefined });
    this.tearDown();
  }

  private send(wanted: HttpRequest): void {
    const { socket } = this;
    if (socket === undefined) return;
    const { method, target: path, host, headers, body } = wanted;
    const keeps: Headers = this.need.connection === undefined ? [] : [['Connection', 'keep-alive']];
    const lines: Headers = [
      ['Host', host],
      ...keeps,
      ...upgradeLines(wanted),
      ...framed(headers, body === undefined ? 0 : body.bytes, bodyIsExpected(method, body)),
    ];
    const createConnection = (): Socket => socket;
    // As an array of pairs, headers are sent as they are: in this order and with repetitions.
    const options = { createConnection, method, path, headers: lines as unknown as readonly string[] };
    const request = httpRequest(options);
    this.request = request;
    request.on('error', (error: NodeJS.ErrnoException) => this.socketFailed(error));
    request.on('response', (incoming) => this.headArrived(incoming));
    if (wanted.upgrade !== undefined)
      request.on('upgrade', (incoming, _socket, head) => this.headArrived(incoming, head));
    if (this.need.connection !== undefined) {
      // Without an agent a request is taken for the last, whatever its headers say; so, when its answer has come whole and the
      // other side keeps the connection, the socket is given free.
      request.shouldKeepAlive = true;
      socket.once('free', () => this.keep(this.need.connection));
    }
    const content = contentOf(body);
    if (Buffer.isBuffer(content)) {
      request.end(content);
      return;
    }
    // While it is being sent nobody can answer yet; patience begins anew with the last byte.
    const everyChunk = (): void => this.postpone();
    content.on('data', everyChunk);
    pipeline(content, request, (error) => {
      content.off('data', everyChunk);
      this.postpone();
      if (error !== undefined && error !== null) this.giveUp('reset');
    });
  }

  /** @param head set when the connection has become a tunnel: what has come over it already. */
  private headArrived(incoming: IncomingMessage, head?: Buffer): void {
    incoming.on('error', () => undefined);
    if (this.isSettled) return void incoming.destroy();
    const { world, clock } = this.around;
    const hindrance = world.returnHindrance(this.inner, clock.now());
    // Lost on its way back: the client waits until its patience ends.
    if (hindrance?.kind === 'blackhole' || hindrance?.kind === 'hang') {
      this.stage = 'mute';
      return;
    }
    if (hindrance?.kind === 'reset') return this.giveUp('reset');
    const accept = (): void =>
      head === undefined ? this.accept(incoming, clock.now()) : this.acceptTunnel(incoming, head, clock.now());
    if (this.hindrance?.kind !== 'slow') return accept();
    this.stage = 'mute';
    clock.after(this.hindrance.delayMs, () => {
      if (!this.isSettled) accept();
    });
  }

  /** The connection is somebody else's from here on; whoever joins it to another one ends both. */
  private acceptTunnel(
    { statusCode: status = 0, rawHeaders }: IncomingMessage,
    head: Buffer,
    firstByteAt: Instant,
  ): void {
    const { socket, around, listeners, beside, inner } = this;
    if (socket === undefined) return;
    socket.off('error', listeners.error);
    socket.off('close', listeners.close);
    this.socket = undefined;
    this.request = undefined;
    const body = new TunnelBody(socket, head);
    body.fault = () => tunnelFault(around.world.returnHindrance(inner, around.clock.now()));
    const { account } = beside;
    this.settle({ kind: 'answered', status, headers: headersOf(rawHeaders), body, firstByteAt, account });
    this.tearDown();
  }

  private accept(incoming: IncomingMessage, firstByteAt: Instant): void {
    this.stage = 'answered';
    this.incoming = incoming;
    // It may have broken off while a slow answer was held back.
    if (incoming.destroyed && !incoming.complete) return this.giveUp('reset');
    const { statusCode: status = 0 } = incoming;
    const headers = headersOf(incoming.rawHeaders);
    const { account } = this.beside;
    const { bodyStart } = this.need;
    if (bodyStart !== undefined) {
      this.readBeginning(incoming, bodyStart, (body) =>
        this.settle({ kind: 'answered', status, headers, body, firstByteAt, account }),
      );
      return;
    }
    this.watch(incoming);
    if (this.need.wholeBody !== true) {
      const body = new StreamedBody(incoming, lengthOf(headers, status, this.need.request?.method));
      this.settle({ kind: 'answered', status, headers, body, firstByteAt, account });
      return;
    }
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length));
    incoming.once('end', () => {
      if (incoming.complete)
        this.settle({ kind: 'answered', status, headers, body: new CountedBody(bytes), firstByteAt, account });
    });
  }

  /** Reads so much of the body as somebody wants to look into; the rest is nobody's business, and neither is its end. */
  private readBeginning(incoming: IncomingMessage, wanted: BodyStart, done: (body: TextBody) => void): void {
    this.patience?.cancel();
    this.patience = this.around.clock.after(wanted.timeoutMs, () => this.giveUp('response-timeout'));
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isDone = false;
    const finish = (): void => {
      if (isDone) return;
      isDone = true;
      const beginning = Buffer.concat(chunks).subarray(0, wanted.bytes);
      done({ bytes, text: beginning.toString('utf8') });
      this.tearDown();
    };
    const content = decoded(incoming, wanted.decoded);
    content.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= wanted.bytes) finish();
    });
    content.once('end', finish);
    // A broken encoding: what could be read of it is all there is.
    content.once('error', finish);
    incoming.once('close', () => {
      if (!isDone && !incoming.complete) this.giveUp('reset');
    });
  }

  /** Between two packets of the body no more may pass than before the first, unless the reader holds it up. */
  private watch(incoming: IncomingMessage): void {
    const overdue = (): void => {
      const isHeldUp = incoming.readableFlowing !== true || incoming.readableLength > 0;
      if (isHeldUp && !incoming.destroyed) this.wait(overdue);
      else this.giveUp('response-timeout');
    };
    this.wait(overdue);
    this.socket?.on('data', this.listeners.data);
    incoming.once('close', () => {
      // Its socket is about to be given free; should the other side close it instead, its own end is heard.
      if (incoming.complete && this.need.connection !== undefined && this.socket?.destroyed === false) return;
      // A body that breaks off, to somebody who waits for all of it.
      this.giveUp('reset');
      this.tearDown();
    });
  }

  private wait(ring: () => void): void {
    this.patience?.cancel();
    this.patience = this.around.clock.after(this.need.responseTimeoutMs, ring);
  }

  private postpone(): void {
    this.patience?.postpone(this.need.responseTimeoutMs);
  }

  private socketFailed(error: NodeJS.ErrnoException): void {
    switch (this.stage) {
      case 'connecting':
        if (REFUSALS.has(error.code)) this.giveUp('refused');
        else this.breakDown(error);
        return;
      case 'handshake':
        return this.giveUp('tls');
      case 'waiting':
      case 'answered':
        return this.giveUp('reset');
      case 'mute':
      case 'over':
    }
  }

  private socketClosed(): void {
    if (this.stage === 'handshake') this.giveUp('tls');
    if (this.stage === 'waiting') this.giveUp('reset');
    if (!this.isSettled) return;
    // Whoever has the body may take its time: it has come whole, and needs no connection any more.
    if (this.incoming?.complete === true) this.leave();
    else this.tearDown();
  }

  private leave(): void {
    if (this.stage === 'over') return;
    this.stage = 'over';
    this.patience?.cancel();
    this.deadline?.cancel();
    if (this.need.connection !== undefined) this.need.connection.isOpen = false;
    this.ends.over();
  }

  private breakDown(error: Error): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.ends.broken(
      new Error(`No connection to ${this.need.to}:${this.need.port}: ${error.message}`, { cause: error }),
    );
    this.tearDown();
  }

  /** Without an answer; or, when its head has been given out, by breaking its body off. */
  private giveUp(why: Why): void {
    this.settle({ kind: 'unanswered', why });
    this.tearDown();
  }

  private settle(outcome: Outcome): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.ends.settled(outcome);
  }

  /** Hands the socket over to be kept, and is done with it. */
  private keep(connection: Connection | undefined): void {
    const { socket, around, listeners, beside } = this;
    if (connection === undefined || socket === undefined || !this.isSettled || this.stage === 'over') return;
    socket.off('error', listeners.error);
    socket.off('close', listeners.close);
    socket.off('data', listeners.data);
    this.socket = undefined;
    around.kept?.keep(connection, socket, beside);
    this.tearDown();
  }

  private tearDown(): void {
    if (this.stage === 'over') return;
    this.stage = 'over';
    this.patience?.cancel();
    this.deadline?.cancel();
    this.request?.destroy();
    if (this.socket !== undefined && this.need.connection !== undefined) this.need.connection.isOpen = false;
    this.socket?.destroy();
    this.ends.over();
  }
}

/** Who must be named in the certificate: any of these; without names it is not looked at at all (R53 HC-11). */
function verification({ serverName, verifyNames }: Tls): {
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
} {
  return {
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: verifyNames !== undefined,
    checkServerIdentity(_host, certificate) {
      const errors = (verifyNames ?? []).map((name) => checkServerIdentity(name, certificate));
      return errors.includes(undefined) ? undefined : errors[0];
    },
  };
}

const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Whether the other side would wait for a body, so that its absence must be said (RFC 9110, 8.6). */
function bodyIsExpected(method: string, body: Body | undefined): boolean {
  return body !== undefined || METHODS_WITH_BODY.has(method);
}

/** The bytes of a body with its encoding undone, if it is one of these. */
function decoded(incoming: IncomingMessage, encodings: BodyStart['decoded']): Readable {
  const encoding = encodings.find((each) => each === incoming.headers['content-encoding']?.trim().toLowerCase());
  switch (encoding) {
    case 'gzip':
      return incoming.pipe(createGunzip());
    case 'deflate':
      return incoming.pipe(createInflate());
    case undefined:
      return incoming;
    default:
      return never(encoding);
  }
}
