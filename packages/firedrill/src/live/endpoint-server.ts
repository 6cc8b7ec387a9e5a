import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { createSecureServer } from 'node:http2';
import type { Server, Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { Server as TlsServer } from 'node:tls';
import type { Instant } from '../model/index.ts';
import type { Arrival, Endpoint, HeadLimit, Hindrance, Reply, Vantage, World } from '../engine/index.ts';
import { headLimitOf } from '../engine/index.ts';
import { arrivalOf } from './arrival.ts';
import type { Leaf } from './certificate-authority.ts';
import type { WorldClock } from './clock.ts';
import type { Failed } from './course.ts';
import type { HttpCall } from './http-call.ts';
import { Http1Call, Http2Call } from './http-call.ts';
import type { InsideConnection, InsideTraffic } from './inside-traffic.ts';
import { socketKey } from './inside-traffic.ts';
import { listenOn } from './listen.ts';
import { Abandoned } from './live-error.ts';
import { refuseWhatIsNoRequest } from './malformed.ts';
import { StreamedBody } from './bodies.ts';
import { OutsideFaults } from './outside-faults.ts';
import type { HearRequest, OutsideRequest } from './outside-requests.ts';
import { OutsideRequests } from './outside-requests.ts';
import { PlainServer } from './plain-server.ts';
import { dropReply, writeReply } from './reply-writer.ts';
import type { TunnelWay } from './tunnel.ts';
import { joinTunnel, TunnelBody } from './tunnel.ts';
import { hearHandshakes, UpgradableMessage } from './upgrade.ts';

/** Connections are kept so long between two requests, in milliseconds of real time: who closes them is the client (R53 RV-16). */
const KEPT_MS = 3_600_000;

/** Connections that one endpoint holds at one time; further ones are closed. */
const CONNECTIONS_MAX = 10_000;

/** Ports that AWS listens on. */
export const HTTPS_PORT = 443;
export const HTTP_PORT = 80;

const WEB_PORTS = new Map([
  [HTTPS_PORT, 'https'],
  [HTTP_PORT, 'http'],
] as const);

/** Ports below this need a permission of their own on most systems. */
const UNPRIVILEGED_PORT_MIN = 1024;

/** The port of this machine for one of AWS's: those of the web as given, others as they are where that is free to all. */
export function boundPort(awsPort: number, ports: { readonly https: number; readonly http: number }): number {
  if (awsPort === HTTPS_PORT) return ports.https;
  if (awsPort === HTTP_PORT) return ports.http;
  return ports.https === 0 || awsPort < UNPRIVILEGED_PORT_MIN ? 0 : awsPort;
}

/** The ports that an endpoint listens on as AWS has them, and what it speaks there. */
export function portsOf({ ports }: Endpoint): ReadonlyMap<number, 'http' | 'https' | 'tcp'> {
  return ports ?? WEB_PORTS;
}

export interface EndpointSurroundings {
  readonly world: World;
  readonly clock: WorldClock;
  readonly inside: InsideTraffic;
  /** The world's time, as a Date header has it. */
  readonly httpDate: () => string;
  /** A certificate of the world's own CA. */
  readonly leafFor: (names: readonly string[]) => Promise<Leaf>;
  /** Where it is not the world's present estate that says which certificate to show. */
  readonly certificateNames?: World['certificateNames'];
  /** Where a client from outside stands. */
  readonly vantageOf: (address: string) => Vantage;
  readonly serve: (arrival: Arrival, answered: (reply: Reply) => void, failed: Failed) => void;
  /** Hears of each request of a client from outside; undefined: nobody wants to know, and nothing is kept. */
  readonly hear?: HearRequest | undefined;
}

/** The servers of one endpoint, on its own address: HTTPS with HTTP/2 and HTTP/1.1, and plain HTTP. */
export class EndpointServer {
  readonly endpoint: Endpoint;
  private readonly around: EndpointSurroundings;
  private readonly faults: OutsideFaults;
  private readonly headLimit: HeadLimit;
  /** By the port that AWS has. */
  private readonly servers = new Map<number, Server>();
  /** What its certificate covers that it shows without a server name. */
  private shownNames = '';
  private readonly plain: PlainServer;
  private readonly outside: OutsideRequests | undefined;
  /** By the client's address and port: behind TLS and HTTP/2 it is the way back to the connection itself. */
  private readonly sockets = new Map<string, Socket>();

  constructor(endpoint: Endpoint, around: EndpointSurroundings) {
    this.endpoint = endpoint;
    this.around = around;
    this.headLimit = headLimitOf(endpoint);
    this.faults = new OutsideFaults(around.world, around.clock);
    this.outside = around.hear === undefined ? undefined : new OutsideRequests(around.hear, around.clock);
    const serve = (call: HttpCall, socket: Socket, awsPort: number): void => this.handle(call, socket, awsPort);
    this.plain = new PlainServer(KEPT_MS, serve, around.httpDate);
  }

  /**
   * Binds its ports on an address: those of HTTPS and HTTP to the ones given (0: any), others as {@link boundPort} says.
   * @returns the ports bound, by those that AWS has.
   * @throws LiveError when one cannot be bound.
   */
  async open(
    address: string,
    ports: { readonly https: number; readonly http: number },
  ): Promise<ReadonlyMap<number, number>> {
    const bound = new Map<number, number>();
    for (const [awsPort, protocol] of portsOf(this.endpoint)) {
      const server = protocol === 'https' ? await this.secureServer(awsPort) : this.plainServer(awsPort);
      bound.set(awsPort, await this.listen(server, awsPort, { address, port: boundPort(awsPort, ports) }));
    }
    return bound;
  }

  close(): void {
    this.plain.close();
    for (const server of this.servers.values()) server.close();
    for (const socket of this.sockets.values()) socket.destroy();
  }

  /** Shows what the estate says by now without a server name: a listener may have got another certificate. */
  async renewCertificate(): Promise<void> {
    const names = this.around.world.certificateNames(this.endpoint.address, undefined);
    if (names.length === 0 || names.join(' ') === this.shownNames) return;
    this.shownNames = names.join(' ');
    const { certificate: cert, key } = await this.around.leafFor(names);
    for (const server of this.servers.values()) if (server instanceof TlsServer) server.setSecureContext({ cert, key });
  }

  /** Takes no new connection to one of its ports; what is connected goes on. */
  closePort(awsPort: number): void {
    this.servers.get(awsPort)?.close();
    this.servers.delete(awsPort);
  }

  private plainServer(awsPort: number): Server {
    const options = { IncomingMessage: UpgradableMessage };
    const server = createServer(options, (request, response) => this.handleHttp1(request, response, awsPort));
    hearHandshakes(server, (call) => this.handle(call, call.socket, awsPort));
    this.plain.serveInFrontOf(server, 'connection', awsPort);
    return server;
  }

  private async secureServer(awsPort: number): Promise<Server> {
    const { world, leafFor } = this.around;
    const certificateNames: World['certificateNames'] =
      this.around.certificateNames ?? ((...asked) => world.certificateNames(...asked));
    const { address } = this.endpoint;
    // Without a certificate for it, a handshake without a server name fails as one with a wrong name does.
    const names = certificateNames(address, undefined);
    const own = names.length > 0 ? await leafFor(names) : undefined;
    this.shownNames = names.join(' ');
    const contextOf = async (serverName: string): Promise<SecureContext> => {
      const wanted = certificateNames(address, serverName.toLowerCase());
      // Anything but an error would have the endpoint show the certificate that it shows without a name.
      if (wanted.length === 0) throw new Error(`no certificate for ${serverName}`);
      return (await leafFor(wanted)).context;
    };
    const server = createSecureServer({
      allowHTTP1: true,
      Http1IncomingMessage: UpgradableMessage,
      settings: { maxHeaderListSize: this.headLimit.bytesMax },
      ...(own === undefined ? {} : { cert: own.certificate, key: own.key }),
      SNICallback(serverName, done) {
        contextOf(serverName).then(
          (context) => done(null, context),
          (error: unknown) => done(error as Error),
        );
      },
    });
    hearHandshakes(server, (call) => this.handle(call, call.socket, awsPort));
    server.on('request', (request, response) => this.handleSecure(request, response, awsPort));
    this.plain.serveInFrontOf(server, 'secureConnection', awsPort);
    // A client that leaves in the middle of a handshake or session is not our concern.
    server.on('sessionError', () => undefined);
    server.on('tlsClientError', () => undefined);
    return server;
  }

  private async listen(
    server: Server,
    awsPort: number,
    { address, port }: { readonly address: string; readonly port: number },
  ): Promise<number> {
    server.maxConnections = CONNECTIONS_MAX;
    // Set on either kind of server; that of HTTP/2 has it for clients of HTTP/1.1.
    Object.assign(server, { keepAliveTimeout: KEPT_MS });
    refuseWhatIsNoRequest(server, this.headLimit, this.around.httpDate);
    server.on('connection', (socket: Socket) => {
      const key = socketKey(socket.remoteAddress, socket.remotePort);
      this.sockets.set(key, socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.sockets.delete(key);
        this.outside?.gone(key);
      });
    });
    const bound = await listenOn(server, address, port);
    this.servers.set(awsPort, server);
    return bound;
  }

  private handleSecure(
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
    awsPort: number,
  ): void {
    if ('stream' in request) this.handle(new Http2Call(request), request.socket as TLSSocket, awsPort);
    else this.handleHttp1(request, response as ServerResponse, awsPort);
  }

  private handleHttp1(request: IncomingMessage, response: ServerResponse, awsPort: number): void {
    this.handle(new Http1Call(request, response), request.socket, awsPort);
  }

  /** Joins a connection to the one that has become a tunnel behind it. */
  private open101({ body, headers, tunnel }: Reply, { call, key }: Arrived, fault: TunnelWay['fault']): void {
    const { clock } = this.around;
    if (tunnel === undefined || !(body instanceof TunnelBody) || call.switchProtocols === undefined || call.isGone) {
      if (body instanceof StreamedBody) body.discard();
      return call.breakOff();
    }
    const nextHealing = (now: Instant): Instant => this.faults.nextHealing(now);
    const breakOff = (): void => void this.sockets.get(key)?.resetAndDestroy();
    joinTunnel(call.switchProtocols(headers), body, tunnel, { clock, fault, nextHealing, breakOff });
  }

  private handle(call: HttpCall, socket: Socket | TLSSocket, awsPort: number): void {
    const { inside, vantageOf, httpDate } = this.around;
    const key = socketKey(socket.remoteAddress, socket.remotePort);
    const own = inside.connections.get(key);
    const to = this.endpoint.address;
    const relayed = own === undefined ? inside.relayed.get(key) : undefined;
    const from = own?.from ?? relayed?.from ?? vantageOf(socket.remoteAddress ?? '');
    const { cause } = own ?? relayed ?? {};
    const isOwn = own !== undefined;
    const entryPort = relayed?.entryPort;
    const arrival = arrivalOf({ call, socket, to, from, isOwn, port: awsPort, entryPort, cause });
    if (arrival === undefined) return call.refuse(400, httpDate());
    if (call.headBytes > this.headLimit.bytesMax) return call.refuse(this.headLimit.status, httpDate());
    const heard = own === undefined ? this.outside?.begin(arrival, key) : undefined;
    const arrived: Arrived = { call, arrival, key, own, awsPort, heard };
    const hindrance = own === undefined ? this.faults.met(arrival, awsPort) : undefined;
    if (hindrance === undefined) this.serve(arrived);
    else void this.passIn(hindrance, arrived);
  }

  /** Of a client from outside, whom the network keeps from being served at once. */
  private async passIn(hindrance: Hindrance, arrived: Arrived): Promise<void> {
    const { arrival, awsPort, call, key, heard } = arrived;
    const passage = await this.faults.passIn(hindrance, arrival, awsPort, () => call.isGone);
    if (passage === 'reset') heard?.brokenOff(hindrance);
    if (passage === 'reset') this.sockets.get(key)?.resetAndDestroy();
    if (passage === 'passes') this.serve(arrived);
  }

  private serve(arrived: Arrived): void {
    const { arrival, call, heard } = arrived;
    const failed: Failed = (error) => {
      if (error instanceof Abandoned || call.isGone) {
        heard?.lost('reset');
        call.breakOff();
        return;
      }
      heard?.answered(500, undefined);
      call.send(500, [['Date', this.around.httpDate()]], '');
    };
    const answered = (reply: Reply): void => {
      try {
        this.answer(reply, arrived);
      } catch (error) {
        failed(error);
      }
    };
    this.around.serve(arrival, answered, failed);
  }

  private answer(reply: Reply, arrived: Arrived): void {
    const { arrival, call, own, awsPort, key, heard } = arrived;
    const { clock } = this.around;
    if (own !== undefined) own.account = reply.account;
    const passage = own === undefined ? this.faults.passBack(arrival, awsPort) : 'passes';
    if (passage === 'passes') heard?.answered(reply.status, reply.account);
    if (passage === 'reset') heard?.lost('reset');
    if (passage === 'reset') this.sockets.get(key)?.resetAndDestroy();
    if (passage !== 'passes') dropReply(reply, clock);
    else if (reply.tunnel === undefined) writeReply(reply, call, this.around);
    else this.open101(reply, arrived, this.faults.ofTunnel(arrival, awsPort));
  }
}

/** A request, and where it came from. */
interface Arrived {
  readonly call: HttpCall;
  readonly arrival: Arrival;
  /** Of its connection. */
  readonly key: string;
  /** Of one of the world's own clients. */
  readonly own: InsideConnection | undefined;
  readonly awsPort: number;
  /** Of a client from outside, when somebody wants to hear of it. */
  readonly heard: OutsideRequest | undefined;
}
