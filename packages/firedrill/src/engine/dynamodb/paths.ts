import type { AttributeValue, Item } from './attribute-value.ts';
import { attributeOf } from './attribute-value.ts';
import { invalid } from './refusal.ts';

/** Names of attributes and places in lists, from the item inwards; the first one is a name. */
export type Path = readonly (string | number)[];

/** What is at a path of an item. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let current: AttributeValue | undefined = { M: item };
  for (const step of path) {
    if (current === undefined) return undefined;
    if (typeof step === 'string') current = 'M' in current ? attributeOf(current.M, step) : undefined;
    else current = 'L' in current ? current.L[step] : undefined;
  }
  return current;
}

/** As DynamoDB writes a path in its complaints. */
export function pathText(path: Path): string {
  return `[${path.map((step) => (typeof step === 'string' ? step : `[${step}]`)).join(', ')}]`;
}

/** @throws Refusal when one path leads into another one, or takes for a list what another one takes for a map. */
export function checkDistinct(what: string, paths: readonly Path[]): void {
  for (const [index, one] of paths.entries())
    for (const other of paths.slice(index + 1)) {
      const parts = one.findIndex((step, at) => at >= other.length || step !== other[at]);
      const [a, b] = [one[parts], other[parts]];
      if (parts < 0 || a === undefined || b === undefined) throw together('overlap', what, one, other);
      if (typeof a !== typeof b) throw together('conflict', what, one, other);
    }
}

function together(how: 'overlap' | 'conflict', what: string, one: Path, other: Path): Error {
  return invalid(
    `Invalid ${what}: Two document paths ${how} with each other; must remove or rewrite one of these paths; path one: ${pathText(one)}, path two: ${pathText(other)}`,
  );
}
