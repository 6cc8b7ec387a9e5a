import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as requestOf } from 'node:http';
import type { Socket } from 'node:net';
import { HOP_BY_HOP } from '../engine/index.ts';
import type { OutsideClients } from '../live/index.ts';
import type { AwsDoor } from './aws-door.ts';
import { hostKind, splitAuthority } from './host-kinds.ts';
import { Listener } from './listener.ts';
import type { Refusal } from './refusals.ts';
import { NO_HOST, noWay, notConnected, refuse, refuseTunnel } from './refusals.ts';
import { openWay, relay } from './relay.ts';

export interface ProxySurroundings {
  readonly outside: Pick<OutsideClients, 'places' | 'wayTo'>;
  readonly aws: AwsDoor;
}

/**
 * The proxy that clients are told of by HTTPS_PROXY and HTTP_PROXY. APIs of AWS end here, names of the world are looked up by
 * the world's own DNS from where the client stands; no other name leads anywhere.
 */
export class ProxyDoor {
  readonly listener: Listener;
  private readonly around: ProxySurroundings;

  constructor(around: ProxySurroundings) {
    this.around = around;
    const server = createServer((request, response) => this.pass(request, response).catch(() => response.destroy()));
    server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      // Nobody else listens to what befalls it any more.
      socket.on('error', () => undefined);
      this.tunnel(request, socket, head).catch(() => socket.destroy());
    });
    server.on('clientError', (_error, socket) => {
      if ('writable' in socket && socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      else socket.destroy();
    });
    this.listener = new Listener(server);
  }

  /** Takes over a connection from which nothing has been read. */
  accept(client: Socket): void {
    this.listener.server.emit('connection', client);
  }

  /** `CONNECT host:port`. */
  private async tunnel(request: IncomingMessage, client: Socket, early: Buffer): Promise<void> {
    const target = splitAuthority(request.url ?? '', 443);
    if (target === undefined) return refuseTunnel(client, NO_HOST);
    const { host, port } = target;
    if (hostKind(host) === 'aws-api') {
      // Before the client hears that it may go on: what it says then belongs to TLS.
      const take = await this.around.aws.prepare(host);
      client.write(ESTABLISHED);
      return take(client, early);
    }
    const way = await this.around.outside.wayTo(host, port, this.placeOf(request, client));
    if (way.kind !== 'open') return refuseTunnel(client, noWay(host, port, way));
    const server = await openWay(way).catch(() => undefined);
    if (server === undefined) return refuseTunnel(client, notConnected(host, port));
    client.write(ESTABLISHED);
    relay(client, server, early);
  }

  /** A request without TLS: with a whole URL, as proxies get it, or with a `Host` alone, from clients that were led here unasked. */
  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authority, path } = targetOf(request);
    const target = splitAuthority(authority, 80);
    if (target === undefined) return refuse(response, NO_HOST);
    const { host, port } = target;
    if (hostKind(host) === 'aws-api') {
      Object.assign(request, { url: path });
      return this.around.aws.handle(request, response, false);
    }
    const way = await this.around.outside.wayTo(host, port, this.placeOf(request, request.socket));
    if (way.kind !== 'open') return refuse(response, noWay(host, port, way));
    const server = await openWay(way).catch(() => undefined);
    if (server === undefined) return refuse(response, notConnected(host, port));
    forward({ request, response, server, path, refusal: notConnected(host, port) });
  }

  /** Who stands elsewhere than at home says so by the user name of its proxy, or by the address that it comes from. */
  private placeOf(request: IncomingMessage, { remoteAddress }: Socket): string | undefined {
    const credentials = /^basic (\S+)$/i.exec(request.headers['proxy-authorization'] ?? '')?.[1];
    if (credentials !== undefined) return userOf(credentials);
    return this.around.outside.places().find(({ address }) => address === remoteAddress)?.name;
  }
}

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

function userOf(credentials: string): string {
  const [user = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

function targetOf({ url = '', headers }: IncomingMessage): { readonly authority: string; readonly path: string } {
  const whole = /^http:\/\/([^/?#]+)(.*)$/i.exec(url);
  if (whole === null) return { authority: headers.host ?? '', path: url };
  const [, authority = '', rest = ''] = whole;
  return { authority, path: rest.startsWith('/') ? rest : `/${rest}` };
}

interface Forwarded {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly server: Socket;
  readonly path: string;
  readonly refusal: Refusal;
}

/** Sends a request on, and its answer back, each on a connection of its own. */
function forward({ request, response, server, path, refusal }: Forwarded): void {
  const upstream = requestOf({
    createConnection: () => server,
    method: request.method,
    path,
    setHost: false,
    headers: endToEnd(request.rawHeaders),
  });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', endToEnd(answer.rawHeaders));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else refuse(response, refusal);
  });
  response.once('close', () => upstream.destroy());
  request.pipe(upstream);
}

/** Names and values in turn, without those of one connection alone. */
function endToEnd(raw: readonly string[]): string[] {
  return raw.filter((_, index) => !HOP_BY_HOP.has((raw[index - (index % 2)] ?? '').toLowerCase()));
}
