import type { StaticStructureSchema } from '@smithy/types';
import type { NormalizedSchema } from '@smithy/core/schema';
import { NumericValue } from '@smithy/core/serde';
import fc from 'fast-check';

/** Structures deeper than this get their required members only; some shapes hold themselves. */
const DEPTH = 3;

const text = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 &<>'"é€+%./_-]{0,20}[A-Za-z0-9é]$/u);
/** What stands in a path, a header or the name of a parameter. */
const plain = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);
const moment = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 });

/** Values of a shape, as a client would send them or a service answer them. */
export function valuesOf(schema: NormalizedSchema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.isUnionSchema()) return unionOf(schema, depth);
  if (schema.isStructSchema()) return structOf(schema, depth);
  if (schema.isListSchema()) return listOf(schema, depth);
  if (schema.isMapSchema()) {
    const names =
      schema.getMergedTraits().httpPrefixHeaders === undefined ? plain : plain.map((name) => name.toLowerCase());
    return fc.dictionary(names, valuesOf(schema.getValueSchema(), depth + 1), {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    });
  }
  return simpleOf(schema);
}

function simpleOf(schema: NormalizedSchema): fc.Arbitrary<unknown> {
  const traits = schema.getMergedTraits();
  if (schema.isDocumentSchema()) return fc.constant({ a: 'b' });
  if (schema.isBlobSchema() || schema.isStreaming()) return bytes;
  if (schema.isTimestampSchema()) return moment;
  if (schema.isStringSchema()) {
    const isBound = Boolean(traits.httpLabel) || (traits.httpHeader ?? traits.httpQuery) !== undefined;
    if (traits.mediaType !== undefined) return fc.constant('{}');
    return isBound || Boolean(traits.xmlAttribute) ? plain : text;
  }
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isBigIntegerSchema()) return fc.bigInt({ min: 0n, max: 1n << 60n });
  if (schema.isBigDecimalSchema()) return fc.constant(new NumericValue('1.5', 'bigDecimal'));
  return fc.integer({ min: 100, max: 599 });
}

function listOf(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  const { httpHeader, httpQuery } = schema.getMergedTraits();
  const member = schema.getValueSchema();
  const isBound = (httpHeader ?? httpQuery) !== undefined && member.isStringSchema();
  return fc.array(isBound ? plain : valuesOf(member, depth + 1), { minLength: 1, maxLength: 2 });
}

function unionOf(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.getMemberSchemas());
  // Deep down a simple member is taken, else one that does not hold the union itself in a list.
  const simple = members.filter(([, member]) => isLeaf(member));
  const single = members.filter(([, member]) => member.isStructSchema() && member.getName() !== schema.getName());
  const deep = simple.length > 0 ? simple : single;
  const usable = depth >= DEPTH && deep.length > 0 ? deep : members;
  return fc.oneof(...usable.map(([name, member]) => valuesOf(member, depth + 1).map((value) => ({ [name]: value }))));
}

function structOf(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  const [, , , , names, , required = 0] = schema.getSchema() as StaticStructureSchema;
  const members = [...schema.structIterator()];
  const must = new Set(names.slice(0, required));
  const isNeeded = (name: string, member: NormalizedSchema): boolean =>
    must.has(name) ||
    member.isIdempotencyToken() ||
    Boolean(member.getMergedTraits().httpLabel) ||
    Boolean(member.getMergedTraits().httpPayload);
  const simple = members.filter(([name, member]) => isNeeded(name, member) || isLeaf(member));
  const used = depth >= DEPTH && (simple.length > 0 || depth > 2 * DEPTH) ? simple : members;
  const needed = used.filter(([name, member]) => isNeeded(name, member)).map(([name]) => name);
  const record = fc.record(Object.fromEntries(used.map(([name, member]) => [name, valuesOf(member, depth + 1)])), {
    requiredKeys: needed,
    noNullPrototype: true,
  });
  // A form of Query has no way to say that a structure is there and empty.
  return depth === 0 || used.length === 0 ? record : record.filter((value) => Object.keys(value).length > 0);
}

function isLeaf(member: NormalizedSchema): boolean {
  return !member.isStructSchema() && !member.isListSchema() && !member.isMapSchema() && !member.isDocumentSchema();
}
