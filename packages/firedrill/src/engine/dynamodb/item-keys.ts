import type { KeyType, Table } from '../../model/index.ts';
import { utf8LengthOf } from '../utf8.ts';
import type { AttributeValue, Item } from './attribute-value.ts';
import { attributeOf, typeOf } from './attribute-value.ts';
import { DYNAMODB_FACTS } from './facts.ts';
import { invalid } from './refusal.ts';
import { canonicalItem } from './values.ts';

/**
 * The key that a request names, in its one form.
 * @throws Refusal when it is not what the table's keys are.
 */
export function requestedKey({ keys, attributeTypes }: Table, key: Item): Item {
  const names = keys.range === undefined ? [keys.hash] : [keys.hash, keys.range];
  const given = Object.keys(key);
  if (given.length !== names.length || names.some((name) => !given.includes(name)))
    throw invalid('The provided key element does not match the schema');
  for (const name of names) {
    const value = attributeOf(key, name);
    if (value === undefined || typeOf(value) !== attributeTypes[name])
      throw invalid('The provided key element does not match the schema');
    checkKeyValue(name, value, name === keys.hash);
  }
  return canonicalItem(key);
}

/** @throws Refusal when an item's attributes cannot be the table's keys, or those of its indexes. */
export function checkItemKeys({ keys, attributeTypes, indexes }: Table, item: Item): void {
  for (const name of keys.range === undefined ? [keys.hash] : [keys.hash, keys.range]) {
    const value = attributeOf(item, name);
    if (value === undefined)
      throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`);
    checkType(name, value, attributeTypes[name]);
    checkKeyValue(name, value, name === keys.hash);
  }
  for (const index of indexes)
    for (const name of index.keys.range === undefined ? [index.keys.hash] : [index.keys.hash, index.keys.range]) {
      const value = attributeOf(item, name);
      if (value === undefined) continue;
      if (typeOf(value) !== attributeTypes[name])
        throw invalid(
          `One or more parameter values were invalid: Type mismatch for Index Key ${name} Expected: ${attributeTypes[name] ?? ''} Actual: ${typeOf(value)} IndexName: ${index.name}`,
        );
      if (isEmpty(value))
        throw invalid(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index.name}, IndexKey: ${name}`,
        );
    }
}

function checkType(name: string, value: AttributeValue, expected: KeyType | undefined): void {
  if (typeOf(value) === expected) return;
  throw invalid(
    `One or more parameter values were invalid: Type mismatch for key ${name} expected: ${expected ?? ''} actual: ${typeOf(value)}`,
  );
}

function checkKeyValue(name: string, value: AttributeValue, isHash: boolean): void {
  if (isEmpty(value)) {
    const what = 'B' in value ? 'binary' : 'string';
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${what} value. Key: ${name}`,
    );
  }
  const bytes = 'S' in value ? utf8LengthOf(value.S) : 'B' in value ? value.B.length : 0;
  const most = isHash ? DYNAMODB_FACTS.HASH_KEY_BYTES_MAX.value : DYNAMODB_FACTS.RANGE_KEY_BYTES_MAX.value;
  if (bytes > most)
    throw invalid(
      `One or more parameter values were invalid: ${isHash ? 'Size of hashkey has exceeded the maximum size limit of2048 bytes' : 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes'}`,
    );
}

function isEmpty(value: AttributeValue): boolean {
  return ('S' in value && value.S === '') || ('B' in value && value.B.length === 0);
}
