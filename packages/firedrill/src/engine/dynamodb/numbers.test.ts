import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalNumber, compareNumbers, difference, sum } from './numbers.ts';
import { attempt } from './refusal.ts';

function kept(text: string): string {
  const result = attempt(() => canonicalNumber(text));
  return result.kind === 'done' ? result.output : result.refusal.message;
}

/** Whole numbers of up to 19 digits times ten to some power: their sums have 38 digits at most. */
const DIGITS = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
const PLACES = fc.integer({ min: 0, max: 18 });

function written(digits: bigint, places: number): string {
  return `${digits}e-${places}`;
}

describe('a number (RS 7.13)', () => {
  test.each([
    ['1', '1'],
    ['01.500', '1.5'],
    ['-0', '0'],
    ['1e3', '1000'],
    ['.5', '0.5'],
    ['-1.25E-3', '-0.00125'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['123456789012345678901234567890123456789', 'Attempting to store more than 38 significant digits in a Number'],
    ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    ['', 'The parameter cannot be converted to a numeric value: '],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['Infinity', 'The parameter cannot be converted to a numeric value: Infinity'],
    ['0x10', 'The parameter cannot be converted to a numeric value: 0x10'],
  ])('%j is kept as %j (RS 7.13)', (text, expected) => {
    expect(kept(text)).toBe(expected);
  });

  test('reaches to 9.9…e125 and to 1e-130, and no further (RS 7.13)', () => {
    expect(kept(`${'9'.repeat(38)}e88`)).toBe('9'.repeat(38) + '0'.repeat(88));
    expect(kept('1e-130')).toBe(`0.${'0'.repeat(129)}1`);
  });

  test('is added and compared exactly', () => {
    fc.assert(
      fc.property(DIGITS, DIGITS, PLACES, (a, b, places) => {
        const [x, y] = [written(a, places), written(b, places)];
        expect(sum(x, y)).toBe(canonicalNumber(written(a + b, places)));
        expect(difference(x, y)).toBe(canonicalNumber(written(a - b, places)));
        expect(Math.sign(compareNumbers(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
    expect(sum('0.1', '0.2')).toBe('0.3');
    expect(sum('99999999999999999999999999999999999999', '-1')).toBe('99999999999999999999999999999999999998');
  });
});
