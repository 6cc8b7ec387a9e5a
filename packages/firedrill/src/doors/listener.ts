import type { Server, Socket } from 'node:net';
import { listenOn } from '../live/index.ts';

/** Doors are for programs of this machine. */
const LOOPBACK = '127.0.0.1';

/** Connections that one door holds at one time; further ones are closed. */
const CONNECTIONS_MAX = 5000;

/** A door's server on the loopback address, with what it takes to close it. */
export class Listener {
  readonly server: Server;
  port = 0;
  private readonly sockets = new Set<Socket>();

  constructor(server: Server) {
    this.server = server;
    server.maxConnections = CONNECTIONS_MAX;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /**
   * @param port 0: any that is free.
   * @throws LiveError when it cannot be bound.
   */
  async open(port: number): Promise<number> {
    this.port = await listenOn(this.server, LOOPBACK, port);
    return this.port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
