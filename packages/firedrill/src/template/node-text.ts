import type { Node } from './node.ts';
import type { JsonValue } from './template-source.ts';

/** A node as a plain value of JSON, intrinsics in their long form. What could not be read is null. */
export function plainValueOf(node: Node): JsonValue {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'number':
      // Account ids and the like keep their leading zeros: they can only be a text.
      return String(node.value) === node.text ? node.value : node.text;
    case 'boolean':
      return node.value;
    case 'list':
      return node.items.map(plainValueOf);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plainValueOf(value)]));
    case 'null':
    case 'unknown':
      return null;
  }
}

/** Compact JSON with sorted keys and nothing but ASCII: the same text for the same value, whoever wrote it (RS 8.35). */
export function canonicalJson(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${ascii(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return typeof value === 'string' ? ascii(value) : JSON.stringify(value);
}

function ascii(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
