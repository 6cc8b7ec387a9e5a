import type { AttributeValue, Item } from './attribute-value.ts';
import { attributeOf, itemOf } from './attribute-value.ts';
import type { Path } from './paths.ts';

/** What of an item lies at some paths; elements of a list move together. */
export function project(item: Item, paths: readonly Path[]): Item {
  return itemOf(entriesAt(item, paths));
}

function entriesAt(item: Item, paths: readonly Path[]): (readonly [string, AttributeValue])[] {
  const names = [...new Set(paths.map(([name]) => name))];
  return names.flatMap((name) => {
    if (typeof name !== 'string') return [];
    const found = attributeOf(item, name);
    const shown = found === undefined ? undefined : within(found, restsBelow(paths, name));
    return shown === undefined ? [] : [[name, shown] as const];
  });
}

function restsBelow(paths: readonly Path[], step: string | number): readonly Path[] {
  return paths.filter(([first]) => first === step).map((path) => path.slice(1));
}

function within(value: AttributeValue, rests: readonly Path[]): AttributeValue | undefined {
  if (rests.some((rest) => rest.length === 0)) return value;
  if ('M' in value) {
    const entries = entriesAt(value.M, rests);
    return entries.length === 0 ? undefined : { M: itemOf(entries) };
  }
  if (!('L' in value)) return undefined;
  const places = [...new Set(rests.map(([place]) => place))].filter((place) => typeof place === 'number');
  const items = places
    .toSorted((a, b) => a - b)
    .flatMap((place) => {
      const found = value.L[place];
      const shown = found === undefined ? undefined : within(found, restsBelow(rests, place));
      return shown === undefined ? [] : [shown];
    });
  return items.length === 0 ? undefined : { L: items };
}
