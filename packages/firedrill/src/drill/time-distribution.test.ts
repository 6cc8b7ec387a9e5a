import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeDistribution } from './time-distribution.ts';

function nearestRank(values: readonly number[], percent: number): number {
  return (
    values.toSorted((left, right) => left - right)[Math.max(0, Math.ceil((percent * values.length) / 100) - 1)] ?? 0
  );
}

function distributionOf(values: readonly number[]): TimeDistribution {
  const distribution = new TimeDistribution();
  for (const value of values) distribution.add(value);
  return distribution;
}

test('few values give exact percentiles', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.integer({ min: 0, max: 90_000_000 }).map((us) => us / 1000),
        { minLength: 1, maxLength: 200 },
      ),
      (values) => {
        for (const percent of [50, 99])
          expect(distributionOf(values).percentile(percent)).toBe(nearestRank(values, percent));
        expect(distributionOf(values).max).toBe(Math.max(...values));
      },
    ),
  );
});

test('many values give percentiles to a thousandth, and the exact maximum', () => {
  const values = Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 90_000);
  const distribution = distributionOf([...values, 123_456.789]);
  for (const percent of [50, 99]) {
    const exact = nearestRank(values, percent);
    expect(Math.abs(distribution.percentile(percent) - exact) / exact).toBeLessThan(0.001);
  }
  expect(distribution.max).toBe(123_456.789);
  expect(distribution.percentile(100)).toBeLessThanOrEqual(123_456.789);
});

test('nothing is empty', () => expect(new TimeDistribution().isEmpty).toBe(true));

test('what takes longer than the histogram reaches still counts', () => {
  const distribution = distributionOf(Array.from({ length: 5000 }, () => 10_000_000));
  expect(distribution.max).toBe(10_000_000);
  expect(distribution.percentile(99)).toBeGreaterThanOrEqual(3_600_000);
});
