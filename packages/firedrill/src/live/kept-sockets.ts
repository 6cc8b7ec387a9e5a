import type { Socket } from 'node:net';
import type { Connection } from '../engine/index.ts';
import type { Alarm, WorldClock } from './clock.ts';
import type { OwnConnection } from './inside-traffic.ts';

/** Sockets that are kept between requests at one time; a further one is closed after its answer. */
const KEPT_MAX = 2048;

/** A socket that waits for its next request. */
interface KeptSocket {
  readonly socket: Socket;
  /** Who has opened it, and where the world has decided to pass it on to for as long as it lives (RS 2.19). */
  readonly beside: OwnConnection;
  readonly idle: Alarm;
  /** Hears that the other side has ended it. */
  readonly over: () => void;
}

/** Sockets of the world's own clients between two requests (R53 RV-16). One that ends meanwhile is known to be over. */
export class KeptSockets {
  private readonly clock: WorldClock;
  private readonly kept = new Map<Connection, KeptSocket>();

  constructor(clock: WorldClock) {
    this.clock = clock;
  }

  /** Takes what is kept of a connection, if it is still open. */
  take(connection: Connection): Pick<KeptSocket, 'socket' | 'beside'> | undefined {
    const kept = this.kept.get(connection);
    if (kept === undefined) return undefined;
    this.kept.delete(connection);
    release(kept);
    connection.isBusy = true;
    return kept.socket.destroyed ? undefined : kept;
  }

  /** Keeps a socket on which a request has been answered whole. */
  keep(connection: Connection, socket: Socket, beside: OwnConnection): void {
    if (this.kept.size >= KEPT_MAX || socket.destroyed) {
      connection.isOpen = false;
      socket.destroy();
      return;
    }
    const over = (): void => this.drop(connection, socket);
    const idle = this.clock.after(connection.idleMs, over);
    this.kept.set(connection, { socket, beside, idle, over });
    connection.isOpen = true;
    connection.isBusy = false;
    for (const event of ENDS) socket.on(event, over);
  }

  close(): void {
    for (const [connection, { socket }] of this.kept) this.drop(connection, socket);
  }

  private drop(connection: Connection, socket: Socket): void {
    connection.isOpen = false;
    const kept = this.kept.get(connection);
    if (kept !== undefined) release(kept);
    this.kept.delete(connection);
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

const ENDS = ['error', 'close', 'end'] as const;

function release({ socket, idle, over }: KeptSocket): void {
  idle.cancel();
  for (const event of ENDS) socket.off(event, over);
}
