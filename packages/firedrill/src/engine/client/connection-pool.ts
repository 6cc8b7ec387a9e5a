import type { Instant, KeepAlive } from '../../model/index.ts';
import { after } from '../../model/index.ts';
import type { Connection } from '../conversation.ts';

/** Idle connections that one client keeps to one host; browsers keep as many. */
const IDLE_MAX = 6;

/** A connection of a client, and whereto. It outlives what DNS says of the name (R53 RV-16). */
export class KeptConnection implements Connection {
  isOpen = false;
  readonly idleMs: number;
  readonly to: string;
  /** The event that made this the address. */
  readonly cause: number;
  readonly openedAt: Instant;
  usedAt: Instant;

  constructor(to: string, idleMs: number, cause: number, openedAt: Instant) {
    this.to = to;
    this.idleMs = idleMs;
    this.cause = cause;
    this.openedAt = openedAt;
    this.usedAt = openedAt;
  }
}

/** The connections that one client keeps between its requests. */
export class ConnectionPool {
  private readonly limits: KeepAlive;
  private readonly idle: KeptConnection[] = [];

  constructor(limits: KeepAlive) {
    this.limits = limits;
  }

  /** The one used last, if it may still be used; it is the caller's until it comes back. */
  take(now: Instant): KeptConnection | undefined {
    for (;;) {
      const connection = this.idle.pop();
      if (connection === undefined || this.isUsable(connection, now)) return connection;
      connection.isOpen = false;
    }
  }

  /** The one that the next request would take. */
  peek(now: Instant): KeptConnection | undefined {
    return this.idle.findLast((connection) => this.isUsable(connection, now));
  }

  /** A connection to be opened. */
  open(to: string, cause: number, now: Instant): KeptConnection {
    return new KeptConnection(to, this.limits.idleMs, cause, now);
  }

  /** After an answer that came whole. */
  giveBack(connection: KeptConnection, now: Instant): void {
    connection.usedAt = now;
    if (this.idle.length === IDLE_MAX) this.idle.shift();
    this.idle.push(connection);
  }

  private isUsable({ isOpen, openedAt, usedAt }: KeptConnection, now: Instant): boolean {
    const { idleMs, lifetimeMs } = this.limits;
    return isOpen && now < after(usedAt, idleMs) && now < after(openedAt, lifetimeMs);
  }
}
