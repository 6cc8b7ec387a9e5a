import { expect, test } from 'vitest';
import type { AttributeValue, Item } from './attribute-value.ts';
import { attempt } from './refusal.ts';
import { filled, table } from './table.fixture.ts';
import { preparePut } from './writes.ts';

const KEY = { pk: { S: 'a' }, sk: { N: '1' } };

function put(item: Item): string {
  const result = attempt(() => preparePut(filled(table(), []), { TableName: 'rules', Item: item }));
  return result.kind === 'done' ? 'done' : result.refusal.message;
}

function nested(levels: number): AttributeValue {
  return levels === 0 ? { S: 'x' } : { L: [nested(levels - 1)] };
}

test.each([
  // RS 7.14: names count too; 'pk', 'sk', 'long' and their values are 11 bytes.
  [{ ...KEY, long: { S: 'x'.repeat(400 * 1024 - 11) } }, 'done'],
  [{ ...KEY, long: { S: 'x'.repeat(400 * 1024 - 10) } }, 'Item size has exceeded the maximum allowed size'],
  [{ ...KEY, pk: { S: 'x'.repeat(2048) } }, 'done'],
  [
    { ...KEY, pk: { S: 'x'.repeat(2049) } },
    'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
  ],
  [{ ...KEY, deep: nested(32) }, 'done'],
  [
    { ...KEY, deep: nested(33) },
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  ],
  [
    { ...KEY, pk: { S: '' } },
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
  ],
  [
    { ...KEY, pk: { N: '1' } },
    'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
  ],
  [
    { ...KEY, rank: { S: 'x' } },
    'One or more parameter values were invalid: Type mismatch for Index Key rank Expected: N Actual: S IndexName: by-place',
  ],
  [{ ...KEY, tags: { SS: [] } }, 'One or more parameter values were invalid: An string set  may not be empty'],
  [
    { ...KEY, tags: { SS: ['a', 'a'] } },
    'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
  ],
])('an item is put, or refused for what it is: case %#', (item, expected) => {
  expect(put(item)).toBe(expected);
});
