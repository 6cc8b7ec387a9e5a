import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, PRIMARY, probe } from '../../test/hybrid-architecture.ts';
import type { Fault, Plan, TimelineEvent } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { createWorld } from '../engine/index.ts';
import { Simulation } from './simulation.ts';

/**
 * What happened when and because of what, a line an event. What falls on the same microsecond is in either order, and numbers
 * go by the order. A driver that is told of no calm runs nothing ahead of its time.
 */
function timelineOf(plan: Plan, { isAhead }: { readonly isAhead: boolean }): readonly string[] {
  const events: TimelineEvent[] = [];
  const world = createWorld({
    architecture: hybridArchitecture({ statusCodes: [404, 500, 503] }),
    plan,
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 0,
    sink: (event) => void events.push(event),
  });
  const simulation = new Simulation(isAhead ? world : { ...world, calmUntil: (now) => now });
  simulation.start();
  while (simulation.step(100_000));
  simulation.end('finished');
  const told = ({ at, what, data }: TimelineEvent): string =>
    `${at} ${what} ${JSON.stringify({ ...data, requestId: undefined })}`;
  const causeOf = ({ cause }: TimelineEvent): string => {
    const found = events[cause - 1];
    return found === undefined ? 'nothing' : told(found);
  };
  return events.map((event) => `${told(event)} because of ${causeOf(event)}`).toSorted();
}

const EFFECTS: readonly Fault['effect'][] = [
  { kind: 'blackhole' },
  { kind: 'refuse' },
  { kind: 'hang' },
  { kind: 'slow', delayMs: 700 },
  { kind: 'status', status: 503 },
];

test('running requests ahead of their time changes nothing: the timeline is the same', () => {
  const plans = fc.record({
    seed: fc.string({ maxLength: 4 }),
    effect: fc.constantFrom(...EFFECTS),
    share: fc.constantFrom(0.4, 1),
    target: fc.constantFrom<Fault['target']>({ kind: 'region', region: PRIMARY }, { kind: 'edge', edge: 'DUB' }),
    from: fc.double({ min: 1, max: 20, noNaN: true }),
    client: fc.constantFrom('plain', 'browser', 'sdk'),
    timeoutMs: fc.constantFrom(60, 300, 5000),
    status: fc.constantFrom(200, 404, 500),
    latencyMs: fc.constantFrom(0, 20, 3500),
    ratePerSecond: fc.constantFrom(1, 7, 31),
  });
  fc.assert(
    fc.property(plans, ({ seed, effect, share, target, from, client, timeoutMs, status, latencyMs, ratePerSecond }) => {
      const fault: Fault = { name: 'f', target, effect, share, from: atSeconds(from), until: atSeconds(from + 20) };
      const more = { places: ['Dublin', 'Tokyo'], client, timeoutMs, ratePerSecond } as const;
      const plan: Plan = {
        ...hybridPlan([fault], { seed, endSeconds: 90 }),
        probes: [
          probe('route53-only', 'https://droute53.cloudfront.net/', more),
          probe('hybrid', 'https://dhybrid.cloudfront.net/', more),
        ],
        functionModels: { '*': { status, latencyMs, bodyBytes: 10 } },
      };
      const ahead = timelineOf(plan, { isAhead: true });
      expect(ahead.length).toBeGreaterThan(100);
      expect(ahead).toEqual(timelineOf(plan, { isAhead: false }));
    }),
    { numRuns: 30 },
  );
});
