import type { AttributeValue, Item } from './attribute-value.ts';
import { typeOf } from './attribute-value.ts';
import { valueOf } from './condition.ts';
import type { SetValue, UpdateAction } from './expression.ts';
import { difference, sum } from './numbers.ts';
import { valueAt } from './paths.ts';
import { invalid } from './refusal.ts';
import { areEqual, canonical } from './values.ts';
import { WorkingCopy } from './working-copy.ts';

/**
 * An item as an update makes it. All values are those of the item as it was, whatever stands before them.
 * @throws Refusal when an operand is missing or of the wrong type.
 */
export function updated(item: Item, actions: readonly UpdateAction[]): Item {
  const copy = new WorkingCopy(item);
  for (const action of actions) {
    const { kind, path } = action;
    if (kind === 'remove') {
      copy.remove(path);
      continue;
    }
    const value = kind === 'set' ? computed(action.to, item) : combined(kind, valueAt(item, path), action.value);
    if (value !== undefined) copy.set(path, canonical(value));
    else if (valueAt(item, path) !== undefined) copy.remove(path);
  }
  return copy.item();
}

function computed(value: SetValue, item: Item): AttributeValue {
  switch (value.kind) {
    case 'if-not-exists':
      return valueAt(item, value.path) ?? computed(value.otherwise, item);
    case 'list-append': {
      const [first, second] = [computed(value.first, item), computed(value.second, item)];
      if (!('L' in first) || !('L' in second)) throw wrongType();
      return { L: [...first.L, ...second.L] };
    }
    case 'sum':
    case 'difference': {
      const [left, right] = [computed(value.left, item), computed(value.right, item)];
      if (!('N' in left) || !('N' in right)) throw wrongType();
      return { N: value.kind === 'sum' ? sum(left.N, right.N) : difference(left.N, right.N) };
    }
    case 'path':
    case 'value':
    case 'size': {
      const found = valueOf(value, item);
      if (found === undefined)
        throw invalid('The provided expression refers to an attribute that does not exist in the item');
      return found;
    }
  }
}

/** What ADD and DELETE make of an attribute; undefined: nothing is left of it. */
function combined(
  kind: 'add' | 'delete',
  before: AttributeValue | undefined,
  value: AttributeValue,
): AttributeValue | undefined {
  if (before === undefined) return kind === 'add' ? value : undefined;
  if ('N' in before && 'N' in value) return { N: sum(before.N, value.N) };
  if (typeOf(before) !== typeOf(value)) throw wrongType();
  if ('SS' in before && 'SS' in value) return orNothing({ SS: members(kind, before.SS, value.SS, (a, b) => a === b) });
  if ('NS' in before && 'NS' in value) return orNothing({ NS: members(kind, before.NS, value.NS, (a, b) => a === b) });
  if (!('BS' in before) || !('BS' in value)) throw wrongType();
  return orNothing({ BS: members(kind, before.BS, value.BS, (a, b) => areEqual({ B: a }, { B: b })) });
}

function members<T>(
  kind: 'add' | 'delete',
  before: readonly T[],
  given: readonly T[],
  areSame: (a: T, b: T) => boolean,
): readonly T[] {
  const isIn = (set: readonly T[], sought: T): boolean => set.some((one) => areSame(one, sought));
  if (kind === 'delete') return before.filter((one) => !isIn(given, one));
  return [...before, ...given.filter((one) => !isIn(before, one))];
}

/** No set is empty. */
function orNothing(value: AttributeValue): AttributeValue | undefined {
  const [set] = Object.values(value) as readonly (readonly unknown[])[];
  return set?.length === 0 ? undefined : value;
}

function wrongType(): Error {
  return invalid('An operand in the update expression has an incorrect data type');
}
