import { isTakenApart, requiresReplacement } from './replacement.ts';
import type { DesiredResource, PlainValue } from './stack-record.ts';

/** One property, or part of one, that a change set would change. */
export interface PropertyChange {
  /** Name of the property itself. */
  readonly property: string;
  /** As `/Properties/HealthCheckConfig/Type`. */
  readonly path: string;
  readonly requiresRecreation: 'Never' | 'Always';
  /** As text, JSON for what is none; undefined: it was not there. */
  readonly before?: string;
  readonly after?: string;
}

/** What becomes of one resource. */
export type ResourceChange =
  | { readonly action: 'Add'; readonly after: DesiredResource }
  | { readonly action: 'Remove'; readonly before: DesiredResource }
  | {
      readonly action: 'Modify';
      readonly before: DesiredResource;
      readonly after: DesiredResource;
      readonly replaces: boolean;
      readonly details: readonly PropertyChange[];
    };

/**
 * What must happen so that the resources before become those after: first what is added or modified, in the order of creation, then
 * what is removed, in the reverse of it (RS 8.14).
 */
export function compareResources(
  before: readonly DesiredResource[],
  after: readonly DesiredResource[],
): readonly ResourceChange[] {
  const old = new Map(before.map((resource) => [resource.logicalId, resource]));
  const changes: ResourceChange[] = after.flatMap((resource): ResourceChange[] => {
    const earlier = old.get(resource.logicalId);
    if (earlier === undefined) return [{ action: 'Add', after: resource }];
    const change = modification(earlier, resource);
    return change === undefined ? [] : [change];
  });
  const kept = new Set(after.map(({ logicalId }) => logicalId));
  const removed = before.filter(({ logicalId }) => !kept.has(logicalId)).toReversed();
  return [...changes, ...removed.map((resource): ResourceChange => ({ action: 'Remove', before: resource }))];
}

function modification(before: DesiredResource, after: DesiredResource): ResourceChange | undefined {
  const names = [...new Set([...Object.keys(before.properties), ...Object.keys(after.properties)])].toSorted();
  const details = names.flatMap((property) => {
    const [old, now] = [before.properties[property], after.properties[property]];
    return isTakenApart(after.type, property)
      ? partsOf(after.type, property, old, now)
      : propertyChange(after.type, { property, path: [property], before: old, after: now });
  });
  if (details.length === 0) return undefined;
  const replaces = details.some(({ requiresRecreation }) => requiresRecreation === 'Always');
  return { action: 'Modify', before, after, replaces, details };
}

function partsOf(
  type: string,
  property: string,
  before: PlainValue | undefined,
  after: PlainValue | undefined,
): PropertyChange[] {
  const [old, now] = [mapOf(before), mapOf(after)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted();
  return keys.flatMap((key) =>
    propertyChange(type, { property, path: [property, key], before: old[key], after: now[key] }),
  );
}

function propertyChange(
  type: string,
  {
    property,
    path,
    before,
    after,
  }: {
    readonly property: string;
    readonly path: readonly string[];
    readonly before: PlainValue | undefined;
    readonly after: PlainValue | undefined;
  },
): PropertyChange[] {
  const [old, now] = [asText(before), asText(after)];
  if (old === now) return [];
  return [
    {
      property,
      path: `/Properties/${path.join('/')}`,
      requiresRecreation: requiresReplacement(type, path.join('.')) ? 'Always' : 'Never',
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    },
  ];
}

function mapOf(value: PlainValue | undefined): Readonly<Record<string, PlainValue>> {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

/** Values that only differ in the order of their keys are the same. */
function asText(value: PlainValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return JSON.stringify(sorted(value));
}

function sorted(value: PlainValue): PlainValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(sorted);
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}
