import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';
import { readAlarmRule } from './alarm-rule.ts';

const ALARM =
  'AlarmName: a, Namespace: N, MetricName: m, Statistic: Sum, Period: 60, EvaluationPeriods: 3, Threshold: 1.5, ComparisonOperator: LessThanThreshold';

function read(properties: string, type = 'Alarm') {
  return readOne(`Resources:\n  A: { Type: AWS::CloudWatch::${type}, Properties: { ${properties} } }\n`);
}

function told(properties: string, type?: string): readonly string[] {
  return read(properties, type).findings.map(inLine);
}

describe('alarms', () => {
  test('RS 1.6, 1.15: all N datapoints must breach and missing ones are missing, unless something else is said', () => {
    const { value, findings } = read(`${ALARM}, Dimensions: [{ Name: d, Value: v }], AlarmActions: [arn]`);
    expect(findings).toEqual([]);
    expect(value.metricAlarms).toMatchObject([
      {
        name: 'a',
        arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a',
        region: 'eu-west-1',
        metric: { namespace: 'N', metricName: 'm', dimensions: [{ name: 'd', value: 'v' }] },
        statistic: 'Sum',
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        threshold: 1.5,
        treatMissingData: 'missing',
        alignedToClock: false,
        actions: { enabled: true, alarm: ['arn'] },
      },
    ]);
  });

  // RS 1.3, 1.5, 1.6, 1.8, 1.9, 1.10: what CloudWatch does not take.
  test.each([
    [ALARM.replace('Period: 60', 'Period: 45'), 'Period is 45; it must be 10, 20, 30 or a multiple of 60.'],
    [
      ALARM.replace('EvaluationPeriods: 3', 'EvaluationPeriods: 1441'),
      'Period and EvaluationPeriods make 86460 s; with this Period 86400 s is the most.',
    ],
    [
      ALARM.replace('Period: 60', 'Period: 3600').replace('EvaluationPeriods: 3', 'EvaluationPeriods: 169'),
      'Period and EvaluationPeriods make 608400 s; with this Period 604800 s is the most.',
    ],
    [`${ALARM}, DatapointsToAlarm: 4`, 'DatapointsToAlarm may not be more than EvaluationPeriods.'],
    [`${ALARM}, ExtendedStatistic: p99`, 'An alarm on a metric needs exactly one of Statistic and ExtendedStatistic.'],
    [
      ALARM.replace('Statistic: Sum', 'ExtendedStatistic: median'),
      'ExtendedStatistic is median, which is no statistic.',
    ],
    [
      ALARM.replace('LessThanThreshold', 'GreaterThanUpperThreshold'),
      'GreaterThanUpperThreshold needs a band of anomalies.',
    ],
    [ALARM.replace('Threshold: 1.5, ', ''), 'An alarm on a metric needs Threshold.'],
    [`${ALARM}, OKActions: [a, b, c, d, e, f]`, 'An alarm has 5 actions of each kind at most.'],
  ])('%s: RS 1.3, 1.5, 1.6, 1.8, 1.9, 1.10', (properties, says) => {
    expect(told(properties)).toEqual([`error template/property 2: ${says}`]);
  });

  test('RS 1.11: a topic that does not exist is no mistake', () => {
    const topic = 'arn:aws:sns:eu-west-1:123456789012:nobody';
    const { value, findings } = read(`${ALARM}, AlarmActions: ["${topic}"], ActionsEnabled: false`);
    expect(findings).toEqual([]);
    expect(value.metricAlarms).toMatchObject([{ actions: { enabled: false, alarm: [topic] } }]);
  });

  test('RS 1.7: windows can be aligned to the clock', () => {
    const { value } = read(`${ALARM}, EvaluationWindow: { WallClockWindow: { Timezone: UTC } }`);
    expect(value.metricAlarms).toMatchObject([{ alignedToClock: true }]);
  });

  test('a Threshold that is no number is told with its place', () => {
    expect(told(ALARM.replace('1.5', 'many'))).toEqual([
      'error template/property 2: Threshold must be a number; this is text (many).',
    ]);
  });
});

describe('composite alarms', () => {
  test('RS 1.35: a rule is states of alarms, AND before OR, NOT, TRUE, FALSE and parentheses', () => {
    const state = (alarm: string, which = 'ALARM') => ({ kind: 'state', state: which, alarm });
    expect(readAlarmRule('ALARM(a) OR OK("b c") AND NOT INSUFFICIENT_DATA(arn:aws:x)')).toEqual({
      kind: 'or',
      of: [
        state('a'),
        { kind: 'and', of: [state('b c', 'OK'), { kind: 'not', of: state('arn:aws:x', 'INSUFFICIENT_DATA') }] },
      ],
    });
    expect(readAlarmRule("(ALARM('a') OR TRUE) AND FALSE")).toEqual({
      kind: 'and',
      of: [
        { kind: 'or', of: [state('a'), { kind: 'constant', value: true }] },
        { kind: 'constant', value: false },
      ],
    });
  });

  test.each([
    ['ALARM(a) AND', 'AlarmRule is wrong at its end.'],
    ['(ALARM(a)', 'AlarmRule is wrong at its end.'],
    ['BROKEN(a)', 'AlarmRule is wrong at BROKEN(a).'],
    ['ALARM(a) ALARM(b)', 'AlarmRule is wrong at ALARM(b).'],
    [Array.from({ length: 101 }, (_, index) => `OK(a${index})`).join(' OR '), 'AlarmRule names more than 100 alarms.'],
    ['('.repeat(2000), 'AlarmRule has more than 500 elements.'],
  ])('RS 1.35: a rule that is none is told', (rule, says) => {
    expect(readAlarmRule(rule)).toBe(says);
  });

  test('RS 1.37: a suppressor needs both its periods', () => {
    expect(told('AlarmName: c, AlarmRule: "ALARM(a)", ActionsSuppressor: s', 'CompositeAlarm')).toEqual([
      'error template/property 2: ActionsSuppressor needs ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod.',
    ]);
    const whole = 'ActionsSuppressor: s, ActionsSuppressorWaitPeriod: 60, ActionsSuppressorExtensionPeriod: 30';
    expect(read(`AlarmName: c, AlarmRule: "ALARM(a)", ${whole}`, 'CompositeAlarm').value.compositeAlarms).toMatchObject(
      [{ name: 'c', suppressor: { alarm: 's', waitSeconds: 60, extensionSeconds: 30 } }],
    );
  });
});
