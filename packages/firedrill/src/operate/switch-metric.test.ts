import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TAKE_OVER_ALARM } from '../../test/take-over-alarm.ts';
import { isBreaching } from '../engine/index.ts';
import { switchMetricOf } from './switch-metric.ts';

test('an alarm from 1 on is switched by 1 and back by 0 (R53 MT-01)', () => {
  expect(switchMetricOf(TAKE_OVER_ALARM)).toEqual({
    metric: { namespace: 'Failover', metricName: 'TakeOver', dimensions: [] },
    value: { failover: 1, failback: 0 },
  });
});

test('RS 1.12: an alarm with a unit is switched by values of that unit', () => {
  expect(switchMetricOf({ ...TAKE_OVER_ALARM, Unit: 'Count' })).toMatchObject({ unit: 'Count' });
});

test('whatever threshold and operator an alarm has, one value breaches it and the other does not', () => {
  const operator = fc.constantFrom(
    'GreaterThanOrEqualToThreshold' as const,
    'GreaterThanThreshold' as const,
    'LessThanThreshold' as const,
    'LessThanOrEqualToThreshold' as const,
  );
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), operator, (threshold, comparison) => {
      const found = switchMetricOf({ ...TAKE_OVER_ALARM, Threshold: threshold, ComparisonOperator: comparison });
      if (typeof found === 'string') throw new Error(found);
      expect(isBreaching(found.value.failover, comparison, threshold)).toBe(true);
      expect(isBreaching(found.value.failback, comparison, threshold)).toBe(false);
    }),
  );
});

test.each<[string, MetricAlarm, string]>([
  ['metric math', { AlarmName: 'a', Metrics: [], Threshold: 1 }, 'not on one metric'],
  [
    'a percentile',
    { ...TAKE_OVER_ALARM, Statistic: undefined, ExtendedStatistic: 'p99' },
    'extended CloudWatch metric statistics',
  ],
  ['a count of values', { ...TAKE_OVER_ALARM, Statistic: 'SampleCount' }, 'counts values'],
  ['ten seconds', { ...TAKE_OVER_ALARM, Period: 10 }, 'high-resolution'],
  ['2 out of 3', { ...TAKE_OVER_ALARM, EvaluationPeriods: 3, DatapointsToAlarm: 2 }, 'M out of N'],
  ['bands', { ...TAKE_OVER_ALARM, ComparisonOperator: 'GreaterThanUpperThreshold' }, 'not on one metric'],
])(
  'an alarm with %s, which one value does not move or no health check follows, is told (R53 HC-31)',
  (_, alarm, says) => {
    expect(switchMetricOf(alarm)).toContain(says);
  },
);
