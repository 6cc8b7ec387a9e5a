import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { HttpCall } from './http-call.ts';
import { HEAD_TIMEOUT_MS, tooLate } from './malformed.ts';
import { PlainConnection } from './plain-connection.ts';
import type { PlainServing } from './plain-connection.ts';
import { PlainReader } from './plain-request.ts';

/** How often connections are looked at on which nothing happens. */
const SWEEP_MS = 2000;

/** Has connections served by {@link PlainConnection} before Node's server gets them. */
export class PlainServer {
  private readonly open = new Set<PlainConnection>();
  private readonly reader = new PlainReader();
  private readonly keptMs: number;
  private readonly serve: (call: HttpCall, socket: Socket, awsPort: number) => void;
  private readonly httpDate: () => string;
  private readonly sweeper: NodeJS.Timeout;

  /**
   * @param keptMs for how long a connection is kept on which nothing is asked, in milliseconds of real time.
   * @param httpDate the world's time, as a Date header has it.
   */
  constructor(
    keptMs: number,
    serve: (call: HttpCall, socket: Socket, awsPort: number) => void,
    httpDate: () => string,
  ) {
    this.keptMs = keptMs;
    this.serve = serve;
    this.httpDate = httpDate;
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  /**
   * Call before anybody else listens to its connections.
   * @param event tells of a connection on which HTTP may begin.
   */
  serveInFrontOf(server: Server, event: 'connection' | 'secureConnection', awsPort: number): void {
    const others = server.listeners(event);
    server.removeAllListeners(event);
    const serving: PlainServing = {
      open: this.open,
      reader: this.reader,
      keptSeconds: Math.floor(this.keptMs / 1000),
      serve: (call, { socket }) => this.serve(call, socket, awsPort),
      giveOver: (socket) => {
        for (const listener of others) Reflect.apply(listener, server, [socket]);
      },
    };
    server.on(event, (socket: Socket) => {
      if (isHttp2(socket)) serving.giveOver(socket);
      else void new PlainConnection(socket, serving);
    });
  }

  close(): void {
    clearInterval(this.sweeper);
  }

  /** Who has sent nothing is told so in the end; who has nothing more to ask is let go. */
  private sweep(): void {
    const now = performance.now();
    for (const connection of this.open) {
      const { idleSince, isUsed, socket } = connection;
      if (idleSince === 0) continue;
      if (isUsed && now - idleSince > this.keptMs) socket.destroy();
      if (!isUsed && now - idleSince > HEAD_TIMEOUT_MS) tooLate(socket, this.httpDate());
    }
  }
}

function isHttp2(socket: Socket): boolean {
  return 'alpnProtocol' in socket && (socket as TLSSocket).alpnProtocol === 'h2';
}
