import { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Headers } from '../engine/index.ts';
import { headText, sendable } from './framing.ts';
import { Http1Call } from './http-call.ts';

/*
 * Requests that want to go on as a WebSocket. Node hands the connection over as soon as it has read such a head, and knows no way
 * back; so it is told of an upgrade only where one may come about. Whoever asks for anything else, as curl does for h2c, is a client
 * like others (RFC 9110, 7.8).
 */

const WISH = Symbol('upgrade');

/** A request whose `upgrade` is true for the handshake of a WebSocket only (RFC 6455, 4.1). Node reads it once the headers are there. */
export class UpgradableMessage extends IncomingMessage {
  private [WISH]: unknown;

  get upgrade(): boolean {
    const { method, httpVersion, headers } = this;
    // Tunnels through this server nobody gets, but Node must see them as such to refuse them.
    if (this[WISH] !== true || method === 'CONNECT') return this[WISH] === true;
    return method === 'GET' && httpVersion === '1.1' && headers.upgrade?.trim().toLowerCase() === 'websocket';
  }

  set upgrade(wish: unknown) {
    this[WISH] = wish;
  }
}

/** Has a server hear of handshakes. */
export function hearHandshakes(server: Server, handle: (call: HandshakeCall) => void): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined);
    handle(new HandshakeCall(request, head));
  });
}

/** The handshake of a WebSocket: it becomes one by a 101, or is answered as any request is; nothing follows on the connection then. */
export class HandshakeCall extends Http1Call {
  override readonly upgrade = 'websocket';
  readonly socket: Socket;
  private readonly head: Buffer;

  constructor(request: IncomingMessage, head: Buffer) {
    const { socket } = request;
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    super(request, response);
    this.socket = socket;
    this.head = head;
    // Node minds this as long as the connection is its own.
    const drained = (): void => void response.emit('drain');
    socket.on('drain', drained);
    response.once('finish', () => {
      socket.off('drain', drained);
      socket.end();
    });
  }

  switchProtocols(headers: Headers): Duplex {
    const { socket, head } = this;
    this.response.detachSocket(socket);
    const lines: Headers = [['Connection', 'Upgrade'], ['Upgrade', 'websocket'], ...sendable(headers)];
    socket.write(headText('HTTP/1.1 101 Switching Protocols\r\n', lines), 'latin1');
    // What the client has sent without waiting.
    if (head.length > 0) socket.unshift(head);
    return socket;
  }
}
