import type { AttributeValue, Item } from './attribute-value.ts';
import { typeOf } from './attribute-value.ts';
import type { Comparator, Condition, Operand } from './expression.ts';
import { valueAt } from './paths.ts';
import { areEqual, beginsWith, compareValues, containsValue, sizeOf } from './values.ts';

/** Whether an item is as a condition wants it. What is missing, or of another type, compares with nothing. */
export function holds(condition: Condition, item: Item): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.condition, item);
    case 'compare':
      return compares(condition.comparator, valueOf(condition.left, item), valueOf(condition.right, item));
    case 'between': {
      const value = valueOf(condition.operand, item);
      return (
        compares('>=', value, valueOf(condition.low, item)) && compares('<=', value, valueOf(condition.high, item))
      );
    }
    case 'in': {
      const value = valueOf(condition.operand, item);
      return condition.among.some((one) => compares('=', value, valueOf(one, item)));
    }
    case 'exists':
      return (valueAt(item, condition.path) !== undefined) === condition.isWanted;
    case 'type': {
      const value = valueAt(item, condition.path);
      return value !== undefined && typeOf(value) === condition.type;
    }
    case 'begins-with':
    case 'contains': {
      const [value, sought] = [valueOf(condition.operand, item), valueOf(condition.sought, item)];
      if (value === undefined || sought === undefined) return false;
      return condition.kind === 'contains' ? containsValue(value, sought) : beginsWith(value, sought);
    }
  }
}

/** What an operand is of an item. */
export function valueOf(operand: Operand, item: Item): AttributeValue | undefined {
  switch (operand.kind) {
    case 'path':
      return valueAt(item, operand.path);
    case 'value':
      return operand.value;
    case 'size': {
      const value = valueOf(operand.of, item);
      const size = value === undefined ? undefined : sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}

function compares(
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  // What is missing differs from everything.
  if (left === undefined || right === undefined) return comparator === '<>' && left !== right;
  if (comparator === '=') return areEqual(left, right);
  if (comparator === '<>') return !areEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (order === 0) return comparator === '<=' || comparator === '>=';
  return order < 0 ? comparator === '<' || comparator === '<=' : comparator === '>' || comparator === '>=';
}
