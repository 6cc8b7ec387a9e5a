import { expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from '../../test/hybrid-architecture.ts';
import type { Fault, Plan, TimelineEvent } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { SWITCHES } from '../engine/index.ts';
import { simulate } from './index.ts';

/* What each switch changes in a run. */

interface Setting {
  readonly faults?: readonly Fault[];
  readonly endSeconds?: number;
  readonly seed?: string;
  readonly statusCodes?: readonly number[];
}

function run(switches: Plan['switches'], { faults = [], endSeconds = 200, seed = '1', statusCodes }: Setting = {}) {
  const events: TimelineEvent[] = [];
  const probes = [probe('hybrid', 'https://dhybrid.cloudfront.net/', { methods: ['GET'] })];
  const plan = hybridPlan(faults, { endSeconds, seed, switches, probes });
  simulate(
    hybridArchitecture(statusCodes === undefined ? {} : { statusCodes }),
    plan,
    (event) => void events.push(event),
  );
  return events;
}

function firstAt(events: readonly TimelineEvent[], holds: (event: TimelineEvent) => boolean): number {
  return (events.find(holds)?.at ?? Number.NaN) / 1e6;
}

const isDetected = (event: TimelineEvent): boolean => event.what === 'health-check.changed' && !event.data.healthy;
const UNAVAILABLE = primaryFault({ kind: 'status', status: 503 }, 20);

test.each([0, 5, 30])(
  'R53 HC-42: route53.status-propagation-seconds: whoever asks %d s after the status is told of it, nobody before',
  (seconds) => {
    const asked: number[] = [];
    for (let i = 0; i < 20; i++) {
      const events = run(
        { 'route53.status-propagation-seconds': seconds },
        { faults: [UNAVAILABLE], seed: `seed ${i}` },
      );
      const isTold = (event: TimelineEvent): boolean =>
        event.what === 'dns.answer-changed' && event.data.endpoint === 'us-east-1';
      asked.push(firstAt(events, isTold) - firstAt(events, isDetected));
    }
    // The edge is the only one who asks, once in 60 s.
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(seconds);
    expect(Math.max(...asked)).toBeLessThan(seconds + 62);
  },
);

test('R53 TL-05: resolver.warm-start: with it the edge asks again within the TTL, without it after a whole one', () => {
  const secondLookup = (isWarm: boolean, seed: string): number => {
    // A name that changes at once, so that the second lookup shows.
    const switches = { 'resolver.warm-start': isWarm, 'route53.api-gateway-target-health': 'follows-region' };
    const events = run(switches, { faults: [primaryFault({ kind: 'refuse' }, 0.5)], seed });
    const changes = events.filter(({ what, data }) => what === 'resolver.changed' && data.name === 'api.example.com');
    return ((changes[1]?.at ?? 0) - (changes[0]?.at ?? 0)) / 1e6;
  };
  const seeds = Array.from({ length: 20 }, (_, i) => `seed ${i}`);
  for (const seed of seeds) {
    expect(secondLookup(false, seed)).toBeGreaterThanOrEqual(60);
    expect(secondLookup(false, seed)).toBeLessThan(61.1);
  }
  const warm = seeds.map((seed) => secondLookup(true, seed));
  expect(Math.max(...warm)).toBeLessThan(61.1);
  expect(new Set(warm).size).toBeGreaterThan(10);
});

test('R53 ET-05: route53.api-gateway-target-health: follows-region spares DNS the health checkers', () => {
  const movedAt = (choice: string): number =>
    firstAt(
      run({ 'route53.api-gateway-target-health': choice }, { faults: [UNAVAILABLE] }),
      (event) => event.what === 'dns.answer-changed' && event.data.endpoint === 'us-east-1',
    );
  expect(movedAt('follows-region')).toBeLessThan(20 + 61);
  expect(movedAt('always-healthy')).toBeGreaterThan(20 + 20 + 5);
});

test('CF 1.7: cloudfront.failover-criteria: a refused connection fails over in both when 503 is listed, else in legacy only', () => {
  const failed = (choice: string, statusCodes: readonly number[]): number => {
    const setting = { faults: [primaryFault({ kind: 'refuse' }, 5)], endSeconds: 20, statusCodes };
    return run({ 'cloudfront.failover-criteria': choice }, setting).filter(
      (event) => event.what === 'request.ended' && !event.data.success,
    ).length;
  };
  expect(failed('strict', [503])).toBe(0);
  expect(failed('legacy', [503])).toBe(0);
  expect(failed('strict', [500])).toBeGreaterThan(10);
  expect(failed('legacy', [500])).toBe(0);
});

test('R53 TL-01: network.loss-share: one request in so many waits a second for its SYN, or longer', () => {
  const late = (share: number): number => {
    const events = run({ 'network.loss-share': share }, { endSeconds: 2000 });
    const waits = events.flatMap((event) => (event.what === 'request.ended' ? [event.data.ttfbMs] : []));
    expect(waits).toHaveLength(2000);
    return waits.filter((ms) => ms >= 1000).length;
  };
  expect(late(0)).toBe(0);
  // Two connections for each request, from the city to the edge and on to the origin: 2 × 0.02 of 2,000.
  expect(Math.abs(late(0.02) - 79)).toBeLessThan(5 * Math.sqrt(79));
});

test('network.loss-share: where every packet is lost every request fails, and the run ends', () => {
  const ends = run({ 'network.loss-share': 1 }, { endSeconds: 5 }).flatMap(({ what, data }) =>
    what === 'request.ended' ? [data.success] : [],
  );
  expect(ends).toEqual([false, false, false, false, false]);
});

test('a run with every switch at its default is the run without any', () => {
  const defaults = Object.fromEntries(Object.entries(SWITCHES).map(([name, one]) => [name, one.default]));
  const setting = { faults: [primaryFault({ kind: 'blackhole' }, 20, 90)], endSeconds: 120 };
  expect(run(defaults, setting)).toEqual(run({}, setting));
  expect(run({}, setting).at(-1)?.at).toBeGreaterThanOrEqual(atSeconds(120));
});
