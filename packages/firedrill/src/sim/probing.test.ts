import { describe, expect, test } from 'vitest';
import type { Overrides } from '../../test/hybrid-architecture.ts';
import { hybridArchitecture, hybridPlan, PRIMARY, primaryFault } from '../../test/hybrid-architecture.ts';
import type { Architecture, Fault, HealthCheck, RecordSet, TimelineEvent } from '../model/index.ts';
import { createWorld } from '../engine/index.ts';
import { Simulation } from './simulation.ts';

/* What an endpoint sees of its health checkers, when nobody else asks. */

interface Seen {
  /** When each probe arrived, in seconds. */
  readonly at: readonly number[];
  readonly agents: ReadonlySet<string>;
  readonly events: readonly TimelineEvent[];
}

function watch(
  endSeconds: number,
  {
    faults = [],
    check = {},
    records: recordSets = [],
    ...overrides
  }: Overrides & {
    readonly faults?: readonly Fault[];
    readonly check?: Partial<HealthCheck>;
    readonly records?: readonly RecordSet[];
  } = {},
): Seen {
  const whole = hybridArchitecture(overrides);
  const healthChecks = whole.healthChecks
    .filter(({ stack }) => stack === PRIMARY)
    .map((one): HealthCheck => ({ ...one, ...check }));
  const architecture: Architecture = { ...whole, healthChecks, recordSets };
  const events: TimelineEvent[] = [];
  const world = createWorld({
    architecture,
    plan: hybridPlan(faults, { endSeconds, probes: [] }),
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 0,
    sink: (event) => void events.push(event),
  });
  const at: number[] = [];
  const agents = new Set<string>();
  const simulation = new Simulation({
    ...world,
    gatewayAt(address) {
      const gateway = world.gatewayAt(address);
      if (gateway === undefined) return undefined;
      return (arrival, moment) => {
        at.push(moment.now / 1e6);
        for (const [name, value] of arrival.request.headers) if (name === 'User-Agent') agents.add(value);
        return gateway(arrival, moment);
      };
    },
  });
  simulation.start();
  while (simulation.step(10_000));
  return { at, agents, events };
}

