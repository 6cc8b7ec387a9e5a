import { describe, expect, test } from 'vitest';
import type { TreatMissingData } from '../../model/index.ts';
import type { Datapoint } from './judge-datapoints.ts';
import { isBreaching, judgeDatapoints } from './judge-datapoints.ts';

const TREATMENTS: readonly TreatMissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** As in AWS's guide, oldest first: 0 is fine, X breaches, - is missing. */
function range(text: string): readonly Datapoint[] {
  return text.split(' ').map((sign) => (sign === '-' ? undefined : sign === 'X'));
}

function judged(points: string, datapointsToAlarm: number, treatMissingData: TreatMissingData): string {
  return judgeDatapoints(range(points), { evaluationPeriods: 3, datapointsToAlarm, treatMissingData });
}

const NO_DATA = 'INSUFFICIENT_DATA';

describe('the published table of missing data', () => {
  // RS 1.15, 1.16, 1.17, 1.18, 1.30: each cell, in the order missing, ignore, breaching, notBreaching.
  test.each([
    { line: 'RS 1.20', points: '0 - X - X', m: 3, states: ['OK', 'OK', 'OK', 'OK'] },
    { line: 'RS 1.21', points: '0 - - - -', m: 3, states: ['OK', 'OK', 'OK', 'OK'] },
    { line: 'RS 1.22', points: '- - - - -', m: 3, states: [NO_DATA, 'keep', 'ALARM', 'OK'] },
    { line: 'RS 1.23', points: '0 X X - X', m: 3, states: ['ALARM', 'ALARM', 'ALARM', 'ALARM'] },
    { line: 'RS 1.24', points: '- - X - -', m: 3, states: ['ALARM', 'keep', 'ALARM', 'OK'] },
    { line: 'RS 1.25', points: '0 - X - X', m: 2, states: ['ALARM', 'ALARM', 'ALARM', 'ALARM'] },
    { line: 'RS 1.26', points: '0 0 X 0 X', m: 2, states: ['ALARM', 'ALARM', 'ALARM', 'ALARM'] },
    { line: 'RS 1.27', points: '0 - X - -', m: 2, states: ['OK', 'OK', 'ALARM', 'OK'] },
    { line: 'RS 1.28', points: '- - - - 0', m: 2, states: ['OK', 'OK', 'ALARM', 'OK'] },
    { line: 'RS 1.29', points: '- - - X -', m: 2, states: ['ALARM', 'keep', 'ALARM', 'OK'] },
  ])('$line: $points with $m of 3', ({ points, m, states }) => {
    expect(TREATMENTS.map((treatment) => judged(points, m, treatment))).toEqual(states);
  });

  test('RS 1.18: a lone breach that is younger than M periods does not alarm yet', () => {
    expect(judged('- - - - X', 2, 'missing')).toBe('keep');
    expect(judged('- - - X -', 3, 'missing')).toBe('keep');
    expect(judged('- - - X X', 2, 'missing')).toBe('ALARM');
  });

  test('RS 1.6: breaches need not be neighbours, but lie within the last N', () => {
    expect(judged('0 0 X 0 X', 2, 'missing')).toBe('ALARM');
    expect(judged('X X 0 0 X', 2, 'missing')).toBe('OK');
  });
});

test('RS 1.9: the statistic is the left operand', () => {
  const breaches = (value: number): readonly boolean[] => [
    isBreaching(value, 'GreaterThanOrEqualToThreshold', 1),
    isBreaching(value, 'GreaterThanThreshold', 1),
    isBreaching(value, 'LessThanThreshold', 1),
    isBreaching(value, 'LessThanOrEqualToThreshold', 1),
  ];
  expect(breaches(0)).toEqual([false, false, true, true]);
  expect(breaches(1)).toEqual([true, false, false, true]);
  expect(breaches(2)).toEqual([true, true, false, false]);
});
