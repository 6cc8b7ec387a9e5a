import { performance } from 'node:perf_hooks';
import type { Instant } from '../model/index.ts';
import { BEGINNING } from '../model/index.ts';

/** Longest single timer of Node, in milliseconds; longer waits are done in pieces. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** How often the clock looks whether this process still gets its turn. */
const TICK_MS = 5;

/** A longer gap between two looks counts as this much: the machine was busy elsewhere, or with itself. */
const GAP_MS_MAX = 15;

/**
 * The world's clock: monotonic, `speed` times as fast as the wall clock. Stands at the beginning until it is started,
 * and stands still while this process is held up: at speed 10 a machine that is busy for 200 ms would otherwise look
 * like a network that is dead for 2 s.
 */
export class WorldClock {
  readonly speed: number;
  private isRunning = false;
  /** Milliseconds of the wall clock that counted, up to the last look. */
  private countedMs = 0;
  private lookedAtMs = performance.now();
  private heldUp = 0;
  private readonly ticking: NodeJS.Timeout;
  private readonly alarms = new Set<Alarm>();

  /** @param speed world seconds in a second of the wall clock. */
  constructor(speed: number) {
    this.speed = speed;
    this.ticking = setInterval(() => void this.elapsedMs(), TICK_MS).unref();
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.countedMs = 0;
    this.heldUp = 0;
    this.lookedAtMs = performance.now();
  }

  get isStarted(): boolean {
    return this.isRunning;
  }

  /** Milliseconds of the wall clock for which the clock stood still, since the start. */
  get heldUpMs(): number {
    return this.heldUp;
  }

  now(): Instant {
    if (!this.isRunning) return BEGINNING;
    return Math.floor(this.elapsedMs() * this.speed * 1000) as Instant;
  }

  /** Milliseconds of the wall clock that have counted so far; alarms go by these. */
  elapsedMs(): number {
    const now = performance.now();
    const gapMs = now - this.lookedAtMs;
    this.lookedAtMs = now;
    this.countedMs += Math.min(gapMs, GAP_MS_MAX);
    this.heldUp += Math.max(0, gapMs - GAP_MS_MAX);
    return this.countedMs;
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
    const alarm = new Alarm(this, Math.max(0, this.realMs(worldMs)), this.alarms, ring);
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
    clearInterval(this.ticking);
    for (const alarm of this.alarms) alarm.cancel();
  }
}

/** A timer that can be put off. */
export class Alarm {
  private dueAtMs: number;
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private readonly clock: WorldClock;
  private readonly alarms: Set<Alarm>;
  private readonly ring: () => void;

  constructor(clock: WorldClock, realMs: number, alarms: Set<Alarm>, ring: () => void) {
    this.clock = clock;
    this.dueAtMs = clock.elapsedMs() + realMs;
    this.alarms = alarms;
    this.ring = ring;
  }

  arm(): void {
    // Timers count whole milliseconds and may come a fraction early.
    const leftMs = Math.ceil(this.dueAtMs - this.clock.elapsedMs());
    this.timer = setTimeout(() => this.check(), Math.min(Math.max(leftMs, 1), TIMER_MS_MAX));
  }

  /** Puts the alarm off until so many real milliseconds from now; cheap enough for every packet. */
  postpone(realMs: number): void {
    this.dueAtMs = this.clock.elapsedMs() + realMs;
  }

  cancel(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
    this.alarms.delete(this);
  }

  private check(): void {
    if (this.clock.elapsedMs() < this.dueAtMs) {
      this.arm();
      return;
    }
    this.immediate = setImmediate(() => {
      // A packet may have come in between, and put it off.
      if (this.clock.elapsedMs() < this.dueAtMs) {
        this.arm();
        return;
      }
      this.alarms.delete(this);
      this.ring();
    });
  }
}
