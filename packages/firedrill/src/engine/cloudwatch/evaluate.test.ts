import { describe, expect, test } from 'vitest';
import type { MetricDatum, MetricRule } from '../../model/index.ts';
import { evaluateRule, evaluationSeconds } from './evaluate.ts';
import { MetricStore } from './metric-store.ts';
import { storeMetricData } from './put-metric-data.ts';

const RULE: MetricRule = {
  region: 'us-west-2',
  metric: { namespace: 'STOP', metricName: 'failover', dimensions: [] },
  statistic: 'Maximum',
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  treatMissingData: 'missing',
  alignedToClock: false,
};

interface Put extends Partial<MetricDatum> {
  readonly at: number;
}

/** Looks at the second `now` at what was put at other seconds. */
function look(
  now: number,
  puts: readonly Put[],
  rule: Partial<MetricRule> = {},
  ingestion = { seconds: 0, newMetricSeconds: 0 },
) {
  const store = new MetricStore();
  for (const { at, ...datum } of puts) {
    const metricData = [{ metricName: 'failover', ...datum }];
    const call = { kind: 'put-metric-data', region: 'us-west-2', namespace: 'STOP', metricData } as const;
    storeMetricData(call, store, { now: at * 1000, ingestion, cause: 7 });
  }
  return evaluateRule({ ...RULE, ...rule }, store, { now: now * 1000, extraPeriods: 2 });
}

describe('which data an evaluation sees', () => {
  test('R53 TL-07: the minute that is running does not count, the one that is over does', () => {
    expect(look(119, [{ at: 60, value: 1 }]).verdict).toBe('INSUFFICIENT_DATA');
    expect(look(120, [{ at: 60, value: 1 }])).toMatchObject({ verdict: 'ALARM', cause: 7 });
  });

  test('RS 1.19: old points are judged again for a while after a metric stops, then there is no data', () => {
    expect(look(200, [{ at: 60, value: 1 }]).verdict).toBe('ALARM');
    expect(look(300, [{ at: 60, value: 1 }]).verdict).toBe('INSUFFICIENT_DATA');
  });

  test('RS 1.13: all dimensions must match, in any order; RS 1.12: with a unit that nobody publishes there is no data', () => {
    const dimensions = [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ];
    const put = { at: 60, value: 1, dimensions, unit: 'Count' };
    const metric = { ...RULE.metric, dimensions: dimensions.toReversed() };
    expect(look(120, [put]).verdict).toBe('INSUFFICIENT_DATA');
    expect(look(120, [put], { metric }).verdict).toBe('ALARM');
    expect(look(120, [put], { metric, unit: 'Count' }).verdict).toBe('ALARM');
    expect(look(120, [put], { metric, unit: 'Seconds' }).verdict).toBe('INSUFFICIENT_DATA');
  });

  test('RS 1.3, 1.45: periods below a minute see only what was stored with high resolution', () => {
    const rule = { periodSeconds: 10 };
    expect(look(70, [{ at: 65, value: 1 }], rule).verdict).toBe('INSUFFICIENT_DATA');
    expect(look(70, [{ at: 65, value: 1, storageResolution: 1 }], rule).verdict).toBe('ALARM');
    // By the second at finest: milliseconds are cut off.
    expect(look(70, [{ at: 69.999, value: 1, storageResolution: 1 }], rule).verdict).toBe('ALARM');
    expect(look(120, [{ at: 65, value: 1, storageResolution: 1 }]).verdict).toBe('ALARM');
  });

  test('RS 1.7: windows slide by the minute, and with the clock’s only when asked to', () => {
    const rule = { periodSeconds: 300, threshold: 2, statistic: 'Sum' };
    const puts = [
      { at: 290, value: 1 },
      { at: 310, value: 1 },
    ];
    expect(look(420, puts, rule).verdict).toBe('ALARM');
    expect(look(420, puts, { ...rule, alignedToClock: true }).verdict).toBe('OK');
    expect(look(420, [{ at: 310, value: 2 }], { ...rule, alignedToClock: true }).verdict).toBe('INSUFFICIENT_DATA');
    expect(look(600, [{ at: 310, value: 2 }], { ...rule, alignedToClock: true }).verdict).toBe('ALARM');
  });

  test('RS 1.42: values are read when they have arrived, those of a new metric perhaps later', () => {
    const slow = { seconds: 5, newMetricSeconds: 120 };
    expect(look(121, [{ at: 60, value: 1 }], {}, slow).verdict).toBe('INSUFFICIENT_DATA');
    expect(look(181, [{ at: 60, value: 1 }], {}, slow).verdict).toBe('ALARM');
    const two = [
      { at: 0, value: 0 },
      { at: 119, value: 1 },
    ];
    expect(look(121, two, {}, slow).verdict).toBe('OK');
    expect(look(124, two, {}, slow).verdict).toBe('ALARM');
  });

  test('RS 1.41: points of three hours ago can be read after two hours', () => {
    const rule = { periodSeconds: 3600, evaluationPeriods: 8, datapointsToAlarm: 1 };
    const put = { at: 36_000, value: 1, ageMs: 3 * 3_600_000 };
    expect(look(36_000 + 7199, [put], rule).verdict).toBe('INSUFFICIENT_DATA');
    expect(look(36_000 + 7200, [put], rule).verdict).toBe('ALARM');
    const old = { at: 200_000, value: 1, ageMs: 86_400_000 };
    const days = { periodSeconds: 86_400, evaluationPeriods: 5, datapointsToAlarm: 1 };
    expect(look(200_000 + 47 * 3600, [old], days).verdict).toBe('INSUFFICIENT_DATA');
    expect(look(200_000 + 49 * 3600, [old], days).verdict).toBe('ALARM');
  });

  test('RS 1.15: alarms on DynamoDB’s metrics ignore what is missing, whatever they say', () => {
    const metric = { namespace: 'AWS/DynamoDB', metricName: 'x', dimensions: [] };
    expect(look(120, [], { metric, treatMissingData: 'breaching' }).verdict).toBe('keep');
  });
});

