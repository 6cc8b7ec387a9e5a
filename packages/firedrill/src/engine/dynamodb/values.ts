import type { AttributeValue, Item } from './attribute-value.ts';
import { typeOf } from './attribute-value.ts';
import { compareByUtf8, utf8LengthOf } from '../utf8.ts';
import { DYNAMODB_FACTS } from './facts.ts';
import { canonicalNumber, compareNumbers, numberBytes } from './numbers.ts';
import { invalid } from './refusal.ts';

/**
 * A value as it is kept: numbers in their one form.
 * @throws Refusal for what no attribute can be.
 */
export function canonical(value: AttributeValue, depth = 0): AttributeValue {
  if (depth > DYNAMODB_FACTS.DEPTH_MAX.value)
    throw invalid(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  if ('N' in value) return { N: canonicalNumber(value.N) };
  if ('NS' in value) {
    const numbers = value.NS.map(canonicalNumber);
    return {
      NS: checkedSet(
        numbers,
        'number',
        numbers.map((text) => text),
      ),
    };
  }
  if ('SS' in value) return { SS: checkedSet(value.SS, 'string', value.SS) };
  if ('BS' in value) return { BS: checkedSet(value.BS, 'binary', value.BS.map(bytesKey)) };
  if ('L' in value) return { L: value.L.map((inner) => canonical(inner, depth + 1)) };
  if ('M' in value) return { M: canonicalItem(value.M, depth + 1) };
  if ('NULL' in value && !value.NULL)
    throw invalid('One or more parameter values were invalid: Null attribute value types must have the value of true');
  return value;
}

export function canonicalItem(item: Item, depth = 0): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, canonical(value, depth)]));
}

function checkedSet<T>(members: readonly T[], of: string, keys: readonly string[]): readonly T[] {
  if (members.length === 0) throw invalid(`One or more parameter values were invalid: An ${of} set  may not be empty`);
  if (new Set(keys).size < keys.length) {
    const shown = of === 'binary' ? '' : ` [${keys.join(', ')}]`;
    throw invalid(`One or more parameter values were invalid: Input collection${shown} contains duplicates.`);
  }
  return members;
}

function bytesKey(bytes: Uint8Array): string {
  return bytes.join();
}

/** Whether two values are of one type and the same; sets whatever their order. */
export function areEqual(a: AttributeValue, b: AttributeValue): boolean {
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('B' in a) return 'B' in b && bytesKey(a.B) === bytesKey(b.B);
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('SS' in a) return 'SS' in b && sameMembers(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && sameMembers(a.NS, b.NS);
  if ('BS' in a) return 'BS' in b && sameMembers(a.BS.map(bytesKey), b.BS.map(bytesKey));
  if ('L' in a) return 'L' in b && a.L.length === b.L.length && a.L.every((one, index) => areSame(one, b.L[index]));
  const names = Object.keys(a.M);
  if (!('M' in b) || names.length !== Object.keys(b.M).length) return false;
  const other = b.M;
  return names.every((name) => Object.hasOwn(other, name) && areSame(a.M[name], other[name]));
}

function areSame(a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  return a !== undefined && b !== undefined && areEqual(a, b);
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  const members = new Set(a);
  return a.length === b.length && b.every((one) => members.has(one));
}

/** The order of two texts, numbers or byte strings; undefined for all else: they have none. */
export function compareValues(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('S' in a && 'S' in b) return compareByUtf8(a.S, b.S);
  if ('N' in a && 'N' in b) return compareNumbers(a.N, b.N);
  if ('B' in a && 'B' in b) return compareBytes(a.B, b.B);
  return undefined;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A text that stands for a key's value and for no other one. */
export function keyText(value: AttributeValue): string {
  if ('S' in value) return `S${value.S}`;
  if ('N' in value) return `N${value.N}`;
  return 'B' in value ? `B${bytesKey(value.B)}` : typeOf(value);
}

/** How large an item is by DynamoDB's count: names and values in UTF-8, and what holds lists and maps together. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + utf8LengthOf(name) + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if ('S' in value) return utf8LengthOf(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('B' in value) return value.B.length;
  if ('SS' in value) return value.SS.reduce((sum, one) => sum + utf8LengthOf(one), 0);
  if ('NS' in value) return value.NS.reduce((sum, one) => sum + numberBytes(one), 0);
  if ('BS' in value) return value.BS.reduce((sum, one) => sum + one.length, 0);
  if ('L' in value) return 3 + value.L.reduce((sum, one) => sum + 1 + valueBytes(one), 0);
  if ('M' in value) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  return 1;
}

/** What `size` says of a value; undefined: it has none. */
export function sizeOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length;
  if ('B' in value) return value.B.length;
  if ('SS' in value) return value.SS.length;
  if ('NS' in value) return value.NS.length;
  if ('BS' in value) return value.BS.length;
  if ('L' in value) return value.L.length;
  return 'M' in value ? Object.keys(value.M).length : undefined;
}

/** Whether a value contains another: a text a text, a set or a list a member. */
export function containsValue(value: AttributeValue, sought: AttributeValue): boolean {
  if ('S' in value) return 'S' in sought && value.S.includes(sought.S);
  if ('B' in value) return 'B' in sought && includesBytes(value.B, sought.B);
  if ('SS' in value) return 'S' in sought && value.SS.includes(sought.S);
  if ('NS' in value) return 'N' in sought && value.NS.includes(sought.N);
  if ('BS' in value) return 'B' in sought && value.BS.some((one) => bytesKey(one) === bytesKey(sought.B));
  return 'L' in value && value.L.some((one) => areEqual(one, sought));
}

function includesBytes(bytes: Uint8Array, sought: Uint8Array): boolean {
  for (let from = 0; from + sought.length <= bytes.length; from++)
    if (sought.every((byte, index) => bytes[from + index] === byte)) return true;
  return false;
}

/** Whether a text or byte string begins with another one. */
export function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if ('S' in value) return 'S' in prefix && value.S.startsWith(prefix.S);
  return 'B' in value && 'B' in prefix && prefix.B.every((byte, index) => value.B[index] === byte);
}
