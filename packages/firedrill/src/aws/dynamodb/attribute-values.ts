import type { AttributeValue as WireValue } from '@aws-sdk/client-dynamodb';
import type { AttributeValue, Item } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';

const TYPES: ReadonlySet<string> = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS']);

/** Attributes as the wire has them. @throws AwsError for a value that is not of one type. */
export function itemFrom(attributes: Readonly<Record<string, WireValue>>): Item {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, valueFrom(value)]));
}

/** @throws AwsError for a value that is not of one type. */
function valueFrom(value: WireValue): AttributeValue {
  const types = Object.keys(value).filter((type) => TYPES.has(type) && value[type as keyof WireValue] !== undefined);
  if (types.length === 0)
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  if (types.length > 1)
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  if (value.M !== undefined) return { M: itemFrom(value.M) };
  if (value.L !== undefined) return { L: value.L.map(valueFrom) };
  // What is left has no values inside.
  return value as AttributeValue;
}

function invalid(says: string): AwsError {
  return new AwsError('ValidationException', says);
}

/** Attributes for the wire. */
export function wireItem(item: Item): Record<string, WireValue> {
  // The same shape, which the client's package has as mutable.
  return item as Record<string, WireValue>;
}
