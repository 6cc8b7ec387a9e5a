import { performance } from 'node:perf_hooks';
import type { Instant } from '../model/index.ts';
import { BEGINNING } from '../model/index.ts';
import type { Member } from './crowd.ts';
import { Crowd } from './crowd.ts';

/** Longest single timer of Node, in milliseconds; longer waits are done in pieces. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** A computer that wakes this process later than this after an alarm was due, on the wall, has kept it from working. */
const LATE_MS = 20;

/**
 * The world's clock. Monotonic; stands at the beginning until it is started.
 *
 * Waiting goes `speed` times as fast as on the wall, work does not: a computer that is busy with handshakes for 50 ms
 * has aged the world by 50 ms, not by a second. Otherwise the faster the clock, the more would a busy process look
 * like a dead Region. So the world never runs faster than `speed`, and slows down by itself when it cannot keep up.
 * Nor is it waiting when an alarm is due and other programs have the processor: the world stands still meanwhile, or
 * else timeouts would end, and faults begin, before anybody could answer.
 */
export class WorldClock {
  /** World seconds in a second of waiting. */
  readonly speed: number;
  private readonly beganMs = performance.now();
  private readonly idleBeganMs = idleMs();
  private started: { readonly ageMs: number; readonly wallMs: number } | undefined;
  private readonly alarms = new Crowd<Alarm>();
  /** How much waiting has been looked at, on the wall. */
  private waitedMs = 0;
  /** World time that waiting would have brought while an alarm was due. */
  private oversleptMs = 0;

  constructor(speed: number) {
    this.speed = speed;
  }

  start(): void {
    this.started ??= { ageMs: this.ageMs(), wallMs: performance.now() };
  }

  now(): Instant {
    if (this.started === undefined) return BEGINNING;
    return Math.floor((this.ageMs() - this.started.ageMs) * 1000) as Instant;
  }

  /** World seconds in a second of the wall clock, work included, since the start. */
  get speedReached(): number {
    if (this.started === undefined) return this.speed;
    return (this.ageMs() - this.started.ageMs) / (performance.now() - this.started.wallMs);
  }

  /** World time since this clock was made, started or not, in milliseconds. */
  ageMs(): number {
    // Where waiting and working go at one pace nobody needs to tell them apart.
    if (this.speed <= 1) return (performance.now() - this.beganMs) * this.speed;
    const idle = idleMs() - this.idleBeganMs;
    const busy = Math.max(0, performance.now() - this.beganMs - idle);
    const ageMs = idle * this.speed + busy - this.oversleptMs;
    const waitedMs = idle - this.waitedMs;
    this.waitedMs = idle;
    if (waitedMs <= LATE_MS) return ageMs;
    const late = this.lateBy(ageMs, waitedMs * this.speed);
    this.oversleptMs += late;
    return ageMs - late;
  }

  /** By how much of what it has waited the world is later than its next alarm allows. */
  private lateBy(ageMs: number, waitedMs: number): number {
    const dueAtMs = this.alarms.all().reduce((first, alarm) => Math.min(first, alarm.dueMs), Number.POSITIVE_INFINITY);
    return Math.min(waitedMs, Math.max(0, ageMs - dueAtMs - LATE_MS * this.speed));
  }

  /**
   * Calls back when so many milliseconds of world time have passed, never earlier. What has arrived by then on a
   * socket is delivered before the call, so that a busy process does not see timeouts that were none.
   */
  after(worldMs: number, ring: () => void): Alarm {
    const alarm = new Alarm(this, this.alarms, ring);
    this.alarms.add(alarm);
    alarm.postpone(worldMs);
    alarm.arm();
    return alarm;
  }

  /** Resolves at a moment of world time, as soon as the clock has been started; at once when it has passed. */
  async until(at: Instant): Promise<void> {
    for (let left = at - this.now(); left > 0; left = at - this.now()) {
      await new Promise<void>((resolve) => void this.after(left / 1000, resolve));
    }
  }

  /** Silences every alarm; who waits on one waits forever. */
  stop(): void {
    for (const alarm of this.alarms.all()) alarm.cancel();
  }
}

/** A timer that can be put off. */
export class Alarm implements Member {
  place = -1;
  private dueAtMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private readonly clock: WorldClock;
  private readonly alarms: Crowd<Alarm>;
  private readonly ring: () => void;

  constructor(clock: WorldClock, alarms: Crowd<Alarm>, ring: () => void) {
    this.clock = clock;
    this.alarms = alarms;
    this.ring = ring;
  }

  /** When it is to ring, as the age of the world. */
  get dueMs(): number {
    return this.dueAtMs;
  }

  arm(): void {
    // Timers count whole milliseconds and may come a fraction early; then the rest is waited for.
    const leftMs = Math.ceil((this.dueAtMs - this.clock.ageMs()) / this.clock.speed);
    this.timer = setTimeout(() => this.check(), Math.min(Math.max(leftMs, 1), TIMER_MS_MAX));
  }

  /** Puts the alarm off until so many milliseconds of world time from now; cheap enough for every packet. */
  postpone(worldMs: number): void {
    this.dueAtMs = this.clock.ageMs() + Math.max(0, worldMs);
  }

  cancel(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
    this.alarms.delete(this);
  }

  private check(): void {
    if (this.clock.ageMs() < this.dueAtMs) {
      this.arm();
      return;
    }
    this.immediate = setImmediate(() => {
      // A packet may have come in between, and put it off.
      if (this.clock.ageMs() < this.dueAtMs) {
        this.arm();
        return;
      }
      this.alarms.delete(this);
      this.ring();
    });
  }
}

/** How long this thread's event loop has had nothing to do but to wait. */
function idleMs(): number {
  return performance.eventLoopUtilization().idle;
}
