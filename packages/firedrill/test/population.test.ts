import { describe, expect, test } from 'vitest';
import type { Plan, Population, Probe, TimelineEvent } from '../src/model/index.ts';
import { measure } from '../src/drill/index.ts';
import { simulate } from '../src/sim/index.ts';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from './hybrid-architecture.ts';

/*
 * Who notices late: users of a failover name, each behind a resolver of its own, while the primary is dead.
 */

const FAULT_SECONDS = 60;

function run(more: Partial<Probe>, endSeconds = 400): { events: TimelineEvent[]; plan: Plan } {
  const users = probe('users', 'https://api.example.com/', { methods: ['GET'], ratePerSecond: 5, ...more });
  const faults = [primaryFault({ kind: 'status', status: 503 }, FAULT_SECONDS)];
  const plan = { ...hybridPlan(faults, { endSeconds }), probes: [users] };
  const events: TimelineEvent[] = [];
  simulate(hybridArchitecture(), plan, (event) => void events.push(event));
  return { events, plan };
}

function of(resolvers: Population['resolvers'], clients = 1000): Population {
  return { clients, resolvers };
}

/** Users still at the primary so many seconds after name servers began to answer otherwise. */
function remaining(events: readonly TimelineEvent[], seconds: readonly number[]): number[] {
  const moved = events.find(({ what, data }) => what === 'dns.answer-changed' && data.endpoint === 'us-east-1');
  return seconds.map((second) => {
    const until = (moved?.at ?? 0) + second * 1e6;
    const last = events.findLast((event) => event.what === 'clients.counted' && event.at <= until);
    return last?.what === 'clients.counted' ? (last.data.endpoints['eu-west-1'] ?? 0) : -1;
  });
}

describe('how the users of a failover name leave the dead primary', () => {
  test('R53 TL-05, TL-01: behind resolvers that keep to a TTL of 60 s evenly within these 60 s', () => {
    const { events } = run({ population: of([{ preset: 'plain', share: 1 }]) });
    const [start = 0, quarter = 0, half = 0, late = 0, gone] = remaining(events, [0, 15, 30, 45, 62]);
    expect(start).toBe(1000);
    for (const [left, expected] of [
      [quarter, 750],
      [half, 500],
      [late, 250],
    ] as const) {
      expect(left).toBeGreaterThan(expected - 70);
      expect(left).toBeLessThan(expected + 70);
    }
    expect(gone).toBe(0);
  });

  test('R53 RV-12, MT-10, PP-03: of a thousand resolvers in the wild some dozens stay for as long as a drill looks', () => {
    const mix = [
      { preset: 'plain', share: 0.9126 },
      { preset: 'stretches-ttl', share: 0.0874 },
    ] as const;
    const { events, plan } = run({ population: of(mix) });
    const [after] = remaining(events, [120]);
    expect(after).toBeGreaterThan(60);
    expect(after).toBeLessThan(88);
    const [population] = measure(events, plan).populations ?? [];
    expect(population).toMatchObject({ probe: 'users', clients: 1000, faults: [{ home: 'eu-west-1', clients: 1000 }] });
    const [fault] = population?.faults ?? [];
    expect(fault?.left.map(({ percent, seconds }) => `${percent} ${seconds === null ? 'never' : 'left'}`)).toEqual([
      '50 left',
      '90 left',
      '99 never',
      '100 never',
    ]);
  });

  test('R53 RV-08: a JVM with a security manager never leaves, nor does a proxy that has resolved once (RV-10)', () => {
    for (const client of ['jvm-forever', 'nginx'] as const) {
      const { events } = run({ client, population: of([{ preset: 'plain', share: 1 }], 50) });
      // Who had asked before the fault began: in the first minute each asks six times.
      expect(remaining(events, [200]), client).toEqual([50]);
    }
  });

  test('R53 RV-16, PP-03: users that keep their connections stay with a primary that answers errors', () => {
    const keepAlive = { idleMs: 60_000, lifetimeMs: 3_600_000 };
    const { events } = run({ keepAlive, population: of([{ preset: 'plain', share: 1 }], 50) });
    expect(remaining(events, [200])).toEqual([50]);
    const shortLived = run({
      keepAlive: { idleMs: 60_000, lifetimeMs: 30_000 },
      population: of([{ preset: 'plain', share: 1 }], 50),
    });
    expect(remaining(shortLived.events, [120])).toEqual([0]);
  });
});

test('ten thousand resolvers are counted within what a drill has time for, and in few events', () => {
  const { events } = run({ population: of([{ preset: 'plain', share: 1 }], 10_000) });
  expect(events.filter(({ what }) => what === 'clients.counted').length).toBeLessThan(400);
  expect(events.filter(({ what }) => what === 'resolver.changed')).toHaveLength(0);
  expect(remaining(events, [0, 62])).toEqual([10_000, 0]);
});

test('the same seed gives the same run, byte for byte', () => {
  const mix = [
    { preset: 'plain', share: 0.5 },
    { preset: 'rfc8767', share: 0.5 },
  ] as const;
  const keepAlive = { idleMs: 5000, lifetimeMs: 60_000 };
  const [one, two] = [1, 2].map(() => JSON.stringify(run({ population: of(mix, 100), keepAlive }).events));
  expect(one).toBe(two);
});
