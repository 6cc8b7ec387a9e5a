import { describe, expect, test } from 'vitest';
import { BACKUP, hybridArchitecture, hybridPlan, PRIMARY, primaryFault } from '../../test/hybrid-architecture.ts';
import { putting, stopArchitecture, stopPlan } from '../../test/stop-architecture.ts';
import type { MetricAnswer, Readings } from '../engine/index.ts';
import { atSeconds } from '../model/index.ts';
import type { Deed } from './succession.fixture.ts';
import { runWith } from './succession.fixture.ts';

/* What operators see of a world while it runs. */

/** As the fixture's worlds have it. */
const BEGAN_MS = 1_767_225_600_000;
const METRIC = { namespace: 'STOP', metricName: 'failover', dimensions: [] };

function reading<Result>(atSecond: number, seen: Result[], read: (readings: Readings) => Result): Deed {
  return { atSecond, do: (_simulation, world) => void seen.push(read(world.control)) };
}

describe('metrics', () => {
  const query = (fromSecond: number, untilSecond: number) => ({
    region: BACKUP,
    metric: METRIC,
    from: BEGAN_MS + fromSecond * 1000,
    until: BEGAN_MS + untilSecond * 1000,
    periodSeconds: 60,
    statistics: ['Sum', 'Maximum', 'SampleCount'],
  });
  const puts = [putting(1, 70), putting(2, 80), putting(5, 190)];

  test('RS 1.47: datapoints begin with the minute in which the time asked for lies; minutes without data have none', () => {
    const seen: MetricAnswer[] = [];
    const look = reading(300, seen, (readings) => readings.metricStatistics(query(75, 250), atSeconds(300)));
    runWith(stopArchitecture(), stopPlan(puts, { endSeconds: 310 }), [look]);
    expect(seen).toEqual([
      {
        kind: 'datapoints',
        datapoints: [
          { timestamp: BEGAN_MS + 60_000, unit: 'None', values: { Sum: 3, Maximum: 2, SampleCount: 2 } },
          { timestamp: BEGAN_MS + 180_000, unit: 'None', values: { Sum: 5, Maximum: 5, SampleCount: 1 } },
        ],
      },
    ]);
  });

  test('RS 1.48: more than 1,440 datapoints are refused, in the words of CloudWatch', () => {
    const seen: MetricAnswer[] = [];
    const days = reading(100, seen, (readings) =>
      readings.metricStatistics({ ...query(0, 86_400), periodSeconds: 1 }, atSeconds(100)),
    );
    runWith(stopArchitecture(), stopPlan([], { endSeconds: 110 }), [days]);
    expect(seen).toEqual([
      {
        kind: 'refused',
        code: 'InvalidParameterCombination',
        message:
          'You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
      },
    ]);
  });

  test('metrics are listed in their Region, by namespace, name and dimensions', () => {
    const seen: unknown[] = [];
    const list = reading(100, seen, (readings) => [
      readings.metrics({ region: BACKUP }),
      readings.metrics({ region: BACKUP, namespace: 'STOP', metricName: 'failover', dimensions: [] }),
      readings.metrics({ region: PRIMARY }),
      readings.metrics({ region: BACKUP, dimensions: [{ name: 'any' }] }),
    ]);
    runWith(stopArchitecture(), stopPlan(puts, { endSeconds: 110 }), [list]);
    expect(seen).toEqual([[[METRIC], [METRIC], [], []]]);
  });
});

test('an alarm tells its state, why, since when, and what it was before', () => {
  const seen: unknown[] = [];
  const look = reading(300, seen, (readings) =>
    readings
      .alarms()
      .map(({ alarm, state, reason, changedAt, history }) => [
        alarm.name,
        state,
        reason,
        history.map(({ from, to, at }) => `${from} ${to} ${at === changedAt ? 'now' : 'before'}`),
      ]),
  );
  runWith(stopArchitecture(), stopPlan([putting(0, 10), putting(1, 130)], { endSeconds: 310 }), [look]);
  expect(seen).toEqual([
    [
      [
        'take-over',
        'ALARM',
        expect.stringContaining('greater than or equal to the threshold (1.0)'),
        ['INSUFFICIENT_DATA OK before', 'OK ALARM now'],
      ],
    ],
  ]);
});

test('R53 HC-47: a health check tells what each of its checkers has seen', () => {
  const seen: unknown[] = [];
  const look = reading(100, seen, (readings) => {
    const found = readings.healthCheck(`check-${PRIMARY}`);
    const regions = new Set(found?.observations.map(({ region }) => region));
    return [found?.healthy, found?.version, found?.observations.length, regions.size, found?.lastFailures[0]?.status];
  });
  runWith(
    hybridArchitecture(),
    hybridPlan([primaryFault({ kind: 'blackhole' }, 20)], { endSeconds: 110, probes: [] }),
    [look, reading(101, seen, (readings) => readings.healthCheck('nobody'))],
  );
  expect(seen).toEqual([
    [
      false,
      1,
      16,
      8,
      expect.stringContaining('Failure: The health checker could not establish a connection within the timeout limit.'),
    ],
    undefined,
  ]);
});

test('R53 CH-08: a change is PENDING until the last name server has it', () => {
  const seen: unknown[] = [];
  const write: Deed = {
    atSecond: 10,
    do: (simulation, world) => {
      const recordSet = {
        name: 'new.example.com',
        type: 'TXT',
        ttlSeconds: 60,
        values: ['"new"'],
        policy: { kind: 'simple' },
      } as const;
      const changes = [{ action: 'CREATE', recordSet } as const];
      const action = { kind: 'change-record-sets', hostedZoneId: 'Z0EXAMPLE', changes, changeId: 'c' } as const;
      const { result, begun } = world.control.perform(action, { now: simulation.at });
      simulation.go(begun);
      seen.push(result, world.control.perform(action, { now: simulation.at }).result);
      seen.push(world.control.recordSets('Z0EXAMPLE').some(({ name }) => name === 'new.example.com'));
    },
  };
  const status = (atSecond: number): Deed =>
    reading(atSecond, seen, (readings) => readings.changeStatus('c', atSeconds(atSecond)));
  runWith(hybridArchitecture(), hybridPlan([], { endSeconds: 200, probes: [] }), [write, status(11), status(150)]);
  expect(seen).toEqual([
    { kind: 'done' },
    expect.objectContaining({ kind: 'refused', code: 'InvalidChangeBatch' }),
    true,
    'PENDING',
    'INSYNC',
  ]);
});
