import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from './attribute-value.ts';
import { parseCondition } from './condition-parser.ts';
import { holds } from './condition.ts';
import { Placeholders } from './placeholders.ts';
import { attempt } from './refusal.ts';

const ITEM: Item = {
  n: { N: '5' },
  s: { S: 'hello' },
  l: { L: [{ S: 'x' }, { M: { deep: { N: '1' } } }] },
  tags: { SS: ['a', 'b'] },
  b: { B: Uint8Array.of(1, 2, 3) },
  yes: { BOOL: true },
};
const VALUES: Item = {
  ':five': { N: '5.0' },
  ':nine': { N: '9' },
  ':ten': { N: '10' },
  ':hello': { S: 'hello' },
  ':he': { S: 'he' },
  ':a': { S: 'a' },
  ':N': { S: 'N' },
  ':yes': { BOOL: true },
  ':two': { B: Uint8Array.of(2, 3) },
};

/** With the values that it names. */
function outcome(source: string): string {
  const values = Object.fromEntries(Object.entries(VALUES).filter(([name]) => new RegExp(`${name}\\b`).test(source)));
  const result = attempt(() =>
    holds(parseCondition('ConditionExpression', source, new Placeholders({}, values)), ITEM),
  );
  return result.kind === 'done' ? String(result.output) : result.refusal.message;
}

describe('a condition', () => {
  test.each([
    ['n = :five', 'true'],
    ['n <> :five', 'false'],
    // By value, not as texts.
    ['n < :ten', 'true'],
    [':nine < :ten', 'true'],
    ['n BETWEEN :five AND :ten', 'true'],
    ['n between :nine and :ten', 'false'],
    ['s IN (:a, :hello)', 'true'],
    ['s > n', 'false'],
    ['absent = :five', 'false'],
    ['absent <> :five', 'true'],
    ['NOT absent = :five', 'true'],
    ['attribute_exists(n) AND attribute_not_exists(absent)', 'true'],
    ['attribute_type(n, :N)', 'true'],
    ['begins_with(s, :he)', 'true'],
    ['contains(s, :a)', 'false'],
    ['contains(tags, :a)', 'true'],
    ['contains(b, :two)', 'true'],
    ['size(s) = :five', 'true'],
    ['size(n) = :five', 'false'],
    ['l[1].deep < :five', 'true'],
    ['l[7] = :five', 'false'],
    ['yes = :yes', 'true'],
    // AND before OR, NOT before both.
    ['n = :five OR n = :nine AND n = :ten', 'true'],
    ['(n = :five OR n = :nine) AND n = :ten', 'false'],
    ['NOT n = :nine AND n = :five', 'true'],
    ['NOT (n = :nine OR n = :five)', 'false'],
  ])('%s is %s', (source, expected) => {
    expect(outcome(source)).toBe(expected);
  });

  test.each([
    ['n', 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "n"'],
    ['n = :five :ten', 'Invalid ConditionExpression: Syntax error; token: ":ten", near: ":five :ten"'],
    ['n = :five AND', 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "AND"'],
    ['n ! :five', 'Invalid ConditionExpression: Syntax error; token: "!", near: "n ! "'],
    [
      'attribute_exists(:a)',
      'Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'begins_with(s)',
      'Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
    ],
    [
      'begins_with(s, :five)',
      'Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ],
    [
      'n < :yes',
      'Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: <, operand type: BOOL',
    ],
    [
      'n = n',
      'Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]',
    ],
    ['exists(n)', 'Invalid ConditionExpression: Invalid function name; function: exists'],
    [
      'n BETWEEN :ten AND :five',
      'Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:5}',
    ],
    ['status = :a', 'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status'],
  ])('%s is refused: %s', (source, expected) => {
    expect(outcome(source)).toBe(expected);
  });

  test('means what its tree means, however it is written', () => {
    const leaf = fc.constantFrom(
      { text: 'n = :five', is: true },
      { text: 'attribute_exists(absent)', is: false },
      { text: 'size(s) IN (:five, :ten)', is: true },
      { text: 's < :he', is: false },
    );
    const { tree } = fc.letrec<{ tree: { text: string; is: boolean } }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        tie('tree').map(({ text, is }) => ({ text: `NOT (${text})`, is: !is })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `(${a.text}) and (${b.text})`, is: a.is && b.is })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({ text: `(${a.text})OR(${b.text})`, is: a.is || b.is })),
      ),
    }));
    fc.assert(fc.property(tree, ({ text, is }) => outcome(text) === String(is)));
  });

  test('that is nonsense is refused, and never breaks the reader', () => {
    const word = fc.constantFrom(
      'n',
      's',
      ':five',
      ':a',
      '=',
      '<',
      '(',
      ')',
      'AND',
      'OR',
      'NOT',
      'BETWEEN',
      'IN',
      ',',
      '[',
      ']',
      '.',
      'size',
      '1',
      '#x',
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const says = outcome(words.join(' '));
        return says === 'true' || says === 'false' || says.startsWith('Invalid ConditionExpression: ');
      }),
    );
  });
});
