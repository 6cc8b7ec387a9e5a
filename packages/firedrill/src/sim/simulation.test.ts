import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, PRIMARY, primaryFault, probe } from '../../test/hybrid-architecture.ts';
import type { Architecture, Fault, Plan, TimelineEvent } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { simulate } from './index.ts';

function eventsOf(architecture: Architecture, plan: Plan): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  simulate(architecture, plan, (event) => void events.push(event));
  return events;
}

const BLACK_HOLE = primaryFault({ kind: 'blackhole' }, 40, 120);

describe('determinism', () => {
  const hash = (seed: string): string => {
    const lines = eventsOf(hybridArchitecture(), hybridPlan([BLACK_HOLE], { seed, endSeconds: 200 })).map((event) =>
      JSON.stringify(event),
    );
    return createHash('sha256').update(lines.join('\n')).digest('hex');
  };

  test('the same seed gives the same events, another seed gives others', () => {
    expect(hash('1')).toBe(hash('1'));
    expect(hash('1')).not.toBe(hash('2'));
  });

  test('adding a health check leaves the checkers of the others where they were, to the microsecond', () => {
    const architecture = hybridArchitecture();
    const [first, second] = architecture.healthChecks;
    if (first === undefined || second === undefined) throw new Error('the estate has two health checks');
    const changesOf = (checks: Architecture['healthChecks']): unknown[] =>
      eventsOf(
        { ...architecture, healthChecks: checks },
        hybridPlan([primaryFault({ kind: 'refuse' }, 30)], { endSeconds: 80, probes: [] }),
      ).flatMap((event) =>
        event.what === 'checker.changed' && event.data.healthCheck === first.id ? [[event.data.checker, event.at]] : [],
      );
    expect(changesOf([first, second])).toHaveLength(16);
    expect(changesOf([first, second, { ...second, id: 'third' }])).toEqual(changesOf([first, second]));
  });

  test('R53 HC-39: a question never makes a checker probe: whoever asks, checkers change at the same microsecond', () => {
    const fault = primaryFault({ kind: 'status', status: 503 }, 30, 100);
    const changesWith = (probes: Plan['probes']): unknown[] =>
      eventsOf(hybridArchitecture(), hybridPlan([fault], { endSeconds: 160, probes })).flatMap((event) =>
        event.what === 'checker.changed' || event.what === 'health-check.changed'
          ? [[event.what, event.at, event.data.healthCheck, event.data.healthy]]
          : [],
      );
    const busy = [probe('a', 'https://dhybrid.cloudfront.net/', { ratePerSecond: 20, places: ['Dublin', 'Tokyo'] })];
    const quiet = changesWith([]);
    // Sixteen opinions and one status, either way.
    expect(quiet).toHaveLength(34);
    expect(changesWith(busy)).toEqual(quiet);
  });
});

describe('every run', () => {
  const effects: readonly Fault['effect'][] = [
    { kind: 'refuse' },
    { kind: 'blackhole' },
    { kind: 'hang' },
    { kind: 'reset' },
    { kind: 'tls' },
    { kind: 'slow', delayMs: 3000 },
    { kind: 'status', status: 503 },
    { kind: 'function-error' },
    { kind: 'throttle' },
    { kind: 'dns', answer: 'SERVFAIL' },
    { kind: 'dns', answer: 'timeout' },
  ];
  const plans = fc.record({
    seed: fc.string({ maxLength: 4 }),
    effect: fc.constantFrom(...effects),
    share: fc.constantFrom(0.3, 1),
    timeoutMs: fc.constantFrom(500, 1234.567, 5000, 40_000),
    client: fc.constantFrom('plain', 'browser', 'sdk'),
    place: fc.constantFrom('Dublin', 'Sydney'),
    loss: fc.constantFrom(0, 0.05),
    target: fc.constantFrom<Fault['target']>({ kind: 'region', region: PRIMARY }, { kind: 'edge', edge: 'DUB' }),
    dnsName: fc.constantFrom('cloudfront.net', 'api.example.com'),
  });

  test('ends each request exactly once and in time, in order, and no event has a later one for its cause', () => {
    fc.assert(
      fc.property(plans, ({ seed, effect, share, timeoutMs, client, place, loss, target, dnsName }) => {
        const primary: Fault = { ...primaryFault(effect, 5, 40), share };
        const name = { kind: 'name', name: dnsName } as const;
        const fault: Fault = effect.kind === 'dns' ? { ...primary, target: name } : { ...primary, target };
        const probes = [
          probe('a', 'https://dhybrid.cloudfront.net/x?y=1', {
            timeoutMs,
            client,
            places: [place],
            methods: ['GET', 'POST'],
            ratePerSecond: 2,
          }),
        ];
        const plan = hybridPlan([fault], { seed, endSeconds: 60, probes, switches: { 'network.loss-share': loss } });
        const events = eventsOf(hybridArchitecture(), plan);
        const ended = events.flatMap((event) =>
          event.what === 'request.ended' ? [{ at: event.at, ...event.data }] : [],
        );
        expect(ended).toHaveLength(2 * 2 * 60);
        expect(new Set(ended.map(({ method, sentAt }) => `${method} ${sentAt}`)).size).toBe(ended.length);
        for (const { at, sentAt } of ended) expect(at - sentAt).toBeLessThanOrEqual(Math.round(timeoutMs * 1000));
        for (const [i, { at, seq, cause }] of events.entries()) {
          expect(seq).toBe(i + 1);
          expect(Number.isInteger(at)).toBe(true);
          expect(cause).toBeLessThan(seq);
          if (i > 0) expect(at).toBeGreaterThanOrEqual(events[i - 1]?.at ?? 0);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a fault with a share of 1 in 5 befalls 1 in 5 requests', () => {
    const fault = { ...primaryFault({ kind: 'status', status: 500 }, 0), share: 0.2, pathPrefix: '/orders' };
    const probes = [
      probe('a', 'https://droute53.cloudfront.net/orders', { methods: ['GET'], ratePerSecond: 20 }),
      probe('b', 'https://droute53.cloudfront.net/', { methods: ['GET'] }),
    ];
    const ended = eventsOf(hybridArchitecture(), hybridPlan([fault], { endSeconds: 200, probes })).flatMap((event) =>
      event.what === 'request.ended' ? [event.data] : [],
    );
    const failed = ended.filter((data) => data.probe === 'a' && data.status === 500).length;
    // 4,000 draws at 0.2: five standard deviations are 126.
    expect(Math.abs(failed - 800)).toBeLessThan(126);
    expect(ended.filter((data) => data.probe === 'b' && !data.success)).toHaveLength(0);
  });

  test('a plan that ends at once sends nothing', () => {
    const ended = eventsOf(hybridArchitecture(), hybridPlan([], { endSeconds: 0 }));
    expect(ended.map(({ what }) => what)).toEqual(['world.started', 'world.ended']);
    expect(ended.at(-1)?.at).toBe(atSeconds(0));
  });
});
