import { describe, expect, test } from 'vitest';
import type { Item } from './attribute-value.ts';
import { afterUpdate } from './table.fixture.ts';

const BEFORE: Item = {
  n: { N: '5' },
  s: { S: 'x' },
  l: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
  m: { M: { core: { S: 'y' } } },
  set: { SS: ['a', 'b'] },
};

const UPDATES: readonly (readonly [expression: string, values: Item, attribute: string, expected: string])[] = [
  ['SET n = n + :v', { ':v': { N: '0.1' } }, 'n', '{"N":"5.1"}'],
  ['set n = n - :v', { ':v': { N: '7' } }, 'n', '{"N":"-2"}'],
  ['SET n = if_not_exists(absent, :v) + n', { ':v': { N: '10' } }, 'n', '{"N":"15"}'],
  ['SET fresh = if_not_exists(fresh, :v)', { ':v': { S: 'z' } }, 'fresh', '{"S":"z"}'],
  ['SET s = if_not_exists(s, :v)', { ':v': { S: 'z' } }, 's', '{"S":"x"}'],
  ['SET l = list_append(l, :v)', { ':v': { L: [{ N: '4' }] } }, 'l', '{"L":[{"N":"1"},{"N":"2"},{"N":"3"},{"N":"4"}]}'],
  ['SET l[1] = :v', { ':v': { N: '9' } }, 'l', '{"L":[{"N":"1"},{"N":"9"},{"N":"3"}]}'],
  ['SET l[7] = :v', { ':v': { N: '9' } }, 'l', '{"L":[{"N":"1"},{"N":"2"},{"N":"3"},{"N":"9"}]}'],
  ['REMOVE l[0], l[2]', {}, 'l', '{"L":[{"N":"2"}]}'],
  ['SET m.core = s', {}, 'm', '{"M":{"core":{"S":"x"}}}'],
  ['SET m.side = :v REMOVE m.core', { ':v': { BOOL: true } }, 'm', '{"M":{"side":{"BOOL":true}}}'],
  ['ADD n :v', { ':v': { N: '1' } }, 'n', '{"N":"6"}'],
  ['ADD count_ :v', { ':v': { N: '1' } }, 'count_', '{"N":"1"}'],
  [
    'ADD set :v',
    { ':v': { SS: ['b', 'c'] } },
    'set',
    'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: set',
  ],
  ['ADD tags :v', { ':v': { SS: ['b', 'c'] } }, 'tags', '{"SS":["b","c"]}'],
  // All values are those of the item as it was.
  ['SET n = s, s = n', {}, 's', '{"N":"5"}'],
];

describe('an update', () => {
  test.each(UPDATES)('%s %j leaves %s as %s', (expression, values, attribute, expected) => {
    const text = afterUpdate(BEFORE, expression, values);
    if (expected.startsWith('{')) expect(JSON.stringify((JSON.parse(text) as Item)[attribute])).toBe(expected);
    else expect(text).toBe(`ValidationException: ${expected}`);
  });

  test('takes members out of a set, and the attribute with the last one', () => {
    const names = { ExpressionAttributeNames: { '#s': 'set' } };
    const without = (members: string[]): unknown =>
      (JSON.parse(afterUpdate(BEFORE, 'DELETE #s :v', { ':v': { SS: members } }, names)) as Item)['set'];
    expect(without(['a', 'z'])).toEqual({ SS: ['b'] });
    expect(without(['a', 'b'])).toBeUndefined();
  });

  test('may name attributes that objects have by themselves', () => {
    const values = { ':v': { S: 'x' } };
    const names = { ExpressionAttributeNames: { '#p': '__proto__' } };
    expect(afterUpdate({}, 'SET #p = :v', values, names)).toBe('{"__proto__":{"S":"x"}}');
    expect(afterUpdate({}, 'SET constructor_ = if_not_exists(toString, :v)', values)).toBe(
      '{"constructor_":{"S":"x"}}',
    );
  });

  const REFUSALS: readonly (readonly [expression: string, values: Item, says: string])[] = [
    [
      'SET n = :v',
      {},
      'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v',
    ],
    [
      'SET #n = n',
      {},
      'Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #n',
    ],
    [
      'SET name = :v',
      { ':v': { S: 'x' } },
      'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: name',
    ],
    ['SET n :v', { ':v': { S: 'x' } }, 'Invalid UpdateExpression: Syntax error; token: ":v", near: "n :v"'],
    ['SET n =', {}, 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "="'],
    ['n = :v', { ':v': { S: 'x' } }, 'Invalid UpdateExpression: Syntax error; token: "n", near: "n ="'],
    ['', {}, 'Invalid UpdateExpression: The expression can not be empty;'],
    [
      'SET n = s SET s = n',
      {},
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      'SET m = :v, m.core = :v',
      { ':v': { S: 'x' } },
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, core]',
    ],
    [
      'SET m.core = :v, m[1] = :v',
      { ':v': { S: 'x' } },
      'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, core], path two: [m, [1]]',
    ],
    [
      'SET n = n',
      { ':v': { S: 'x' } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
    ],
    ['SET n = absent', {}, 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET n = s + n', {}, 'An operand in the update expression has an incorrect data type'],
    ['SET a.b = :v', { ':v': { S: 'x' } }, 'The document path provided in the update expression is invalid for update'],
    [
      'ADD s :v',
      { ':v': { S: 'x' } },
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: ADD, operand type: STRING',
    ],
    ['ADD s :v', { ':v': { N: '1' } }, 'An operand in the update expression has an incorrect data type'],
    ['SET n = whatever(n, s)', {}, 'Invalid UpdateExpression: Invalid function name; function: whatever'],
    [
      'SET pk = :v',
      { ':v': { S: 'b' } },
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    ],
    ['SET n = :v', { ':v': { N: 'many' } }, 'The parameter cannot be converted to a numeric value: many'],
  ];

  test.each(REFUSALS)('%s %j is refused: %s', (expression, values, says) => {
    expect(afterUpdate(BEFORE, expression, values)).toBe(`ValidationException: ${says}`);
  });

  test('may not be nested without end, nor be longer than four kilobytes (RS 7.17)', () => {
    const deep = `SET n = ${'('.repeat(1000)}n`;
    expect(afterUpdate(BEFORE, deep)).toContain('too deep a nesting');
    expect(afterUpdate(BEFORE, `SET n = n ${' '.repeat(4096)}`)).toContain(
      'Expression size has exceeded the maximum allowed size',
    );
  });
});
