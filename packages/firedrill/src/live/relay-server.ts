import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Account, Endpoint, Passage, Vantage, World } from '../engine/index.ts';
import type { WorldClock } from './clock.ts';
import type { SocketAddress } from './dial.ts';
import { boundPort } from './endpoint-server.ts';
import type { InsideConnection, InsideTraffic } from './inside-traffic.ts';
import { socketKey } from './inside-traffic.ts';
import { listenOn } from './listen.ts';

/** Connections that one such endpoint passes on at one time; further ones are closed. */
const CONNECTIONS_MAX = 10_000;

export interface RelaySurroundings {
  readonly world: World;
  readonly clock: WorldClock;
  readonly inside: InsideTraffic;
  /** Where a client from outside stands. */
  readonly vantageOf: (address: string) => Vantage;
  readonly socketOf: (address: string, port: number) => SocketAddress | undefined;
}

/** The servers of an endpoint that passes connections on, byte by byte: TLS is between the client and where it ends. */
export class RelayServer {
  private readonly endpoint: Endpoint;
  private readonly around: RelaySurroundings;
  /** By the port that AWS has. */
  private readonly servers = new Map<number, Server>();
  private readonly sockets = new Set<Socket>();

  constructor(endpoint: Endpoint, around: RelaySurroundings) {
    this.endpoint = endpoint;
    this.around = around;
  }

  /**
   * Binds its ports on an address.
   * @returns the ports bound, by those that AWS has.
   * @throws LiveError when one cannot be bound.
   */
  async open(
    address: string,
    ports: { readonly https: number; readonly http: number },
  ): Promise<ReadonlyMap<number, number>> {
    const bound = new Map<number, number>();
    for (const awsPort of this.endpoint.ports?.keys() ?? [])
      bound.set(awsPort, await this.listen(awsPort, address, boundPort(awsPort, ports)));
    return bound;
  }

  close(): void {
    for (const server of this.servers.values()) server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Takes no new connection to one of its ports; what is connected goes on. */
  closePort(awsPort: number): void {
    this.servers.get(awsPort)?.close();
    this.servers.delete(awsPort);
  }

  private async listen(awsPort: number, address: string, port: number): Promise<number> {
    const server = createServer((socket) => this.accept(socket, awsPort));
    server.maxConnections = CONNECTIONS_MAX;
    const bound = await listenOn(server, address, port);
    this.servers.set(awsPort, server);
    return bound;
  }

  /** Nothing is decided before the client has sent something: by then it is known who it is. */
  private accept(client: Socket, awsPort: number): void {
    this.keep(client);
    client.once('readable', () => {
      if (client.destroyed || client.readableLength === 0) return void client.destroy();
      this.relay(client, awsPort);
    });
  }

  private relay(client: Socket, awsPort: number): void {
    const { world, clock, inside, vantageOf, socketOf } = this.around;
    const own = inside.connections.get(socketKey(client.remoteAddress, client.remotePort));
    const from = own?.from ?? vantageOf(client.remoteAddress ?? '');
    const connection = { to: this.endpoint.address, port: awsPort, from };
    const passage = own?.passage ?? world.passage(connection, clock.now());
    const target = passage?.to === undefined ? undefined : socketOf(passage.to, passage.port);
    if (passage === undefined || target === undefined) return breakOff(client);
    const server = connect({ host: target.address, port: target.port, noDelay: true });
    this.keep(server);
    server.once('connect', () => {
      this.introduce(server, passage, own, client.localPort ?? 0);
      client.on('data', busy);
      server.on('data', busy);
      client.pipe(server);
      server.pipe(client);
    });
    // One that ends in the middle ends the other in the same way.
    server.once('error', () => breakOff(client));
    client.once('error', () => breakOff(server));
    client.once('close', () => server.destroySoon());
    server.once('close', () => client.destroySoon());
    const idle = clock.after(passage.idleTimeoutMs, () => {
      breakOff(client);
      breakOff(server);
    });
    const busy = (): void => idle.postpone(passage.idleTimeoutMs);
    client.once('close', () => idle.cancel());
  }

  /** Tells the endpoint at the other end who its client is. */
  private introduce(server: Socket, passage: Passage, own: InsideConnection | undefined, entryPort: number): void {
    const { connections, relayed } = this.around.inside;
    const { from, cause } = passage;
    const key = socketKey(server.localAddress, server.localPort);
    if (own === undefined) relayed.set(key, { from, entryPort, cause });
    else connections.set(key, new Relayed(own, from, cause));
    server.once('close', () => {
      relayed.delete(key);
      connections.delete(key);
    });
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('close', () => this.sockets.delete(socket));
  }
}

/** Resets a connection. One that has been ended already cannot be reset any more: the attempt would leave it open for good. */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** One of the world's own connections on the rest of its way: what is said of the answer goes back to where it began. */
class Relayed implements InsideConnection {
  readonly from: Vantage;
  readonly cause: number;
  private readonly origin: InsideConnection;

  constructor(origin: InsideConnection, from: Vantage, cause: number) {
    this.origin = origin;
    this.from = from;
    this.cause = cause;
  }

  get account(): Account | undefined {
    return this.origin.account;
  }

  set account(account: Account | undefined) {
    this.origin.account = account;
  }
}
