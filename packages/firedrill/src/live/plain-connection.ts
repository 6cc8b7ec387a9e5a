import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import type { Headers } from '../engine/index.ts';
import { framingLine, linesOf, mayHaveBody } from './framing.ts';
import type { HttpCall } from './http-call.ts';
import { ONE_PIECE_BYTES_MAX } from './http-call.ts';
import type { PlainReader, PlainRequest } from './plain-request.ts';

/** What a connection is part of. */
export interface PlainServing {
  /** Connections that are served here now. */
  readonly open: Set<PlainConnection>;
  readonly reader: PlainReader;
  readonly serve: (call: HttpCall, connection: PlainConnection) => void;
  /** Takes a connection over, with what has come of it put back, and for good. */
  readonly giveOver: (socket: Socket) => void;
  /** In seconds, as the answers tell it. */
  readonly keptSeconds: number;
}

/**
 * A connection of HTTP/1.1 on which plain requests come one after the other, each in one piece: almost all do. These are read and
 * answered here, at a third of what Node's server takes for them. With the first request that is anything else, malformed ones among
 * them, Node's server gets the connection and keeps it: nothing that could be read in two ways is decided on here.
 */
export class PlainConnection {
  readonly socket: Socket;
  /** Since when nothing has been asked, in milliseconds of real time; 0 while something is. */
  idleSince = performance.now();
  /** Whether there has been a request yet. */
  isUsed = false;
  private readonly serving: PlainServing;
  private isAnswering = false;
  /** What has come while a request was being answered. */
  private waiting: Buffer[] = [];
  private hasEnded = false;
  private readonly heard = {
    data: (bytes: Buffer): void => this.arrived(bytes),
    end: (): void => this.ended(),
    close: (): void => void this.serving.open.delete(this),
  };

  constructor(socket: Socket, serving: PlainServing) {
    this.socket = socket;
    this.serving = serving;
    serving.open.add(this);
    socket.on('data', this.heard.data);
    socket.on('end', this.heard.end);
    socket.on('close', this.heard.close);
    // Its end is what counts, and that is told as well. Of a connection inside TLS nobody else hears errors.
    socket.on('error', () => undefined);
  }

  /** The latest answer has been written. */
  answered(): void {
    const { socket } = this;
    if (socket.writableNeedDrain && socket.writableLength > 0 && !socket.destroyed) return this.waitForReader();
    this.isAnswering = false;
    this.idleSince = performance.now();
    if (this.waiting.length > 0) {
      const [first] = this.waiting;
      const bytes = this.waiting.length === 1 && first !== undefined ? first : Buffer.concat(this.waiting);
      this.waiting = [];
      socket.resume();
      this.arrived(bytes);
    } else if (this.hasEnded) socket.end();
  }

  /** Somebody else is to deal with it from here on. */
  private giveOver(bytes: Buffer): void {
    const { socket, heard, serving } = this;
    socket.off('data', heard.data);
    socket.off('end', heard.end);
    socket.off('close', heard.close);
    serving.open.delete(this);
    socket.unshift(bytes);
    serving.giveOver(socket);
  }

  private arrived(bytes: Buffer): void {
    if (this.isAnswering) {
      // One request at a time, and no more of the next than has been read already.
      this.waiting.push(bytes);
      this.socket.pause();
      return;
    }
    const request = this.serving.reader.read(bytes.toString('latin1'));
    if (request === undefined) return this.giveOver(bytes);
    this.isAnswering = true;
    this.isUsed = true;
    this.idleSince = 0;
    this.serving.serve(new PlainCall(request, this, this.serving.keptSeconds), this);
  }

  /** Who does not read the answers is not read from either. */
  private waitForReader(): void {
    const { socket } = this;
    socket.pause();
    socket.once('drain', () => {
      socket.resume();
      this.answered();
    });
  }

  /** A client that sends nothing more still reads. */
  private ended(): void {
    this.hasEnded = true;
    if (!this.isAnswering) this.socket.end();
  }
}

/** A request that {@link PlainConnection} has read. */
class PlainCall implements HttpCall {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly headers: Headers;
  readonly body = undefined;
  readonly httpVersion = '1.1';
  readonly isMalformed = false;
  /** No longer than any server's limit. */
  readonly headBytes = 0;
  private readonly connection: PlainConnection;
  private readonly keptSeconds: number;

