import type { Place } from '../model/index.ts';
import type { Entry, Node } from './node.ts';
import { list, map, placeBelow, text } from './node.ts';
import type { JsonValue } from './template-source.ts';

/** A value that stands in no template, as if it stood at a place of one. It holds no intrinsics: a map with the key `Ref` is a map. */
export function nodeOf(value: JsonValue, at: Place): Node {
  if (value === null) return { kind: 'null', at };
  switch (typeof value) {
    case 'string':
      return text(value, at);
    case 'number':
      return { kind: 'number', value, text: String(value), at };
    case 'boolean':
      return { kind: 'boolean', value, text: String(value), at };
    default:
      break;
  }
  if (isList(value)) {
    return list(
      value.map((item, index) => nodeOf(item, placeBelow(at, String(index)))),
      at,
    );
  }
  const entries = Object.entries(value).flatMap(([key, item]): [string, Entry][] => {
    const keyAt = placeBelow(at, key);
    return item === undefined ? [] : [[key, { keyAt, value: nodeOf(item, keyAt) }]];
  });
  return map(new Map(entries), at);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
