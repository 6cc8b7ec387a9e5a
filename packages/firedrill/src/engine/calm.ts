import type { EventCode, Instant, TimelineData } from '../model/index.ts';
import { BEGINNING, msBetween } from '../model/index.ts';
import { Signal } from './signal.ts';

/** What befalls single requests, resolvers and clients; nothing that a health checker looks at changes with it. */
const EVERYDAY: ReadonlySet<EventCode> = new Set<EventCode>([
  'request.ended',
  'origin.attempt-failed',
  'origin.failed-over',
  'edge-function.failed',
  'websocket.opened',
  'websocket.closed',
  'resolver.changed',
  'clients.counted',
  'checker.changed',
  'world.ended',
]);

/** Since when nothing has happened in a world that may change what health checkers find. */
export class Calm {
  private since: Instant = BEGINNING;
  private signal: Signal | undefined;

  /** Given at the next event that may change it. */
  get end(): Signal {
    this.signal ??= new Signal();
    return this.signal;
  }

  /** For how long it has lasted, in milliseconds. */
  lastsMs(now: Instant): number {
    return msBetween(this.since, now);
  }

  /** An event came onto the timeline. */
  heard<Code extends EventCode>(now: Instant, what: Code, data: TimelineData[Code]): void {
    if (EVERYDAY.has(what)) return;
    // Values that somebody publishes matter by what an alarm or a health check makes of them, which is an event too.
    if (what === 'action.performed' && 'action' in data && data.action === 'put-metric-data') return;
    this.since = now;
    const { signal } = this;
    this.signal = undefined;
    signal?.give(now);
  }
}
