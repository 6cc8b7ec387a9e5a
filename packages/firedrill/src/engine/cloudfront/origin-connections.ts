import type { Instant } from '../../model/index.ts';
import { msBetween } from '../../model/index.ts';
import type { Connection } from '../conversation.ts';

/** Idle connections that an edge location keeps to one origin; beyond that the oldest are forgotten. */
const KEPT_MAX = 256;

/** A connection of an edge location to an origin: it goes on where it leads, whatever DNS says by now (CF 4.18). */
export interface OriginConnection extends Connection {
  readonly to: string;
  /** The event that led it there. */
  readonly cause: number;
  usedAt: Instant;
}

/** What an edge location keeps open to origins between requests, for the keep-alive timeout of each (CF 1.21). */
export class OriginConnections {
  /** By what tells them apart; in each list the one used latest is last. */
  private readonly kept = new Map<string, OriginConnection[]>();

  /** The one used latest, if it is still good. Who takes it has it alone. */
  take(key: string, now: Instant): OriginConnection | undefined {
    const idle = this.kept.get(key) ?? [];
    for (let i = idle.length - 1; i >= 0; i--) {
      const connection = idle[i] as OriginConnection;
      const isUsable = isGood(connection, now);
      const isFree = connection.isOpen && connection.isBusy !== true;
      if (isUsable && !isFree) continue;
      idle.splice(i, 1);
      if (isUsable) return connection;
    }
    return undefined;
  }

  giveBack(key: string, connection: OriginConnection, now: Instant): void {
    connection.usedAt = now;
    const idle = this.kept.get(key) ?? [];
    idle.push(connection);
    if (idle.length > KEPT_MAX) idle.shift();
    this.kept.set(key, idle);
  }
}

/** A body may still be on its way, for whatever time; else it is over after the keep-alive timeout. */
function isGood({ isBusy, usedAt, idleMs }: OriginConnection, now: Instant): boolean {
  return isBusy === true || msBetween(usedAt, now) < idleMs;
}
