import type { Architecture } from '../model/index.ts';

/**
 * The estate that takes the place of another, with the very objects of the old one wherever nothing has changed: whoever wants
 * to know whether somebody has changed a thing compares two references. Where it stands in which file is no part of a thing.
 */
export function withSameParts(before: Architecture, after: Architecture): Architecture {
  const lists = Object.entries(after).map(([kind, list]) => {
    const own = before[kind as keyof Architecture];
    // What the world is not built from is nobody's to compare, and there is much of it.
    return [kind, NOT_BUILT_FROM.has(kind) ? list : withSame(own, list)];
  });
  return Object.fromEntries(lists) as unknown as Architecture;
}

const NOT_BUILT_FROM: ReadonlySet<string> = new Set([
  'stacks',
  'resources',
  'ignores',
] satisfies (keyof Architecture)[]);

function withSame(before: readonly object[], after: readonly object[]): readonly object[] {
  if (before === after) return before;
  const had = new Set(before);
  // Who reads templates again often has the very same parts already.
  const isKnown = after.every((part) => had.has(part));
  const known = isKnown ? undefined : new Map(before.map((part) => [nameOf(part), part]));
  const kept = after.map((part) => {
    const own = had.has(part) ? part : known?.get(nameOf(part));
    return own !== undefined && areSame(own, part) ? own : part;
  });
  return kept.length === before.length && kept.every((part, i) => part === before[i]) ? before : kept;
}

/** What a part is called, whatever it is: the same name in two estates is the same thing. */
export function nameOf(part: object): string {
  const { arn, id, name, region, zoneId, type, policy } = part as Partial<Record<string, unknown>>;
  const set = typeof policy === 'object' && policy !== null && 'setIdentifier' in policy ? policy.setIdentifier : '';
  return [arn, zoneId, id, name, region, zoneId === undefined ? '' : type, set].join('\u0000');
}

/** Deep equality of plain data, but for where it stands. */
function areSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (one instanceof Map && other instanceof Map) return areSame([...one], [...other]);
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, i) => areSame(item, other[i]));
  }
  const keys = keysOf(one);
  if (keys.length !== keysOf(other).length) return false;
  return keys.every((key) =>
    areSame(
      (one as Record<string, unknown>)[key],
      Object.hasOwn(other, key) ? (other as Record<string, unknown>)[key] : NOTHING,
    ),
  );
}

/** Different from any value. */
const NOTHING: unique symbol = Symbol('nothing');

function keysOf(value: object): readonly string[] {
  return Object.keys(value).filter((key) => key !== 'place' && (value as Record<string, unknown>)[key] !== undefined);
}

/** What a deployment has changed, as `a deployment changed 2 record sets and 1 health check`; empty: nothing. */
export function changesInWords(before: Architecture, after: Architecture): string {
  const changed = Object.keys(after).flatMap((kind) => {
    const count = NOT_BUILT_FROM.has(kind) ? 0 : changesOf(before, after, kind as keyof Architecture);
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return changed.length === 0 ? '' : `a deployment changed ${changed.join(', ')}`;
}

function changesOf(before: Architecture, after: Architecture, kind: keyof Architecture): number {
  const [old, now]: readonly (readonly object[])[] = [before[kind], after[kind]];
  if (old === now || old === undefined || now === undefined) return 0;
  const [had, has] = [new Set(old), new Set(now)];
  const came = now.filter((part) => !had.has(part));
  // What has changed has come and gone, and counts once.
  const names = new Set(came.map(nameOf));
  return came.length + old.filter((part) => !has.has(part) && !names.has(nameOf(part))).length;
}
