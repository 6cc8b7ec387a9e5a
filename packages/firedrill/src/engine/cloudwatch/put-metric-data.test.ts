import { describe, expect, test } from 'vitest';
import type { MetricDatum } from '../../model/index.ts';
import { refusalOf } from './put-metric-data.ts';

function refusal(datum: Partial<MetricDatum>, namespace = 'STOP'): string {
  const metricData = [{ metricName: 'm', ...datum }];
  const refused = refusalOf({ kind: 'put-metric-data', region: 'us-west-2', namespace, metricData });
  return refused === undefined ? 'taken' : `${refused.code}: ${refused.message}`;
}

function many(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

describe('what PutMetricData takes', () => {
  test('RS 1.44: one of Value, Values and StatisticValues, in the words that were recorded', () => {
    expect(refusal({ value: 1 })).toBe('taken');
    expect(refusal({})).toMatch(/^MissingParameter/);
    expect(refusal({ value: 1, values: [1] })).toBe(
      'InvalidParameterCombination: The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.',
    );
    expect(refusal({ values: [1, 2], counts: [1] })).toBe(
      'InvalidParameterValue: The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.',
    );
  });

  test('RS 1.43: 1,000 metrics, 150 values, 30 dimensions, values within 2^360, no NaN', () => {
    const call = (metrics: number) => ({
      kind: 'put-metric-data' as const,
      region: 'us-west-2',
      namespace: 'STOP',
      metricData: many(metrics).map((index) => ({ metricName: `m${index}`, value: 1 })),
    });
    expect(refusalOf(call(1000))).toBeUndefined();
    expect(refusalOf(call(1001))?.code).toBe('InvalidParameterValue');
    expect(refusal({ values: many(150) })).toBe('taken');
    expect(refusal({ values: many(151) })).toMatch(/^InvalidParameterValue/);
    const dimensions = many(31).map((index) => ({ name: `d${index}`, value: 'v' }));
    expect(refusal({ value: 1, dimensions: dimensions.slice(1) })).toBe('taken');
    expect(refusal({ value: 1, dimensions })).toMatch(/^InvalidParameterValue/);
    expect(refusal({ value: -(2 ** 360) })).toBe('taken');
    for (const value of [2 ** 361, NaN, Infinity]) expect(refusal({ value })).toMatch(/^InvalidParameterValue/);
  });

  test('RS 1.41: timestamps up to two weeks ago and two hours ahead', () => {
    const week = 7 * 86_400_000;
    expect(refusal({ value: 1, ageMs: 2 * week })).toBe('taken');
    expect(refusal({ value: 1, ageMs: 2 * week + 1 })).toMatch(/^InvalidParameterValue/);
    expect(refusal({ value: 1, ageMs: -7_200_000 })).toBe('taken');
    expect(refusal({ value: 1, ageMs: -7_200_001 })).toMatch(/^InvalidParameterValue/);
  });

  test('RS 1.45: resolution is 1 or 60; units and namespaces are those there are', () => {
    expect(refusal({ value: 1, storageResolution: 1 })).toBe('taken');
    expect(refusal({ value: 1, storageResolution: 10 })).toMatch(/^InvalidParameterValue/);
    expect(refusal({ value: 1, unit: 'Count' })).toBe('taken');
    expect(refusal({ value: 1, unit: 'Apples' })).toMatch(/^InvalidParameterValue/);
    expect(refusal({ value: 1 }, 'AWS/Mine')).toMatch(/^InvalidParameterValue/);
  });
});
