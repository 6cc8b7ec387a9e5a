import type { TableKeys } from '../../model/index.ts';
import type { AttributeValue, Item } from './attribute-value.ts';
import { typeOf } from './attribute-value.ts';
import { parseCondition } from './condition-parser.ts';
import { holds } from './condition.ts';
import type { Condition, Operand } from './expression.ts';
import type { Placeholders } from './placeholders.ts';
import { invalid } from './refusal.ts';
import type { KeyCondition } from './requests.ts';

const WHAT = 'KeyConditionExpression';

/**
 * Which items a query is for: those of one hash key, and of these those whose sort key is as wanted.
 * @throws Refusal for what is no condition on these keys.
 */
export function keyCondition(
  source: string,
  { keys, types }: { readonly keys: TableKeys; readonly types: Readonly<Record<string, string>> },
  placeholders: Placeholders,
): KeyCondition {
  const terms = termsOf(parseCondition(WHAT, source, placeholders));
  if (terms.length > 2) throw invalid('Conditions can be of length 1 or 2 only');
  const named = terms.map((term) => ({ term, name: attributeOfTerm(term) }));
  const names = named.map(({ name }) => name);
  if (new Set(names).size < names.length) throw invalid(`${WHAT}s must only contain one condition per key`);
  const onHash = named.find(({ name }) => name === keys.hash)?.term;
  if (onHash === undefined) throw invalid(`Query condition missed key schema element: ${keys.hash}`);
  const onRange = named.find(({ name }) => name !== keys.hash);
  if (onRange !== undefined && onRange.name !== keys.range)
    throw invalid(`Query condition missed key schema element: ${keys.range ?? keys.hash}`);
  const hash = equalTo(onHash);
  if (hash === undefined) throw invalid('Query key condition not supported');
  for (const { term, name } of named)
    for (const value of valuesIn(term))
      if (typeOf(value) !== types[name])
        throw invalid('One or more parameter values were invalid: Condition parameter type does not match schema type');
  const range = onRange?.term;
  return { hash, isWanted: range === undefined ? () => true : (item: Item) => holds(range, item) };
}

function termsOf(condition: Condition): readonly Condition[] {
  if (condition.kind === 'and') return [...termsOf(condition.left), ...termsOf(condition.right)];
  const operator = UNWANTED.get(condition.kind === 'compare' ? condition.comparator : condition.kind);
  if (operator !== undefined) throw invalid(`Invalid operator used in ${WHAT}: ${operator}`);
  return [condition];
}

/** What may stand in a condition and not in one on keys. */
const UNWANTED: ReadonlyMap<string, string> = new Map([
  ['or', 'OR'],
  ['not', 'NOT'],
  ['in', 'IN'],
  ['exists', 'attribute_exists'],
  ['type', 'attribute_type'],
  ['contains', 'contains'],
  ['<>', '<>'],
]);

function attributeOfTerm(term: Condition): string {
  const operands = operandsOf(term);
  const paths = operands.filter((operand) => operand.kind === 'path');
  const [path] = paths;
  if (path === undefined) throw invalid(`Invalid condition in ${WHAT}: No key attribute specified`);
  if (paths.length > 1) throw invalid(`Invalid condition in ${WHAT}: Multiple attribute names used in one condition`);
  if (operands.some(({ kind }) => kind === 'size')) throw invalid(`${WHAT}s cannot contain nested operations`);
  const [name, ...rest] = path.path;
  if (typeof name !== 'string' || rest.length > 0)
    throw invalid(`${WHAT}s cannot have conditions on nested attributes`);
  return name;
}

function operandsOf(term: Condition): readonly Operand[] {
  switch (term.kind) {
    case 'compare':
      return [term.left, term.right];
    case 'between':
      return [term.operand, term.low, term.high];
    case 'begins-with':
      return [term.operand, term.sought];
    default:
      return [];
  }
}

function valuesIn(term: Condition): readonly AttributeValue[] {
  return operandsOf(term).flatMap((operand) => (operand.kind === 'value' ? [operand.value] : []));
}

function equalTo(term: Condition): AttributeValue | undefined {
  if (term.kind !== 'compare' || term.comparator !== '=') return undefined;
  return valuesIn(term)[0];
}
