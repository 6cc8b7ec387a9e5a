import type { Architecture } from '../model/index.ts';

/**
 * A value of an architecture that is worked out once, however many rules ask for it: an estate of thousands of
 * records is walked once for each question and not once for each record.
 */
export function onceFor<T extends object>(
  compute: (architecture: Architecture) => T,
): (architecture: Architecture) => T {
  const known = new WeakMap<Architecture, T>();
  return (architecture) => {
    const found = known.get(architecture);
    if (found !== undefined) return found;
    const value = compute(architecture);
    known.set(architecture, value);
    return value;
  };
}

/** Values by a key of theirs, in their order. */
export function groupedBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}
