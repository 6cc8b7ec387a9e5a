import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from './attribute-value.ts';
import { getItem, query, scan } from './reads.ts';
import { attempt } from './refusal.ts';
import type { Page, QueryInput } from './requests.ts';
import { filled, table } from './table.fixture.ts';
import type { TableContents } from './table-contents.ts';

const ITEMS: readonly Item[] = [
  { pk: { S: 'a' }, sk: { N: '2' }, place: { S: 'dublin' }, rank: { N: '7' }, note: { S: 'two' } },
  { pk: { S: 'a' }, sk: { N: '10' }, place: { S: 'dublin' }, rank: { N: '1' }, note: { S: 'ten' } },
  { pk: { S: 'a' }, sk: { N: '-1' }, note: { S: 'minus' } },
  { pk: { S: 'b' }, sk: { N: '1' }, place: { S: 'oregon' }, rank: { N: '1' } },
];

function asked(input: Partial<QueryInput>, contents: TableContents = filled(table(), ITEMS)): string {
  const result = attempt(() =>
    query(contents, {
      TableName: 'rules',
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'a' } },
      ...input,
    }),
  );
  if (result.kind === 'refused') return result.refusal.message;
  const { Items: items = [], Count: count, ScannedCount: scanned, LastEvaluatedKey: last } = result.output;
  const keys = items.map(({ sk }) => (sk !== undefined && 'N' in sk ? sk.N : '?')).join(' ');
  return `${keys} | ${count} of ${scanned}${last === undefined ? '' : ' and more'}`;
}

const A = { ':pk': { S: 'a' } };

