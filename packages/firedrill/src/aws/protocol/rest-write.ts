import { ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import { bodySchema } from './body-schema.ts';
import type { Codec } from './codec.ts';
import { ISO_TIME } from './codec.ts';
import type { WireAnswer } from './message.ts';
import type { Operation } from './service-model.ts';

const texts = new ToStringShapeSerializer({
  timestampFormat: { useTrait: true, default: ISO_TIME },
  httpBindings: true,
});

/** Spreads an output over status, headers and body. */
export function writeRest(
  { http, output: schema }: Operation,
  output: Readonly<Record<string, unknown>>,
  codec: Codec,
): WireAnswer {
  if (schema.isUnitSchema()) return { status: http?.status ?? 200, headers: {}, body: '' };
  const headers: Record<string, string> = {};
  let status = http?.status ?? 200;
  for (const [name, member] of schema.structIterator()) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    const traits = member.getMergedTraits();
    if (traits.httpResponseCode && typeof value === 'number') status = value;
    if (traits.httpHeader !== undefined) headers[traits.httpHeader.toLowerCase()] = textOf(member, value);
    if (traits.httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value as Readonly<Record<string, string>>)) {
        headers[`${traits.httpPrefixHeaders.toLowerCase()}${key}`] = text;
      }
    }
  }
  const { contentType, body } = bodyOf(schema, output, codec);
  const type = contentType === undefined || saysItsType(schema) ? {} : { 'content-type': contentType };
  return { status, headers: { ...type, ...headers }, body };
}

/** Whether the output itself says of what type its payload is. */
function saysItsType(schema: NormalizedSchema): boolean {
  return [...schema.structIterator()].some(
    ([, member]) => member.getMergedTraits().httpHeader?.toLowerCase() === 'content-type',
  );
}

function textOf(member: NormalizedSchema, value: unknown): string {
  texts.write(member, value);
  return texts.flush();
}

interface Body {
  readonly contentType?: string;
  readonly body: WireAnswer['body'];
}

function bodyOf(schema: NormalizedSchema, output: Readonly<Record<string, unknown>>, codec: Codec): Body {
  const payload = [...schema.structIterator()].find(([, member]) => member.getMergedTraits().httpPayload);
  if (payload === undefined) {
    const body = bodySchema(schema, 'response');
    if (body === undefined) return { body: '' };
    const text = unwrapped(body, output, codec) ?? codec.write(body, output);
    return { contentType: codec.contentType, body: text };
  }
  const [name, member] = payload;
  const value = output[name];
  if (value === undefined || value === null) return { body: '' };
  if (member.isBlobSchema() || member.isStreaming()) {
    return { contentType: 'application/octet-stream', body: value as WireAnswer['body'] };
  }
  if (member.isStringSchema()) return { contentType: 'text/plain', body: String(value as string) };
  return { contentType: codec.contentType, body: codec.write(member, value) };
}

/** `<LocationConstraint>eu-west-1</LocationConstraint>`: a document of S3 that is its only member. */
function unwrapped(
  schema: NormalizedSchema,
  output: Readonly<Record<string, unknown>>,
  codec: Codec,
): string | undefined {
  const root = schema.getMergedTraits().xmlName;
  const members = Object.keys(schema.getMemberSchemas());
  const isItsMember = root !== undefined && members.length === 1 && members[0] === root;
  if (!isItsMember || !schema.getMemberSchema(root).isStringSchema()) return undefined;
  const document = String(codec.write(schema, output));
  return document.replace(`<${root}>`, '').replace(new RegExp(`</${root}>(?=</${root}>)`), '');
}

/** Whether the operation's input, or its output, is taken as it comes. */
export function isStreamed(schema: NormalizedSchema): boolean {
  if (schema.isUnitSchema()) return false;
  const raw = schema.getSchema() as StaticStructureSchema;
  return raw[4].some((name) => {
    const member = schema.getMemberSchema(name);
    return Boolean(member.getMergedTraits().httpPayload) && member.isStreaming();
  });
}
