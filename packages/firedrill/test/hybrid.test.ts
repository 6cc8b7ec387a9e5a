import { describe, expect, test } from 'vitest';
import type { Fault, Plan, TimelineEvent } from '../src/model/index.ts';
import { secondsBetween } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { hybridArchitecture, hybridPlan, type Overrides, primaryFault, probe } from './hybrid-architecture.ts';

/* What the hybrid failover is about, over many seeds in virtual time. */

const SEEDS = Array.from({ length: 60 }, (_, i) => `seed ${i}`);
const FAULT_AT = 50;
const HEALED_AT = 200;

interface Outcome {
  readonly detection: number;
  readonly failback: number;
  /** Outage by `probe METHOD`, from the first failed request sent to the last one ended. */
  readonly outages: ReadonlyMap<string, number>;
  readonly failed: ReadonlyMap<string, number>;
}

function drill(
  seed: string,
  effect: Fault['effect'],
  { overrides = {}, ...more }: Partial<Plan> & { readonly overrides?: Overrides } = {},
): Outcome {
  const events: TimelineEvent[] = [];
  const plan = hybridPlan([primaryFault(effect, FAULT_AT, HEALED_AT)], { seed, endSeconds: 300, ...more });
  simulate(hybridArchitecture(overrides), plan, (event) => void events.push(event));
  const changed = (healthy: boolean, after: number): number => {
    const event = events.find(
      (each) => each.what === 'health-check.changed' && each.data.healthy === healthy && each.at >= after * 1e6,
    );
    return event === undefined ? Number.NaN : event.at / 1e6 - after;
  };
  const spans = new Map<string, { first: number; last: number; count: number }>();
  for (const event of events) {
    if (event.what !== 'request.ended' || event.data.success) continue;
    const key = `${event.data.probe} ${event.data.method}`;
    const span = spans.get(key) ?? { first: event.data.sentAt, last: 0, count: 0 };
    spans.set(key, {
      first: Math.min(span.first, event.data.sentAt),
      last: Math.max(span.last, event.at),
      count: span.count + 1,
    });
  }
  return {
    detection: changed(false, FAULT_AT),
    failback: changed(true, HEALED_AT),
    outages: new Map([...spans].map(([key, { first, last }]) => [key, secondsBetween(first as never, last as never)])),
    failed: new Map([...spans].map(([key, { count }]) => [key, count])),
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function expectBetween(value: number, least: number, most: number): void {
  expect(value).toBeGreaterThan(least);
  expect(value).toBeLessThan(most);
}

describe('the endpoint answers 503', () => {
  const runs = SEEDS.map((seed) => drill(seed, { kind: 'status', status: 503 }));
  const outages = (key: string): number[] => runs.map((run) => run.outages.get(key) ?? 0);

  test('behind Route 53 alone users fail for 27 to 90 s, and a little longer only for the 5 s that a status takes to DNS (R53 TL-01, HC-42)', () => {
    for (const seconds of [...outages('route53-only GET'), ...outages('route53-only POST')]) {
      expect(seconds).toBeGreaterThan(26);
      expect(seconds).toBeLessThan(30 + 5 + 60 + 1);
    }
    const beyond = outages('route53-only GET').filter((seconds) => seconds > 90).length;
    expect(beyond).toBeLessThan(SEEDS.length / 4);
  });

  test('without that propagation nobody fails for longer than 91 s', () => {
    for (const seed of SEEDS.slice(0, 30)) {
      const { outages: own } = drill(
        seed,
        { kind: 'status', status: 503 },
        { switches: { 'route53.status-propagation-seconds': 0 } },
      );
      expect(own.get('route53-only GET')).toBeGreaterThan(24);
      expect(own.get('route53-only GET')).toBeLessThan(91);
    }
  });

  test('CF 1.3: hybrid loses no GET; its POSTs fail until DNS has moved, as long as those behind Route 53 alone', () => {
    for (const run of runs) {
      expect(run.failed.get('hybrid GET')).toBeUndefined();
      expect(run.outages.get('hybrid POST')).toBeGreaterThan(26);
      expect(
        Math.abs((run.outages.get('hybrid POST') ?? 0) - (run.outages.get('route53-only POST') ?? 0)),
      ).toBeLessThan(1.5);
    }
  });

  test('CF 4.17: the failover record as origin has the memory that a group lacks: once DNS has moved, nobody asks the dead Region', () => {
    const architecture = hybridArchitecture();
    const [distribution] = architecture.distributions.filter(({ originGroups }) => originGroups.length > 0);
    const [group] = distribution?.originGroups ?? [];
    const first = distribution?.origins.find(({ id }) => id === group?.primary)?.domainName;
    const second = distribution?.origins.find(({ id }) => id === group?.secondary)?.domainName;
    const records = architecture.recordSets.filter(({ name }) => name === first);
    expect(records.map(({ policy }) => policy.kind)).toEqual(['failover', 'failover']);
    expect(second).toMatch(/\.execute-api\.us-east-1\.amazonaws\.com$/);
    const events: TimelineEvent[] = [];
    const fault = primaryFault({ kind: 'status', status: 503 }, FAULT_AT, HEALED_AT);
    simulate(architecture, hybridPlan([fault], { seed: '1', endSeconds: 300 }), (event) => void events.push(event));
    // An edge's resolver keeps what it has for 60 s at most; the status is there long before.
    const movedAt = (FAULT_AT + 100) * 1e6;
    const asked = events.flatMap((event) =>
      event.what === 'request.ended' && event.data.probe === 'hybrid' && event.at < HEALED_AT * 1e6 ? [event] : [],
    );
    const after = asked.filter(({ data }) => data.sentAt > movedAt);
    const before = asked.filter(({ data }) => data.sentAt > FAULT_AT * 1e6 && data.sentAt < (FAULT_AT + 20) * 1e6);
    expect(before.some(({ data }) => data.method === 'GET' && data.attempts === 2)).toBe(true);
    expect(new Set(after.map(({ data }) => `${data.attempts} ${data.endpoint} ${data.success}`))).toEqual(
      new Set(['1 us-east-1 true']),
    );
  });

  test('R53 TL-04: 10 s and 3 take about 28.2 s to fail over and 21.8 s to come back', () => {
    // The fact leaves the way of the packets out; a probe from afar takes up to a second, and stretches its cycle by it (HC-03).
    expectBetween(mean(runs.map(({ detection }) => detection)), 28.2, 28.2 + 1.8);
    expectBetween(mean(runs.map(({ failback }) => failback)), 21.8, 21.8 + 1.8);
    for (const { detection, failback } of runs) expect(failback).toBeLessThan(detection);
  });

  test('R53 TL-05: the cache tail is spread over the whole TTL', () => {
    const tails = runs.map((run) => (run.outages.get('route53-only GET') ?? 0) - run.detection - 5);
    expect(Math.min(...tails)).toBeLessThan(10);
    expect(Math.max(...tails)).toBeGreaterThan(50);
    expect(Math.abs(mean(tails) - 30)).toBeLessThan(9);
  });
});

test('R53 TL-04: 30 s and 3 take about 84.7 s to fail over and 65.3 s to come back', () => {
  const overrides: Overrides = { requestIntervalSeconds: 30 };
  const runs = SEEDS.slice(0, 30).map((seed) =>
    drill(seed, { kind: 'status', status: 503 }, { overrides, probes: [] }),
  );
  expectBetween(mean(runs.map(({ detection }) => detection)), 84.7 - 1, 84.7 + 2.8);
  expectBetween(mean(runs.map(({ failback }) => failback)), 65.3 - 1, 65.3 + 2.8);
});

test('R53 TL-03: a black hole takes about 40 s to be seen, for every probe costs 4 s more', () => {
  const runs = SEEDS.map((seed) => drill(seed, { kind: 'blackhole' }, { probes: [] }));
  expectBetween(mean(runs.map(({ detection }) => detection)), 39, 42);
  for (const { detection, failback } of runs) expect(failback).toBeLessThan(detection);
});

test('hybrid loses no GET while it fails over and back, whatever the Region dies of', () => {
  const effects: readonly Fault['effect'][] = [
    { kind: 'blackhole' },
    { kind: 'hang' },
    { kind: 'refuse' },
    { kind: 'reset' },
    { kind: 'tls' },
    { kind: 'function-error' },
  ];
  for (const effect of effects) {
    for (const seed of SEEDS.slice(0, 5)) {
      const probes = [probe('hybrid', 'https://dhybrid.cloudfront.net/', { methods: ['GET'] })];
      expect(drill(seed, effect, { probes }).failed.size, effect.kind).toBe(0);
    }
  }
});

describe('what hybrid GETs pay while the Region is dead', () => {
  /** Waits for the first byte of hybrid GETs sent in the first seconds of the fault, over seeds. */
  function waits(effect: Fault['effect'], origin: Overrides['origin']): number[] {
    const seconds: number[] = [];
    // A status that DNS learns of only later: no lookup between two attempts spares a request the rest.
    const switches = { 'route53.status-propagation-seconds': 120 };
    const probes = [probe('hybrid', 'https://dhybrid.cloudfront.net/', { methods: ['GET'] })];
    for (const seed of SEEDS.slice(0, 50)) {
      const plan = hybridPlan([primaryFault(effect, 10)], { seed, endSeconds: 20, probes, switches });
      simulate(hybridArchitecture(origin === undefined ? {} : { origin }), plan, (event) => {
        if (event.what !== 'request.ended' || event.data.sentAt < 11e6) return;
        expect(event.data).toMatchObject({ success: true, origin: 'backup-api', endpoint: 'us-east-1' });
        seconds.push(event.data.ttfbMs / 1000);
      });
    }
    expect(seconds).toHaveLength(50 * 9);
    return seconds;
  }

  const ours = { connectionTimeoutSeconds: 2, connectionAttempts: 1, responseTimeoutSeconds: 10 };
  test.each([
    { of: "a black hole with CloudFront's defaults", effect: { kind: 'blackhole' }, origin: undefined, cost: 30 },
    { of: "a hang with CloudFront's defaults", effect: { kind: 'hang' }, origin: undefined, cost: 90 },
    { of: 'a black hole with 2 s and one attempt', effect: { kind: 'blackhole' }, origin: ours, cost: 2 },
    { of: 'a hang with 10 s and one attempt', effect: { kind: 'hang' }, origin: ours, cost: 10 },
  ] as const)(
    'CF 1.11, 1.15, R53 TL-09: $of costs each of them $cost s, and an answer from afar',
    ({ effect, origin, cost }) => {
      for (const seconds of waits(effect, origin)) {
        expect(seconds).toBeGreaterThanOrEqual(cost);
        expect(seconds).toBeLessThan(cost + 0.6);
      }
    },
  );
});

test.each([
  { requestIntervalSeconds: 10, failureThreshold: 1, atMost: 70 },
  { requestIntervalSeconds: 10, failureThreshold: 3, atMost: 90 },
  { requestIntervalSeconds: 30, failureThreshold: 1, atMost: 90 },
  { requestIntervalSeconds: 30, failureThreshold: 3, atMost: 150 },
] as const)(
  'R53 TL-02: $requestIntervalSeconds s × $failureThreshold and a TTL of 60 s: DNS has moved everywhere after $atMost s',
  ({ atMost, ...overrides }) => {
    const outages = SEEDS.slice(0, 30).map((seed) => {
      const probes = [probe('route53-only', 'https://droute53.cloudfront.net/', { methods: ['GET'] })];
      const switches = { 'route53.status-propagation-seconds': 0 };
      const effect = { kind: 'status', status: 503 } as const;
      const run = drill(seed, effect, { overrides, probes, switches, faults: [primaryFault(effect, FAULT_AT)] });
      return run.outages.get('route53-only GET') ?? 0;
    });
    // Beyond interval, threshold and TTL: some tenths that each probe of a far checker takes.
    for (const seconds of outages) expect(seconds).toBeLessThan(atMost + 2);
    expect(Math.max(...outages)).toBeGreaterThan(atMost - 25);
  },
);

test('R53 TL-05: once DNS has moved, an edge follows after a time that is uniform in the TTL, over seeds', () => {
  const seeds = Array.from({ length: 200 }, (_, i) => `seed ${i}`);
  const probes = [probe('a', 'https://droute53.cloudfront.net/', { ratePerSecond: 2, methods: ['GET'] })];
  const tails = seeds.map((seed) => {
    const plan = hybridPlan([primaryFault({ kind: 'status', status: 503 }, 70)], { seed, endSeconds: 180, probes });
    let movedAt = Number.NaN;
    let followedAt = Number.NaN;
    simulate(hybridArchitecture(), plan, ({ at, what, data }) => {
      if (what === 'health-check.changed') movedAt = at / 1e6 + 5;
      if (what === 'resolver.changed' && data.endpoint === 'us-east-1') followedAt = at / 1e6;
    });
    return followedAt - movedAt;
  });
  // Kolmogorov and Smirnov: a distance beyond 1.95 / √n comes once in a thousand. A request is waited for up to 0.5 s.
  const sorted = tails.toSorted((a, b) => a - b);
  const distance = Math.max(...sorted.map((tail, i) => Math.abs(tail / 60 - (i + 0.5) / sorted.length)));
  expect(distance).toBeLessThan(1.95 / Math.sqrt(sorted.length));
  expect(Math.min(...tails)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...tails)).toBeLessThan(60.6);
});