  constructor(request: PlainRequest, connection: PlainConnection, keptSeconds: number) {
    this.method = request.method;
    this.target = request.target;
    this.authority = request.host;
    this.headers = request.headers;
    this.connection = connection;
    this.keptSeconds = keptSeconds;
  }

  get isGone(): boolean {
    return this.connection.socket.destroyed;
  }

  send(status: number, headers: Headers, content: Buffer | string): void {
    const { connection } = this;
    const { socket } = connection;
    const framing = mayHaveBody(status, this.method) ? framingLine(content.length) : '';
    const head = this.head(status, headers, framing);
    if (content.length === 0 || !mayHaveBody(status, this.method)) socket.write(head, 'latin1');
    else if (typeof content === 'string') socket.write(head + content, 'latin1');
    else if (content.length <= ONE_PIECE_BYTES_MAX) socket.write(head + content.toString('latin1'), 'latin1');
    else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(content);
      socket.uncork();
    }
    connection.answered();
  }

  respond(status: number, headers: Headers, bytes: number | undefined): Writable {
    const framing = mayHaveBody(status, this.method) ? framingLine(bytes) : '';
    return new PlainAnswer(this.connection, this.head(status, headers, framing), bytes);
  }

  sendHead(status: number, headers: Headers, bytes: number | undefined): void {
    const framing = bytes === undefined ? '' : framingLine(bytes);
    this.connection.socket.write(this.head(status, headers, framing), 'latin1');
    this.connection.answered();
  }

  refuse(status: number, date: string): void {
    this.send(status, [['Date', date]], '');
  }

  breakOff(): void {
    this.connection.socket.destroy();
  }

  /** As Node's server writes it. @param headers with a date: what is told of one is looked for once, by whoever sends it. */
  private head(status: number, headers: Headers, framing: string): string {
    const kept = `Connection: keep-alive\r\nKeep-Alive: timeout=${this.keptSeconds}\r\n`;
    return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n${linesOf(headers)}${framing}${kept}\r\n`;
  }
}

/** The body of an answer, written as it comes; its head goes with the first of it. */
export class PlainAnswer extends Writable {
  /** Told of what has been written and is needed here no more. */
  written: ((chunk: Buffer) => void) | undefined;
  private readonly connection: PlainConnection;
  private readonly isChunked: boolean;
  private head: string;
  /** Of what has been announced. */
  private left: number;

  constructor(connection: PlainConnection, head: string, bytes: number | undefined) {
    super({ decodeStrings: true });
    this.connection = connection;
    this.head = head;
    this.isChunked = bytes === undefined;
    this.left = bytes ?? 0;
    connection.socket.once('close', this.socketClosed);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const { connection, isChunked, head } = this;
    const { socket } = connection;
    if (chunk.length === 0) return done();
    this.head = '';
    this.left -= chunk.length;
    const size = isChunked ? `${chunk.length.toString(16)}\r\n` : '';
    socket.cork();
    if (head !== '' || isChunked) socket.write(head + size, 'latin1');
    const { written } = this;
    let isTaken = written === undefined ? socket.write(chunk) : socket.write(chunk, () => written(chunk));
    if (isChunked) isTaken = socket.write('\r\n', 'latin1');
    socket.uncork();
    if (isTaken || socket.destroyed) done();
    else socket.once('drain', done);
  }

  override _final(done: (error?: Error | null) => void): void {
    const { connection, isChunked, head, left } = this;
    connection.socket.off('close', this.socketClosed);
    // Fewer bytes than announced: the client has to see that something is missing.
    if (!isChunked && left !== 0) return done(new Error('the body is not as long as its head says'));
    const rest = head + (isChunked ? '0\r\n\r\n' : '');
    if (rest !== '') connection.socket.write(rest, 'latin1');
    done();
    connection.answered();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.connection.socket.off('close', this.socketClosed);
    if (!this.writableFinished) this.connection.socket.destroy();
    done(error);
  }

  private readonly socketClosed = (): void => void this.destroy(new Error('the client has gone'));
}
