import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HeadLimit } from '../engine/index.ts';

/** A request's line and headers have to come within so many milliseconds of real time (CloudFront publishes no figure). */
export const HEAD_TIMEOUT_MS = 10_000;
/** How often that is looked at. */
const HEAD_CHECK_MS = 2_000;

/** A client that was refused may go on sending for so many milliseconds of real time; nobody reads it. */
const LINGER_MS = 2000;

const TARGET = /^(\/[\x21\x22\x24-\x7e]*|\*)$/;
const HOST = /^[A-Za-z0-9._~%!$&'()*+,;=:[\]-]*$/;

/**
 * What Node's parser lets pass and a server must not (RFC 9112, 2.3, 3.2, 6.1): other versions, two hosts or none, a target that is no
 * path, a coding that nobody here undoes. Two readers could take any of these for two different requests.
 */
export function isMalformed({ httpVersion, rawHeaders, headers, method }: IncomingMessage, target: string): boolean {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return true;
  if (!TARGET.test(target) || (target === '*' && method !== 'OPTIONS')) return true;
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion === '1.0')) return true;
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === 'host') hosts += 1;
  if (hosts === 0 && httpVersion === '1.1') return true;
  return hosts > 1 || !HOST.test(headers.host ?? '');
}

/** Bytes of a request's line and headers. Node counts without what separates them, so many short ones would come through. */
export function headBytesOf(
  rawHeaders: readonly string[],
  { method, target }: { readonly method: string; readonly target: string },
): number {
  // Behind the line its version and two spaces; behind each header a colon, a space and the end of a line.
  let bytes = method.length + target.length + 12;
  for (const part of rawHeaders) bytes += part.length + 2;
  return bytes;
}

/** Whether a request may ask for it: a path, or everything. */
export function isPath(target: string): boolean {
  return TARGET.test(target);
}

/**
 * Has a server answer what is no request at all, and close: nobody knows where the next would begin. Call before it listens; what is
 * set here counts for clients of HTTP/1.1 of a server of HTTP/2 as well, which takes no such options.
 * @param httpDate the world's time, as a Date header has it.
 */
export function refuseWhatIsNoRequest(server: Server, limit: HeadLimit, httpDate: () => string): void {
  // All headers that come within the limit of bytes count: none may be dropped unread. Who has nothing more to send may still listen.
  Object.assign(server, {
    maxHeaderSize: limit.bytesMax,
    maxHeadersCount: 0,
    headersTimeout: HEAD_TIMEOUT_MS,
    connectionsCheckingInterval: HEAD_CHECK_MS,
    httpAllowHalfOpen: true,
    // Node would refuse it with the date of this machine; `isMalformed` sees it.
    requireHostHeader: false,
  });
  // Who expects what nobody knows of gets his answer without it: Expect is not passed on (CF 3.40).
  server.on('checkExpectation', (request: IncomingMessage, response: unknown) => {
    server.emit('request', request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'HPE_HEADER_OVERFLOW') close(socket, limit.status, httpDate());
    else close(socket, error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400, httpDate());
  });
  // No server of AWS's is a proxy for others.
  (server as HttpServer).on('connect', (_request: IncomingMessage, socket: Duplex) => close(socket, 400, httpDate()));
}

/** Ends a connection on which no request came in time. */
export function tooLate(socket: Duplex, date: string): void {
  close(socket, 408, date);
}

const refused = new WeakSet<Duplex>();

function close(socket: Duplex, status: number, date: string): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  // In the middle of an answer there is no place for another.
  const { _httpMessage: current } = socket as { readonly _httpMessage?: { readonly headersSent: boolean } };
  if (!socket.writable || current?.headersSent === true) return void socket.destroy();
  const lines = `Date: ${date}\r\nContent-Length: 0\r\nConnection: close\r\n`;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`);
  // Were it closed with bytes unread, the client might never see the answer (RFC 9112, 9.6).
  socket.removeAllListeners('data');
  socket.on('data', () => undefined);
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(lingering));
}
