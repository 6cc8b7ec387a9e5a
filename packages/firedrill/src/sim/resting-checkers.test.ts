import { expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, primaryFault } from '../../test/hybrid-architecture.ts';
import { createWorld } from '../engine/index.ts';
import type { Plan, TimelineEvent } from '../model/index.ts';
import { Simulation } from './simulation.ts';

/* Health checkers that leave out the probes that would find nothing new. */

const REST: Plan['switches'] = { 'route53.settled-checkers': 'rest' };
const TWO_HOURS = 7200;

/** The events of two hours without users, and how often a name server was asked: once for each probe. */
function run(
  switches: Plan['switches'],
  seed = '1',
  faults = [primaryFault({ kind: 'status', status: 503 }, 3600, 4200)],
) {
  const events: TimelineEvent[] = [];
  const plan = { ...hybridPlan(faults, { endSeconds: TWO_HOURS, seed, switches }), probes: [] };
  const world = createWorld({
    architecture: hybridArchitecture(),
    plan,
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 0,
    sink: (event) => void events.push(event),
  });
  const { answer } = world;
  let probes = 0;
  const counted = {
    ...world,
    answer: (...question: Parameters<typeof answer>) => {
      probes += 1;
      return answer(...question);
    },
  };
  const simulation = new Simulation(counted);
  simulation.start();
  while (simulation.step(10_000));
  return { events, probes };
}

function turns(events: readonly TimelineEvent[]) {
  return events.flatMap(({ at, what, data }) =>
    what === 'health-check.changed' ? [{ seconds: at / 1e6, says: `${data.healthCheck} ${data.healthy}` }] : [],
  );
}

test.each(['1', '2', '3', '4', '5'])(
  'R53 HC-21: route53.settled-checkers: rest leaves out most probes, and a failure is found and forgotten as soon (seed %s)',
  (seed) => {
    const [all, resting] = [run({}, seed), run(REST, seed)];
    expect(turns(resting.events).map(({ says }) => says)).toEqual(turns(all.events).map(({ says }) => says));
    expect(turns(all.events)).toHaveLength(2);
    for (const [i, { seconds }] of turns(resting.events).entries()) {
      // Each checker keeps its own rhythm; only the draws of the network have become others.
      expect(Math.abs(seconds - (turns(all.events)[i]?.seconds ?? 0))).toBeLessThan(10);
    }
    expect(resting.probes).toBeLessThan(all.probes / 2);
  },
);

test('with route53.settled-checkers: rest nobody rests while a fault befalls some and spares others, nor in the five minutes after', () => {
  const some = { ...primaryFault({ kind: 'slow', delayMs: 100 }, 0, TWO_HOURS - 300), share: 0.5 };
  const [all, resting] = [run({}, '1', [some]), run(REST, '1', [some])];
  expect(resting.probes).toBe(all.probes);
});

test('R53 HC-21: with route53.settled-checkers: rest no checker loses its place within the interval', () => {
  const firstSeen = (switches: Plan['switches']): readonly number[] =>
    run(switches).events.flatMap(({ at, what, data }) =>
      what === 'checker.changed' && !data.healthy ? [at / 1e6] : [],
    );
  const [all, resting] = [firstSeen({}), firstSeen(REST)];
  expect(resting).toHaveLength(all.length);
  expect(all.length).toBeGreaterThan(12);
  // As spread over the interval as before: not all of them at the moment of waking.
  expect(Math.max(...resting) - Math.min(...resting)).toBeGreaterThan(5);
});
