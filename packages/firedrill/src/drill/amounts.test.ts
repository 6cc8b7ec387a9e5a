import { describe, expect, test } from 'vitest';
import { parseDuration, parseRate } from './amounts.ts';

describe('durations', () => {
  const check = (text: string, ms: number | undefined): void => expect(parseDuration(text), text).toBe(ms);

  test('every unit is understood, alone and together', () => {
    check('500ms', 500);
    check('90s', 90_000);
    check('1.5s', 1500);
    check('3m', 180_000);
    check('1h', 3_600_000);
    check('1m30s', 90_000);
  });

  test('a number without a unit, a sign, a space or nothing is no duration', () => {
    for (const text of ['90', '-3s', '3 s', '', 's', '3d', '1m30', 'Infinity', `${'9'.repeat(30)}h`])
      check(text, undefined);
  });
});

describe('rates', () => {
  const check = (text: string, rate: number | undefined): void => expect(parseRate(text), text).toBe(rate);

  test('a rate is a number for each second, minute or hour', () => {
    check('5/s', 5);
    check('30/m', 0.5);
    check('36/h', 0.01);
  });

  test('what names no unit is no rate', () => {
    for (const text of ['5', '5/', '/s', '5/d', '5 /s', '-5/s']) check(text, undefined);
  });
});
