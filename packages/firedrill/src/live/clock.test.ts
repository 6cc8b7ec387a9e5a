import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { atSeconds } from '../model/index.ts';
import { WorldClock } from './clock.ts';

describe('the world’s clock', () => {
  test('stands at the beginning until it is started', () => {
    const clock = new WorldClock(1000);
    expect(clock.now()).toBe(0);
    clock.start();
    const started = clock.now();
    expect(clock.now()).toBeGreaterThanOrEqual(started);
  });

  test('an alarm never rings early', async () => {
    const clock = new WorldClock(100);
    clock.start();
    for (const worldMs of [1, 150, 999, 2500]) {
      const began = clock.now();
      await new Promise<void>((resolve) => void clock.after(worldMs, resolve));
      expect(clock.now() - began).toBeGreaterThanOrEqual(worldMs * 1000 - 1);
    }
  });

  test('waiting goes faster by the speed, work does not', async () => {
    const clock = new WorldClock(10_000);
    clock.start();
    const wall = performance.now();
    await clock.until(atSeconds(1000));
    expect(performance.now() - wall).toBeGreaterThanOrEqual(100 - 1);
    expect(performance.now() - wall).toBeLessThan(1_000_000);

    const began = clock.now();
    work(50);
    expect(clock.now() - began).toBeGreaterThanOrEqual(50_000 - 1);
    // At the speed it would be 500 s.
    expect(clock.now() - began).toBeLessThan(250_000_000);
    expect(clock.speedReached).toBeLessThan(9000);
    expect(clock.speedReached).toBeGreaterThan(1);
  });

  test('a process that is kept from working while an alarm is due has aged the world by little', async () => {
    const clock = new WorldClock(100);
    const stopping = spawn('/bin/sh', ['-c', `kill -STOP ${process.pid}; sleep 1; kill -CONT ${process.pid}`]);
    clock.start();
    const ringing = clock.until(atSeconds(10)).then(() => clock.now());
    await once(stopping, 'exit');
    const rung = await ringing;
    // A second of waiting would be 100 s.
    expect(rung).toBeGreaterThanOrEqual(10e6);
    expect(rung).toBeLessThan(60e6);
  });

  test('is the wall clock at speed 1, and slower in all at less', async () => {
    for (const speed of [1, 0.5]) {
      const clock = new WorldClock(speed);
      const before = performance.now();
      clock.start();
      const after = performance.now();
      work(10);
      await new Promise<void>((resolve) => void clock.after(10, resolve));
      const wall = performance.now();
      const worldMs = clock.now() / 1000;
      expect(worldMs).toBeGreaterThanOrEqual((wall - after) * speed - 1);
      expect(worldMs).toBeLessThanOrEqual((performance.now() - before) * speed + 1);
    }
  });

  test('alarms ring in the order of their moments, however they were set', async () => {
    const clock = new WorldClock(100);
    clock.start();
    const rung: number[] = [];
    const moments = [40, 10, 30, 20];
    await Promise.all(moments.map((at) => clock.until(atSeconds(at / 10)).then(() => rung.push(at))));
    expect(rung).toEqual([10, 20, 30, 40]);
  });

  test('one that is put off rings later, one that is cancelled never', async () => {
    const clock = new WorldClock(1);
    clock.start();
    const began = clock.now();
    const cancelled = clock.after(1, () => expect.unreachable('it was cancelled'));
    cancelled.cancel();
    await new Promise<void>((resolve) => {
      const alarm = clock.after(5, resolve);
      alarm.postpone(30);
    });
    expect(clock.now() - began).toBeGreaterThanOrEqual(30_000 - 1);
  });

  test('an alarm waits for what has already arrived', async () => {
    const clock = new WorldClock(1);
    clock.start();
    const order: string[] = [];
    const rang = new Promise<void>((resolve) => {
      clock.after(2, () => {
        order.push('alarm');
        resolve();
      });
    });
    // The process is busy for longer than the alarm; what became ready meanwhile comes first.
    setTimeout(() => order.push('arrival'), 3);
    work(10);
    await rang;
    expect(order).toEqual(['arrival', 'alarm']);
  });
});

/** Keeps the processor busy. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
