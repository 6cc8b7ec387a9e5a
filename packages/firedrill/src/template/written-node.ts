import type { Place } from '../model/index.ts';
import type { Entry, Node } from './node.ts';
import { list, map, text } from './node.ts';

/** A value that a transform writes, with nodes of the user's own anywhere in it. Undefined entries are left out. */
export type Written = string | number | boolean | Node | readonly Written[] | WrittenMap;

export interface WrittenMap {
  readonly [key: string]: Written | undefined;
}

/** The node that a written value stands for; what the transform itself adds stands at `at`. */
export function nodeOf(value: Written, at: Place): Node {
  switch (typeof value) {
    case 'string':
      return text(value, at);
    case 'number':
      return { kind: 'number', value, text: String(value), at };
    case 'boolean':
      return { kind: 'boolean', value, text: String(value), at };
    default:
      if (isNode(value)) return value;
      return isList(value)
        ? list(
            value.map((item) => nodeOf(item, at)),
            at,
          )
        : map(entriesOf(value, at), at);
  }
}

/** Entries of a written map. A node keeps its own place, so that what is wrong with it is told there. */
function entriesOf(value: WrittenMap, at: Place): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const node = nodeOf(item, at);
    entries.set(key, { keyAt: node.at, value: node });
  }
  return entries;
}

function isNode(value: Exclude<Written, string | number | boolean>): value is Node {
  return 'kind' in value && 'at' in value;
}

function isList(value: readonly Written[] | WrittenMap): value is readonly Written[] {
  return Array.isArray(value);
}
