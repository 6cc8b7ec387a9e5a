import type { StaticStructureSchema } from '@smithy/types';
import { Readable } from 'node:stream';
import type { NormalizedSchema } from '@smithy/core/schema';
import { NumericValue } from '@smithy/core/serde';

/** What is wrong with a value that should have a certain shape. */
export interface ShapeFlaw {
  readonly kind: 'missing' | 'wrong-kind' | 'unknown';
  /** As `distributionConfig.origins.1.id`, in the words of AWS's own complaints. */
  readonly path: string;
  /** What it should have been, as `String`. */
  readonly expected: string;
}

/** Values nested deeper are not AWS's: no shape of its models needs more. */
const DEPTH_MAX = 64;

/** The first thing that is wrong, members in the order of the model; undefined when all is well. */
export function shapeFlaw(
  schema: NormalizedSchema,
  value: unknown,
  path: readonly string[] = [],
): ShapeFlaw | undefined {
  if (path.length > DEPTH_MAX) return flaw('wrong-kind', path, 'something less deep');
  if (schema.isUnitSchema() || schema.isDocumentSchema()) return undefined;
  if (schema.isStructSchema()) return structFlaw(schema, value, path);
  if (schema.isListSchema()) return listFlaw(schema, value, path);
  if (schema.isMapSchema()) return mapFlaw(schema, value, path);
  const expected = KINDS.find(([isKind]) => isKind(schema));
  if (expected === undefined || expected[2](value)) return undefined;
  return flaw('wrong-kind', path, expected[1]);
}

type Kind = readonly [is: (schema: NormalizedSchema) => boolean, name: string, fits: (value: unknown) => boolean];

const KINDS: readonly Kind[] = [
  [(schema) => schema.isStreaming(), 'Blob', (value) => isBlob(value) || value instanceof Readable],
  [(schema) => schema.isBlobSchema(), 'Blob', isBlob],
  [(schema) => schema.isTimestampSchema(), 'Timestamp', isDate],
  // Media of JSON come as strings with a method more.
  [(schema) => schema.isStringSchema(), 'String', (value) => typeof value === 'string' || value instanceof String],
  [(schema) => schema.isBooleanSchema(), 'Boolean', (value) => typeof value === 'boolean'],
  [(schema) => schema.isBigIntegerSchema(), 'Integer', (value) => typeof value === 'bigint'],
  [(schema) => schema.isBigDecimalSchema(), 'Decimal', (value) => value instanceof NumericValue],
  [(schema) => schema.isNumericSchema(), 'Number', (value) => typeof value === 'number' && !Number.isNaN(value)],
];

function isBlob(value: unknown): boolean {
  return value instanceof Uint8Array || typeof value === 'string';
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function structFlaw(schema: NormalizedSchema, value: unknown, path: readonly string[]): ShapeFlaw | undefined {
  if (!isRecord(value)) return flaw('wrong-kind', path, 'Structure');
  const required = requiredMembers(schema);
  for (const [name, member] of schema.structIterator()) {
    const inner = value[name];
    const below = [...path, lowerFirst(name)];
    if (inner === undefined || inner === null) {
      if (required.has(name) && !member.isIdempotencyToken()) return flaw('missing', below, '');
      continue;
    }
    const found = shapeFlaw(member, inner, below);
    if (found !== undefined) return found;
  }
  const members = schema.getMemberSchemas();
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name) && name !== '$unknown');
  return unknown === undefined ? undefined : flaw('unknown', [...path, unknown], '');
}

function listFlaw(schema: NormalizedSchema, value: unknown, path: readonly string[]): ShapeFlaw | undefined {
  if (!Array.isArray(value)) return flaw('wrong-kind', path, 'List');
  const member = schema.getValueSchema();
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    if (item === null && isSparse(schema)) continue;
    const found = shapeFlaw(member, item, [...path, String(index + 1), 'member']);
    if (found !== undefined) return found;
  }
  return undefined;
}

function mapFlaw(schema: NormalizedSchema, value: unknown, path: readonly string[]): ShapeFlaw | undefined {
  if (!isRecord(value)) return flaw('wrong-kind', path, 'Map');
  const member = schema.getValueSchema();
  for (const [key, item] of Object.entries(value)) {
    if (item === null && isSparse(schema)) continue;
    const found = shapeFlaw(member, item, [...path, key, 'member']);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names of members that must be there; the model lists them first. */
export function requiredMembers(schema: NormalizedSchema): ReadonlySet<string> {
  const [, , , , names, , count = 0] = schema.getSchema() as StaticStructureSchema;
  return new Set(names.slice(0, count));
}

function isSparse(schema: NormalizedSchema): boolean {
  return schema.getMergedTraits().sparse !== undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flaw(kind: ShapeFlaw['kind'], path: readonly string[], expected: string): ShapeFlaw {
  return { kind, path: path.join('.'), expected };
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