describe('how often an endpoint is asked', () => {
  // Each of 16 checkers once in its interval and the time of an answer, which is below a second.
  test('R53 HC-22, OQ-02: at an interval of 10 s more than once a second, at 30 s about once in two', () => {
    const fast = watch(600).at.length / 600;
    expect(fast).toBeGreaterThan(16 / 11);
    expect(fast).toBeLessThan(16 / 10);
    const usual = watch(600, { requestIntervalSeconds: 30 }).at.length / 600;
    expect(usual).toBeGreaterThan(16 / 31);
    expect(usual).toBeLessThan(16 / 30);
  });

  test('R53 HC-21: bursts of several in a second and then quiet seconds, for checkers do not coordinate', () => {
    const perSecond = Array.from({ length: 600 }, () => 0);
    for (const at of watch(600, { requestIntervalSeconds: 30 }).at) {
      const second = Math.floor(at);
      if (second < 600) perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    expect(Math.max(...perSecond)).toBeGreaterThanOrEqual(3);
    expect(perSecond.filter((count) => count === 0).length).toBeGreaterThan(200);
  });

  test('R53 HC-03, TL-03: an answer that takes 1.5 s makes a cycle of 11.5 s of one of 10 s', () => {
    const slow = watch(600, { faults: [primaryFault({ kind: 'slow', delayMs: 1500 }, 0)] }).at.length / 600;
    expect(slow).toBeGreaterThan(16 / 12.5);
    expect(slow).toBeLessThan(16 / 11.5);
  });

  test('R53 HC-20, OQ-11: three Regions are six checkers', () => {
    const rate = watch(600, { check: { regions: ['us-east-1', 'eu-west-1', 'sa-east-1'] } }).at.length / 600;
    expect(rate).toBeGreaterThan(6 / 11);
    expect(rate).toBeLessThan(6 / 10);
  });

  test('R53 HC-26: a disabled check asks nothing', () => {
    expect(watch(120, { check: { disabled: true } }).at).toHaveLength(0);
  });
});

test('R53 HC-24: every probe names its check', () => {
  expect([...watch(60).agents]).toEqual([
    'Amazon-Route53-Health-Check-Service (ref check-eu-west-1; report http://amzn.to/1vsZADi)',
  ]);
});

describe('what a check finds', () => {
  const found = (
    check: Partial<HealthCheck>,
    faults: readonly Fault[] = [],
    records: readonly RecordSet[] = [],
  ): string =>
    watch(120, { check, faults, records })
      .events.flatMap(({ what, data }) => (what === 'checker.changed' ? [data.reason] : []))
      .filter((reason, i, all) => all.indexOf(reason) === i)
      .join();

  test('R53 HC-09: a healthy endpoint never', () => {
    expect(found({})).toBe('');
  });

  test('R53 HC-12: an API Gateway needs the server name; without SNI the handshake fails', () => {
    expect(found({ enableSni: false })).toBe('tls');
  });

  test('R53 HC-11, RS 3.44, 3.46: behind a bare CNAME a check meets a certificate it does not look at, and a 403', () => {
    const name = 'cname.example.com';
    const cname: RecordSet = {
      zoneId: 'Z0EXAMPLE',
      name,
      type: 'CNAME',
      policy: { kind: 'simple' },
      ttlSeconds: 60,
      values: ['aaaaaaaaaa.execute-api.eu-west-1.amazonaws.com'],
      stack: PRIMARY,
    };
    expect(found({ fullyQualifiedDomainName: name }, [], [cname])).toBe('status 403');
  });

  test('R53 HC-05, HC-06: who answers later than 2 s is unhealthy, to a TCP check who connects is healthy', () => {
    const slow = [primaryFault({ kind: 'slow', delayMs: 2500 }, 0)];
    expect(found({}, slow)).toBe('response-timeout');
    expect(found({ type: 'TCP' }, slow)).toBe('');
  });

  test.each([
    { kind: 'hang', others: 'response-timeout' },
    { kind: 'reset', others: 'reset' },
    { kind: 'tls', others: 'tls' },
  ] as const)(
    'R53 HC-06: a TCP check sees nothing of $kind, for it is content with a connection',
    ({ kind, others }) => {
      const fault = [primaryFault({ kind }, 0)];
      expect(found({ type: 'TCP' }, fault)).toBe('');
      expect(found({}, fault)).toBe(others);
    },
  );

  test('R53 HC-06, TL-03: a black hole costs a TCP check 10 s a probe, so that it is seen later than by HTTPS', () => {
    const seenAt = (type: HealthCheck['type']): number =>
      watch(120, { check: { type }, faults: [primaryFault({ kind: 'blackhole' }, 0)] }).events.find(
        ({ what }) => what === 'health-check.changed',
      )?.at ?? Number.NaN;
    // Three probes, of 10 s each instead of 4 s, the third of the fourteenth checker.
    expect((seenAt('TCP') - seenAt('HTTPS')) / 1e6).toBeCloseTo(18, 0);
  });

  test('R53 HC-13: a name that does not resolve', () => {
    expect(found({ fullyQualifiedDomainName: 'nobody.example.com' })).toBe('DNS resolution failed');
  });

  test('a port that nobody listens on', () => {
    expect(found({ port: 8443 })).toBe('refused');
  });

  test('R53 HC-05, HC-09: a status that is none of 2xx and 3xx', () => {
    expect(found({}, [primaryFault({ kind: 'status', status: 302 }, 0)])).toBe('');
    expect(found({}, [primaryFault({ kind: 'status', status: 404 }, 0)])).toBe('status 404');
  });
});

test('R53 HC-25: nothing is unhealthy before its checkers have asked as often as the threshold says', () => {
  const { events } = watch(120, { faults: [primaryFault({ kind: 'refuse' }, 0)] });
  const first = events.find(({ what }) => what === 'checker.changed');
  expect(first?.at).toBeGreaterThan(20e6);
});

test('R53 HC-13, TL-03: name servers that keep silent cost each probe 2 s, and the third in a row counts', () => {
  const silent: Fault = {
    ...primaryFault({ kind: 'dns', answer: 'timeout' }, 0),
    target: { kind: 'name', name: 'amazonaws.com' },
  };
  const changedAt = watch(60, { faults: [silent] }).events.flatMap((event) =>
    event.what === 'checker.changed' && event.data.reason === 'DNS resolution failed' ? [event.at / 1e6] : [],
  );
  expect(changedAt).toHaveLength(16);
  // A phase within 10 s, three lookups and two intervals.
  expect(Math.min(...changedAt)).toBeGreaterThanOrEqual(26);
  expect(Math.max(...changedAt)).toBeLessThan(36);
});
