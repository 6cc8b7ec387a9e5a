import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, ServerHttp2Stream } from 'node:http2';
import { constants } from 'node:http2';
import type { Duplex, Writable } from 'node:stream';
import type { Header, Headers, HttpVersion } from '../engine/index.ts';
import { StreamedBody } from './bodies.ts';
import { framed, framedHead, headersOf, mayHaveBody, sendable } from './framing.ts';
import { headBytesOf, isMalformed, isPath } from './malformed.ts';

/** Up to here a body is sent in one piece with its head: copying a short one is cheaper than writing it beside the head. */
export const ONE_PIECE_BYTES_MAX = 16 * 1024;

/** One request at a server, whichever version of HTTP it came with. */
export interface HttpCall {
  readonly method: string;
  readonly target: string;
  /** Host header or `:authority`; empty when there is none. */
  readonly authority: string;
  /** In order, without Host. */
  readonly headers: Headers;
  readonly body: StreamedBody | undefined;
  readonly httpVersion: HttpVersion;
  /** Whether nobody reads an answer any more. */
  readonly isGone: boolean;
  /**
   * Sends an answer whose body is there whole; headers that no message can carry are left out.
   * @param content bytes, or as many characters, one for each.
   */
  send(status: number, headers: Headers, content: Buffer | string): void;
  /** Sends an answer without a body. @param bytes what a GET would get, told of a HEAD; undefined where nothing is told. */
  sendHead(status: number, headers: Headers, bytes: number | undefined): void;
  /** What it asks to go on as. */
  readonly upgrade?: 'websocket' | undefined;
  /** Sends such a head; the body is then written to what it returns. */
  respond(status: number, headers: Headers, bytes: number | undefined): Writable;
  /** Whether it may be read in more than one way, and must not be passed on. */
  readonly isMalformed: boolean;
  /** Of its line and headers. */
  readonly headBytes: number;
  /**
   * Answers what is malformed or too long; on HTTP/1.1 nothing may follow.
   * @param date the world's, as a Date header has it.
   */
  refuse(status: number, date: string): void;
  /** Set when the connection can become another's by a 101: sends that, and hands the connection over. */
  switchProtocols?(headers: Headers): Duplex;
  /** Ends without an answer, or in the middle of one, so that the client sees that something is missing. */
  breakOff(): void;
}

/** Over HTTP/1.1, with or without TLS. */
export class Http1Call implements HttpCall {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly headers: Headers;
  readonly body: StreamedBody | undefined;
  readonly httpVersion: HttpVersion;
  readonly isMalformed: boolean;
  readonly headBytes: number;
  readonly upgrade: 'websocket' | undefined = undefined;
  protected readonly response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    const all = headersOf(request.rawHeaders);
    this.method = request.method ?? 'GET';
    const { target, authority } = originForm(request.url ?? '/');
    this.target = target;
    this.authority = authority ?? request.headers.host ?? '';
    this.headers = all.filter(([name]) => name.toLowerCase() !== 'host');
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    const bytes = length === undefined ? undefined : Number(length);
    if (coding !== undefined || (bytes !== undefined && bytes > 0)) this.body = new StreamedBody(request, bytes);
    this.httpVersion = request.httpVersion === '1.0' ? '1.0' : '1.1';
    this.isMalformed = isMalformed(request, target);
    this.headBytes = headBytesOf(request.rawHeaders, this);
    this.response = response;
  }

  get isGone(): boolean {
    return this.response.destroyed || this.response.socket?.destroyed === true;
  }

  respond(status: number, headers: Headers, bytes: number | undefined): Writable {
    const lines = framed(sendable(headers), bytes, mayHaveBody(status, this.method));
    this.response.writeHead(status, lines.flat());
    return this.response;
  }

  send(status: number, headers: Headers, content: Buffer | string): void {
    const sink = this.respond(status, headers, content.length);
    if (typeof content === 'string') sink.end(content, 'latin1');
    else if (content.length <= ONE_PIECE_BYTES_MAX) sink.end(content.toString('latin1'), 'latin1');
    else sink.end(content);
  }

  sendHead(status: number, headers: Headers, bytes: number | undefined): void {
    this.response.writeHead(status, framedHead(sendable(headers), bytes).flat()).end();
  }

  refuse(status: number, date: string): void {
    this.response.writeHead(status, ['Date', date, 'Content-Length', '0', 'Connection', 'close']).end();
  }

  breakOff(): void {
    this.response.destroy();
  }
}

