import { performance } from 'node:perf_hooks';
import type { Instant } from '../model/index.ts';
import { BEGINNING } from '../model/index.ts';

/** Longest single timer of Node, in milliseconds; longer waits are done in pieces. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * The world's clock: monotonic, `speed` times as fast as the wall clock. Stands at the beginning until it is started.
 */
export class WorldClock {
  readonly speed: number;
  private startedAtMs: number | undefined;
  private readonly alarms = new Set<Alarm>();

  /** @param speed world seconds in a second of the wall clock. */
  constructor(speed: number) {
    this.speed = speed;
  }

  start(): void {
    this.startedAtMs ??= performance.now();
  }

  get isStarted(): boolean {
    return this.startedAtMs !== undefined;
  }

  now(): Instant {
    if (this.startedAtMs === undefined) return BEGINNING;
    return Math.floor((performance.now() - this.startedAtMs) * this.speed * 1000) as Instant;
  }

  /** Milliseconds of the wall clock that a length of world time takes. */
  realMs(worldMs: number): number {
    return worldMs / this.speed;
  }

  /**
   * Calls back when so many milliseconds of world time have passed, never earlier. What has arrived by then on a
   * socket is delivered before the call, so that a busy process does not see timeouts that were none.
   */
  after(worldMs: number, ring: () => void): Alarm {
    const alarm = new Alarm(performance.now() + Math.max(0, this.realMs(worldMs)), this.alarms, ring);
    this.alarms.add(alarm);
    alarm.arm();
    return alarm;
  }

  /** Resolves at a moment of world time; a moment that has passed resolves in the next turn. */
  async until(at: Instant): Promise<void> {
    for (let left = at - this.now(); left > 0; left = at - this.now()) {
      await new Promise<void>((resolve) => void this.after(left / 1000, resolve));
    }
  }

  /** Silences every alarm; who waits on one waits forever. */
  stop(): void {
    for (const alarm of this.alarms) alarm.cancel();
  }
}

/** A timer that can be put off. */
export class Alarm {
  private dueAtMs: number;
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private readonly alarms: Set<Alarm>;
  private readonly ring: () => void;

  constructor(dueAtMs: number, alarms: Set<Alarm>, ring: () => void) {
    this.dueAtMs = dueAtMs;
    this.alarms = alarms;
    this.ring = ring;
  }

  arm(): void {
    // Timers count whole milliseconds and may come a fraction early.
    const leftMs = Math.ceil(this.dueAtMs - performance.now());
    this.timer = setTimeout(() => this.check(), Math.min(Math.max(leftMs, 1), TIMER_MS_MAX));
  }

  /** Puts the alarm off until so many real milliseconds from now; cheap enough for every packet. */
  postpone(realMs: number): void {
    this.dueAtMs = performance.now() + realMs;
  }

  cancel(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
    this.alarms.delete(this);
  }

  private check(): void {
    if (performance.now() < this.dueAtMs) {
      this.arm();
      return;
    }
    this.immediate = setImmediate(() => {
      // A packet may have come in between, and put it off.
      if (performance.now() < this.dueAtMs) {
        this.arm();
        return;
      }
      this.alarms.delete(this);
      this.ring();
    });
  }
}
