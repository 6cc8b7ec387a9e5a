import { expect, test } from 'vitest';
import { nestsDeeper, PAYLOAD_LEVELS_MAX, readPayload } from './payload.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test('lists and maps in one another are counted, not those in texts', () => {
  const check = (text: string, expected: boolean): void => expect(nestsDeeper(text, 2), text).toBe(expected);
  check('[[1], [2], {"a": 3}]', false);
  check('[[{"a": 3}]]', true);
  check('{"a": "[[[[", "b": 1}', false);
  check('{"a": "\\"[[[[", "b": 1}', false);
  check('{"a": "\\\\", "b": [[1]]}', true);
  check('{"a": "[[[[', false);
});

test('a result that nests as deep as none of ours does counts as text, as what is no JSON', () => {
  expect(readPayload('{"a":[1]}')).toEqual({ a: [1] });
  expect(readPayload('{"a": NaN}')).toBe('{"a": NaN}');
  expect(Array.isArray(readPayload(nested(PAYLOAD_LEVELS_MAX)))).toBe(true);
  expect(readPayload(nested(PAYLOAD_LEVELS_MAX + 1))).toBe(nested(PAYLOAD_LEVELS_MAX + 1));
  // What JSON.parse reads without a stack, JSON.stringify could not write any more.
  expect(readPayload(nested(1_000_000))).toBeTypeOf('string');
});
