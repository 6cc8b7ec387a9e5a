import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { bodySchema } from './body-schema.ts';
import type { Codec } from './codec.ts';
import { ISO_TIME } from './codec.ts';
import type { WireRequest } from './message.ts';
import type { Operation } from './service-model.ts';

const texts = new FromStringShapeDeserializer({
  timestampFormat: { useTrait: true, default: ISO_TIME },
  httpBindings: true,
});

/**
 * Reads an input whose members are spread over path, query, headers and body.
 * @param labels - parts of the path, encoded.
 */
export async function readRest(
  { input: schema, http }: Operation,
  labels: Readonly<Record<string, string>>,
  request: WireRequest,
  codec: Codec,
): Promise<unknown> {
  const marks = (http?.uri.split('?')[1] ?? '').split('&').map((mark) => mark.split('=')[0] ?? '');
  if (schema.isUnitSchema()) return {};
  const value: Record<string, unknown> = {};
  const known = knownParameters(schema, marks);
  const others = { ...request, query: request.query.filter(([name]) => !known.has(name)) };
  for (const [name, member] of schema.structIterator()) {
    const takesAll = Boolean(member.getMergedTraits().httpQueryParams);
    const read = readBound(name, member, labels, takesAll ? others : request);
    if (read !== undefined) value[name] = read;
  }
  const payload = [...schema.structIterator()].find(([, member]) => member.getMergedTraits().httpPayload);
  if (payload !== undefined) {
    const [name, member] = payload;
    const read = await readPayload(member, request.body, codec);
    return read === undefined ? value : { ...value, [name]: read };
  }
  const body = bodySchema(schema, 'request');
  if (body === undefined || !(request.body instanceof Buffer) || request.body.length === 0) return value;
  const read = await codec.read(body, request.body);
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read, ...value } : read;
}

/** Parameters with a meaning of their own; what takes all parameters gets the others. */
function knownParameters(schema: NormalizedSchema, marks: readonly string[]): ReadonlySet<string> {
  const bound = [...schema.structIterator()].flatMap(([, member]) => member.getMergedTraits().httpQuery ?? []);
  return new Set([...marks, ...bound]);
}

function readBound(
  name: string,
  member: NormalizedSchema,
  labels: Readonly<Record<string, string>>,
  { headers, query }: WireRequest,
): unknown {
  const traits = member.getMergedTraits();
  if (traits.httpLabel) return fromLabel(member, labels[name]);
  if (traits.httpHeader !== undefined) {
    const header = headers[traits.httpHeader.toLowerCase()];
    return header === undefined ? undefined : (texts.read(member, header) as unknown);
  }
  if (traits.httpQuery !== undefined) return fromQuery(member, traits.httpQuery, query);
  if (traits.httpPrefixHeaders !== undefined) return withPrefix(traits.httpPrefixHeaders.toLowerCase(), headers);
  return traits.httpQueryParams ? allParameters(member, query) : undefined;
}

function fromLabel(member: NormalizedSchema, label: string | undefined): unknown {
  return label === undefined ? undefined : (texts.read(member, decodeURIComponent(label)) as unknown);
}

function fromQuery(member: NormalizedSchema, parameter: string, query: WireRequest['query']): unknown {
  const found = query.filter(([name]) => name === parameter).map(([, value]) => value);
  const [first] = found;
  if (first === undefined) return undefined;
  if (!member.isListSchema()) return texts.read(member, first) as unknown;
  const item = member.getValueSchema();
  return found.map((text) => texts.read(item, text) as unknown);
}

function allParameters(member: NormalizedSchema, query: WireRequest['query']): unknown {
  const isOfLists = member.getValueSchema().isListSchema();
  const values = new Map<string, string[]>();
  for (const [name, value] of query) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, isOfLists ? all : all[0]]));
}

function withPrefix(prefix: string, headers: WireRequest['headers']): unknown {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, text]) => [name.slice(prefix.length), text]));
}

async function readPayload(member: NormalizedSchema, body: WireRequest['body'], codec: Codec): Promise<unknown> {
  if (!(body instanceof Buffer)) return body;
  if (member.isStreaming()) return body;
  if (body.length === 0) return undefined;
  if (member.isBlobSchema()) return new Uint8Array(body);
  if (member.isStringSchema()) return body.toString('utf8');
  return await codec.read(member, body);
}