describe('how often an alarm is evaluated', () => {
  // RS 1.4, R53 TL-06.
  test.each([
    { line: 'RS 1.4', periodSeconds: 60, evaluationPeriods: 1, every: 60 },
    { line: 'RS 1.4', periodSeconds: 300, evaluationPeriods: 12, every: 60 },
    { line: 'R53 TL-06', periodSeconds: 86_400, evaluationPeriods: 1, every: 60 },
    { line: 'RS 1.4', periodSeconds: 86_400, evaluationPeriods: 2, every: 3600 },
    { line: 'RS 1.4', periodSeconds: 10, evaluationPeriods: 3, every: 10 },
    { line: 'RS 1.4', periodSeconds: 30, evaluationPeriods: 3, every: 10 },
  ])('$line: $evaluationPeriods × $periodSeconds s every $every s', ({ periodSeconds, evaluationPeriods, every }) => {
    expect(evaluationSeconds({ ...RULE, periodSeconds, evaluationPeriods })).toBe(every);
  });

  test('RS 1.4: a range of more than a day sees data up to the last full hour', () => {
    const rule = { periodSeconds: 3600, evaluationPeriods: 48, datapointsToAlarm: 1 };
    expect(look(7100, [{ at: 3700, value: 1 }], rule).verdict).toBe('INSUFFICIENT_DATA');
    expect(look(7200, [{ at: 3700, value: 1 }], rule).verdict).toBe('ALARM');
  });
});

describe('statistics', () => {
  const puts = [
    { at: 60, values: [1, 2, 3, 4], counts: [1, 1, 1, 1] },
    { at: 70, value: 100 },
  ];
  // RS 1.8: each is just at the threshold, so that a hair more or less would show.
  test.each([
    { statistic: 'SampleCount', is: 5 },
    { statistic: 'Sum', is: 110 },
    { statistic: 'Average', is: 22 },
    { statistic: 'Minimum', is: 1 },
    { statistic: 'Maximum', is: 100 },
    { statistic: 'p50', is: 3 },
    { statistic: 'p99.9', is: 100 },
    { statistic: 'tm80', is: 2.5 },
    { statistic: 'tc80', is: 4 },
    { statistic: 'ts80', is: 10 },
    { statistic: 'wm80', is: 2.8 },
    { statistic: 'IQM', is: 3 },
    { statistic: 'TM(:4)', is: 2.5 },
    { statistic: 'TC(2:)', is: 4 },
    { statistic: 'TS(40%:80%)', is: 9 },
    { statistic: 'PR(:4)', is: 80 },
  ])('RS 1.8: $statistic of 1, 2, 3, 4 and 100 is $is', ({ statistic, is }) => {
    const above = look(120, puts, { statistic, threshold: is + 1e-9 }).verdict;
    const at = look(120, puts, { statistic, threshold: is - 1e-9 }).verdict;
    expect([at, above]).toEqual(['ALARM', 'OK']);
  });

  test('RS 1.8: of statistics that were published without their values there are no percentiles', () => {
    const statisticValues = { sampleCount: 4, sum: 10, minimum: 1, maximum: 4 };
    expect(look(120, [{ at: 60, statisticValues }], { statistic: 'Average', threshold: 2.5 }).verdict).toBe('ALARM');
    expect(look(120, [{ at: 60, statisticValues }], { statistic: 'p50' }).verdict).toBe('INSUFFICIENT_DATA');
  });
});

describe('the reason', () => {
  test('RS 1.31: is in CloudWatch’s words', () => {
    const above = { threshold: 21, comparisonOperator: 'GreaterThanThreshold' } as const;
    expect(look(120, [{ at: 60, value: 21.5 }], above).reason).toBe(
      'Threshold Crossed: 1 datapoint [21.5] was greater than the threshold (21.0).',
    );
    const two = { evaluationPeriods: 2, datapointsToAlarm: 2, treatMissingData: 'breaching' } as const;
    expect(look(120, [], two).reason).toBe(
      'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].',
    );
  });
});
