import { expect, test } from 'vitest';
import { doubtsOfAlarm, doubtsOfTraffic } from './switch-doubts.ts';
import type { Direction, Side } from './take-over.ts';

/** What is doubted about an alarm on so many periods that treats missing data so: `NO` when one value does nothing. */
function alarmDoubts(TreatMissingData: string | undefined, EvaluationPeriods: number, way: Direction): string {
  const [doubt] = doubtsOfAlarm({ AlarmName: 'a', Period: 60, EvaluationPeriods, TreatMissingData }, way);
  if (doubt === undefined) return 'none';
  return doubt.isOk ? doubt.says : 'NO';
}

test('R53 MT-01: one value moves and keeps an alarm of one period that ignores silence, or has nothing to say of it', () => {
  for (const treats of ['ignore', 'missing', undefined]) {
    expect(alarmDoubts(treats, 1, 'failover')).toBe('none');
    expect(alarmDoubts(treats, 1, 'failback')).toBe('none');
  }
});

test('RS 1.22: silence that is taken for a value turns the alarm back', () => {
  const back = 'The alarm a turns back by itself some minutes after the value';
  expect(alarmDoubts('notBreaching', 1, 'failover')).toContain(back);
  expect(alarmDoubts('notBreaching', 1, 'failback')).toBe('none');
  expect(alarmDoubts('breaching', 1, 'failback')).toContain(back);
  expect(alarmDoubts('breaching', 1, 'failover')).toBe('none');
});

test('RS 1.24: one value in three periods alarms only when silence is not held against it', () => {
  const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'];
  expect(treatments.map((treats) => alarmDoubts(treats, 3, 'failover'))).toEqual(['none', 'NO', 'none', 'NO']);
  expect(alarmDoubts('ignore', 3, 'failback')).toBe('none');
});

/** What is doubted about where resolvers lead while the alarm is so. */
function trafficDoubts(StateValue: 'OK' | 'ALARM', sides: readonly Side[], way: Direction): number {
  const views = sides.map((side) => ({ resolver: side, side, addresses: [], ttlSeconds: 60 }));
  return doubtsOfTraffic({ StateValue }, views, way).length;
}

test('R53 ST-04: traffic that is there although the alarm says otherwise is told, as an inverted health check would do that', () => {
  expect(trafficDoubts('OK', ['standby', 'standby'], 'failover')).toBe(1);
  expect(trafficDoubts('ALARM', ['primary'], 'failback')).toBe(1);
});

test('traffic that is where the alarm says, or on its way, is not doubted', () => {
  expect(trafficDoubts('OK', ['primary', 'primary'], 'failover')).toBe(0);
  expect(trafficDoubts('ALARM', ['primary', 'standby'], 'failover')).toBe(0);
  expect(trafficDoubts('OK', [], 'failover')).toBe(0);
});