describe('a query', () => {
  test.each([
    [{}, '-1 2 10 | 3 of 3'],
    [{ ScanIndexForward: false }, '10 2 -1 | 3 of 3'],
    [{ Limit: 2 }, '-1 2 | 2 of 2 and more'],
    [
      { KeyConditionExpression: 'pk = :pk AND sk > :n', ExpressionAttributeValues: { ...A, ':n': { N: '2' } } },
      '10 | 1 of 1',
    ],
    [
      {
        KeyConditionExpression: 'sk BETWEEN :n AND :m AND pk = :pk',
        ExpressionAttributeValues: { ...A, ':n': { N: '-1' }, ':m': { N: '2' } },
      },
      '-1 2 | 2 of 2',
    ],
    // The filter comes after the limit.
    [
      { FilterExpression: 'note = :t', ExpressionAttributeValues: { ...A, ':t': { S: 'ten' } }, Limit: 2 },
      ' | 0 of 2 and more',
    ],
    [{ FilterExpression: 'note = :t', ExpressionAttributeValues: { ...A, ':t': { S: 'ten' } } }, '10 | 1 of 3'],
    [{ Select: 'COUNT' as const }, ' | 3 of 3'],
    [{ IndexName: 'by-rank' }, '10 2 | 2 of 2'],
    [
      {
        IndexName: 'by-place',
        KeyConditionExpression: 'place = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'dublin' } },
      },
      '10 2 | 2 of 2',
    ],
    [{ KeyConditionExpression: 'sk = :pk' }, 'Query condition missed key schema element: pk'],
    [{ KeyConditionExpression: 'pk > :pk' }, 'Query key condition not supported'],
    [{ KeyConditionExpression: 'pk = :pk AND note = :pk' }, 'Query condition missed key schema element: sk'],
    [{ KeyConditionExpression: 'pk = :pk OR sk = :pk' }, 'Invalid operator used in KeyConditionExpression: OR'],
    [
      { KeyConditionExpression: 'pk = :pk AND sk = :pk' },
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [{ IndexName: 'nowhere' }, 'The table does not have the specified index: nowhere'],
    // RS 7.5
    [{ IndexName: 'by-place', ConsistentRead: true }, 'Consistent reads are not supported on global secondary indexes'],
    [
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { ExclusiveStartKey: { pk: { S: 'a' } } },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
  ])('%j finds %s', (input, expected) => {
    expect(asked(input)).toBe(expected);
  });

  test('of an index that keeps keys alone shows nothing else', () => {
    const input = {
      TableName: 'rules',
      IndexName: 'by-place',
      KeyConditionExpression: 'place = :p',
      ExpressionAttributeValues: { ':p': { S: 'oregon' } },
    };
    expect(query(filled(table(), ITEMS), input).Items).toEqual([ITEMS[3]]);
    const inDublin = query(filled(table(), ITEMS), { ...input, ExpressionAttributeValues: { ':p': { S: 'dublin' } } });
    expect(inDublin.Items?.every(({ note }) => note === undefined)).toBe(true);
  });

  test('reads a megabyte at most (RS 7.15)', () => {
    const long = { S: 'x'.repeat(300_000) };
    const items = Array.from({ length: 6 }, (_, i) => ({ pk: { S: 'a' }, sk: { N: String(i) }, long }));
    expect(asked({}, filled(table(), items))).toBe('0 1 2 3 | 4 of 4 and more');
  });
});

const NUMBER = fc.integer({ min: -20, max: 20 });
const SOME = fc.array(
  fc.record({
    pk: fc.constantFrom('a', 'b', 'c', 'd'),
    sk: NUMBER,
    rank: fc.option(NUMBER),
    place: fc.constantFrom('x', 'y'),
  }),
  { maxLength: 40 },
);

function itemsOf(drawn: readonly { pk: string; sk: number; rank: number | null; place: string }[]): Item[] {
  return drawn.map(({ pk, sk, rank, place }) => ({
    pk: { S: pk },
    sk: { N: String(sk) },
    place: { S: place },
    ...(rank === null ? {} : { rank: { N: String(rank) } }),
  }));
}

/** All pages, one behind the other. */
function paged(read: (start: Item | undefined) => Page): readonly Item[] {
  const items: Item[] = [];
  for (let start: Item | undefined; ;) {
    const page = read(start);
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
    if (start === undefined) return items;
  }
}

describe('pages of any size', () => {
  test.each([undefined, 'by-rank'])('tell what one page tells: a query of index %s', (index) => {
    fc.assert(
      fc.property(SOME, fc.integer({ min: 1, max: 7 }), fc.boolean(), (drawn, limit, isForward) => {
        const contents = filled(table(), itemsOf(drawn));
        const input = {
          TableName: 'rules',
          IndexName: index,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: A,
          ScanIndexForward: isForward,
        };
        const whole = query(contents, input).Items ?? [];
        expect(paged((start) => query(contents, { ...input, Limit: limit, ExclusiveStartKey: start }))).toEqual(whole);
        const name = index === undefined ? 'sk' : 'rank';
        const order = whole.map((item) => Number((item[name] as { N: string }).N));
        expect(order).toEqual(order.toSorted((a, b) => (isForward ? a - b : b - a)));
      }),
    );
  });

  test.each([undefined, 'by-place'])('tell what one page tells: a scan of index %s, in segments too', (index) => {
    fc.assert(
      fc.property(SOME, fc.integer({ min: 1, max: 7 }), (drawn, limit) => {
        const contents = filled(table(), itemsOf(drawn));
        const input = { TableName: 'rules', IndexName: index };
        const whole = scan(contents, input).Items ?? [];
        expect(paged((start) => scan(contents, { ...input, Limit: limit, ExclusiveStartKey: start }))).toEqual(whole);
        const segments = [0, 1, 2].flatMap(
          (segment) => scan(contents, { ...input, Segment: segment, TotalSegments: 3 }).Items ?? [],
        );
        expect(segments.length).toBe(whole.length);
        if (index === undefined) expect(whole.length).toBe(contents.count);
      }),
    );
  });
});

describe('one item', () => {
  test('is found by its key whatever form its number has; what is missing is no error (RS 7.4)', () => {
    const contents = filled(table(), ITEMS);
    const at = (sk: string): Item | undefined =>
      getItem(contents, { TableName: 'rules', Key: { pk: { S: 'a' }, sk: { N: sk } }, ProjectionExpression: 'note' });
    expect(at('10.0')).toEqual({ note: { S: 'ten' } });
    expect(at('11')).toBeUndefined();
  });

  test.each([
    [{ pk: { S: 'a' } }],
    [{ pk: { S: 'a' }, sk: { S: '1' } }],
    [{ pk: { S: 'a' }, sk: { N: '1' }, more: { S: 'x' } }],
  ] as const)('by %j is refused', (key) => {
    const result = attempt(() => getItem(filled(table(), ITEMS), { TableName: 'rules', Key: key }));
    expect(result).toMatchObject({
      kind: 'refused',
      refusal: { message: 'The provided key element does not match the schema' },
    });
  });
});
