import { expect, test } from 'vitest';
import type { CalculatedHealthCheck } from '../../model/index.ts';
import { calculatedHealth } from './calculated.ts';

const CHECK: CalculatedHealthCheck = {
  id: 'parent',
  type: 'CALCULATED',
  healthThreshold: 2,
  childHealthChecks: ['a', 'b', 'c'],
  inverted: false,
  disabled: false,
  stack: 's',
};

function health(some: Partial<CalculatedHealthCheck>, healthy: readonly string[], interest = 'a'): boolean | undefined {
  const check = { ...CHECK, ...some };
  return calculatedHealth(
    check,
    (child) => child === interest,
    (child) => healthy.includes(child),
  );
}

test('R53 HC-27: as many healthy children as the threshold says are enough; 0 always, more than there are never', () => {
  expect([['a', 'b', 'c'], ['a', 'b'], ['c']].map((healthy) => health({}, healthy))).toEqual([true, true, false]);
  expect(health({ healthThreshold: 0 }, [])).toBe(true);
  expect(health({ healthThreshold: 4 }, ['a', 'b', 'c'])).toBe(false);
});

test('R53 HC-26: disabled it is healthy, and inversion comes last', () => {
  expect(health({ disabled: true }, [])).toBe(true);
  expect(health({ disabled: true, inverted: true }, [])).toBe(false);
  expect(health({ inverted: true }, ['a', 'b'])).toBe(false);
  expect(health({ inverted: true }, [])).toBe(true);
});

test('it is of no interest when none of its children is, or when it is not a calculated one', () => {
  expect(health({}, ['a', 'b'], 'other')).toBe(undefined);
  expect(
    calculatedHealth(
      undefined,
      () => true,
      () => true,
    ),
  ).toBe(undefined);
});