/** Over HTTP/2. */
export class Http2Call implements HttpCall {
  readonly method: string;
  readonly target: string;
  readonly authority: string;
  readonly headers: Headers;
  readonly body: StreamedBody | undefined;
  readonly httpVersion = '2.0';
  readonly isMalformed: boolean;
  readonly headBytes: number;
  private readonly stream: ServerHttp2Stream;

  constructor(request: Http2ServerRequest) {
    this.stream = request.stream;
    // What breaks off here is told by `isGone` and by the streams themselves.
    this.stream.on('error', () => undefined);
    this.method = request.method;
    this.target = request.url;
    const host = request.headers.host;
    this.authority = request.authority === '' ? (host ?? '') : request.authority;
    this.headers = joinedCookies(headersOf(request.rawHeaders).filter(([name]) => name.toLowerCase() !== 'host'));
    // Two names, or a path that is none (RFC 9113, 8.3.1).
    const isOneHost = host === undefined || request.authority === '' || host === request.authority;
    this.isMalformed = !isOneHost || !isPath(request.url);
    this.headBytes = headBytesOf(request.rawHeaders, this);
    const length = request.headers['content-length'];
    const bytes = length === undefined ? undefined : Number(length);
    if (!this.stream.endAfterHeaders && bytes !== 0) this.body = new StreamedBody(this.stream, bytes);
  }

  get isGone(): boolean {
    return this.stream.destroyed || this.stream.closed;
  }

  respond(status: number, headers: Headers, bytes: number | undefined): Writable {
    const hasBody = mayHaveBody(status, this.method);
    this.begin(status, framed(sendable(headers), bytes, hasBody), hasBody);
    return this.stream;
  }

  send(status: number, headers: Headers, content: Buffer | string): void {
    const sink = this.respond(status, headers, content.length);
    if (content.length === 0) sink.end();
    else if (typeof content === 'string') sink.end(content, 'latin1');
    else sink.end(content);
  }

  sendHead(status: number, headers: Headers, bytes: number | undefined): void {
    this.begin(status, framedHead(sendable(headers), bytes), false);
  }

  refuse(status: number, date: string): void {
    this.stream.respond({ ':status': status, date }, { endStream: true });
  }

  breakOff(): void {
    this.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  private begin(status: number, headers: Headers, hasBody: boolean): void {
    const fields: Record<string, string[]> = {};
    for (const [name, value] of headers) {
      const field = name.toLowerCase();
      if (field !== 'transfer-encoding') (fields[field] ??= []).push(value);
    }
    // Fields that may stand once only must not be given as lists.
    const sent = Object.entries(fields).map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
    this.stream.respond({ ...Object.fromEntries(sent), ':status': status }, { endStream: !hasBody });
  }
}

/** Clients of HTTP/2 may send cookies in pieces; everybody else knows one header (RFC 9113, 8.2.3). */
function joinedCookies(headers: Header[]): Header[] {
  const cookies = headers.filter(([name]) => name === 'cookie');
  if (cookies.length < 2) return headers;
  const joined: Header = ['cookie', cookies.map(([, value]) => value).join('; ')];
  return [...headers.filter(([name]) => name !== 'cookie'), joined];
}

/** As to a proxy, a client may write the whole URL on the request line; its host then counts (RFC 9112, 3.2.2). */
function originForm(url: string): { readonly target: string; readonly authority: string | undefined } {
  const absolute = /^https?:\/\/([^/?#]+)([^#]*)/i.exec(url);
  if (absolute === null) return { target: url, authority: undefined };
  const [, authority = '', rest = ''] = absolute;
  return { target: rest.startsWith('/') ? rest : `/${rest}`, authority };
}
