import { Readable } from 'node:stream';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { HttpResponse } from '@smithy/core/protocols';
import { operation as operationSchema } from '@smithy/core/schema';
import { NumericValue } from '@smithy/core/serde';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTestCloud } from './cloud.fixture.ts';
import { openProtocol } from './protocols.ts';
import type { WireAnswer, WireRequest } from './protocol/message.ts';
import type { Operation, ServiceModel } from './protocol/service-model.ts';
import { readServiceModel } from './protocol/service-model.ts';
import { collectBody } from './protocol/open-body.ts';
import type { WireProtocol } from './protocol/wire-protocol.ts';
import type { ProtocolName, Service } from './services.ts';
import { SERVICES } from './services.ts';
import { valuesOf } from './shape-values.fixture.ts';

/*
 * Every operation of every service in every protocol that it speaks: from the client's own serializer through our reader, and
 * from our writer through the client's own deserializer. The clients' protocol classes are asked directly, so that nothing
 * that a client adds on its way stands between.
 */

const RUNS = 2;
const CLOUD = openTestCloud().cloud;

/** A request as the clients' protocols write it. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/** The clients' side of a protocol, as far as it is used here. */
interface Theirs {
  serializeRequest(operation: unknown, input: unknown, context: unknown): Promise<Sent>;
  deserializeResponse(operation: unknown, context: unknown, response: unknown): Promise<Record<string, unknown>>;
}

interface Opened {
  readonly model: ServiceModel;
  readonly schemas: Readonly<Record<string, unknown>>;
  readonly config: {
    readonly protocol: Theirs;
    readonly serviceId: string;
    readonly protocolSettings: {
      readonly serviceTarget: string;
      readonly version: string;
      readonly defaultNamespace: string;
      readonly xmlNamespace?: string;
    };
  };
}

const CHOSEN: Partial<Record<ProtocolName, unknown>> = { query: AwsQueryProtocol, cbor: AwsSmithyRpcV2CborProtocol };

async function open(service: Service, protocol: ProtocolName): Promise<Opened> {
  const { client } = await service.load(CLOUD);
  const name = Object.keys(client).find((key) => key.endsWith('Client') && key !== '__Client');
  const Client = client[name ?? ''] as new (config: unknown) => Pick<Opened, 'config'>;
  const chosen = CHOSEN[protocol] === undefined ? {} : { protocol: CHOSEN[protocol] };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const { config } = new Client({ region: 'eu-west-1', credentials, ...chosen });
  return { model: readServiceModel(client), schemas: client, config };
}

const SPOKEN = SERVICES.flatMap((service) =>
  service.protocols.map((protocol) => ({ service, protocol, id: service.serviceId })),
);

describe.each(SPOKEN)('$id by $protocol', ({ service, protocol }) => {
  test('its registered names are those of its client package', async () => {
    const { config, schemas, model } = await open(service, protocol);
    expect(config.serviceId).toBe(service.serviceId);
    expect(config.protocolSettings).toMatchObject({ serviceTarget: service.target, version: service.apiVersion });
    expect(config.protocolSettings.defaultNamespace).toBe(model.namespace);
    if (service.xmlNamespace !== '') expect(config.protocolSettings.xmlNamespace).toBe(service.xmlNamespace);
    const commands = Object.keys(schemas).filter((name) => /^[A-Z]\w*Command$/.test(name));
    expect(new Set(model.operations.keys())).toEqual(new Set(commands.map((name) => name.replace(/Command$/, ''))));
  });

  test('what clients send is read as they meant it', async () => {
    const { config, model } = await open(service, protocol);
    const ours = openProtocol(protocol, service, model);
    for (const operation of model.operations.values()) await checkRequest(config.protocol, ours, operation);
  });

  test('what is written is read by clients as it was', async () => {
    const { config, model } = await open(service, protocol);
    const ours = openProtocol(protocol, service, model);
    for (const operation of model.operations.values()) await checkAnswer(config.protocol, ours, operation);
  });

  test('errors come to clients by the names of their model', async () => {
    const { config, model } = await open(service, protocol);
    const ours = openProtocol(protocol, service, model);
    const [operation] = model.operations.values();
    for (const { name, queryCode } of model.errors.values()) {
      const refusal = { code: name, message: 'so it is', status: 400, members: {} };
      const answer = ours.refuse(refusal, 'request-1', { method: 'GET', path: '/', query: [], headers: {} });
      const received = config.protocol.deserializeResponse(
        schemaOf(operation),
        contextOf(operation),
        responseOf(answer),
      );
      const error: unknown = await received.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: 'so it is' });
      // Query has one code for several shapes of CloudWatch.
      const namesakes =
        protocol === 'query' ? [...model.errors.values()].filter((shape) => shape.queryCode === queryCode) : [{ name }];
      expect(namesakes.map((shape) => shape.name)).toContain((error as Error).name);
    }
  });
});

/** Sent to hosts of their own, which no request says here. */
const KNOWN_BY_HOST: ReadonlySet<string> = new Set(['ListDirectoryBuckets', 'WriteGetObjectResponse']);

async function checkRequest(theirs: Theirs, ours: WireProtocol, operation: Operation): Promise<void> {
  if (operation.input.isUnitSchema() || hasEvents(operation.input) || KNOWN_BY_HOST.has(operation.name)) return;
  await fc.assert(
    fc.asyncProperty(valuesOf(operation.input), async (input) => {
      const request = requestOf(await theirs.serializeRequest(schemaOf(operation), input, contextOf(operation)), input);
      const asked = ours.asked(request);
      expect(asked.name).toBe(operation.name);
      expect(plainOf(await ours.read({ ...asked, operation }, request))).toEqual(plainOf(input));
    }),
    { numRuns: RUNS, seed: 5 },
  );
}

async function checkAnswer(theirs: Theirs, ours: WireProtocol, operation: Operation): Promise<void> {
  if (operation.output.isUnitSchema() || hasEvents(operation.output)) return;
  await fc.assert(
    fc.asyncProperty(valuesOf(operation.output), async (output) => {
      const answer = ours.write(operation, output as Readonly<Record<string, unknown>>, 'request-1');
      const response = responseOf(answer);
      const { $metadata: _, ...read } = await theirs.deserializeResponse(
        schemaOf(operation),
        contextOf(operation),
        response,
      );
      expect(plainOf(await collected(read)), operation.name).toEqual(plainOf(output));
    }),
    { numRuns: RUNS, seed: 6 },
  );
}

const contextOf = (operation: Operation | undefined): unknown => ({
  __smithy_context: { service: 'Service', operation: operation?.name },
  endpoint: () => Promise.resolve({ protocol: 'https:', hostname: 'aws.test', path: '/' }),
  disableHostPrefix: true,
  streamCollector: collectBody,
});

function hasEvents(schema: Operation['input']): boolean {
  return schema.getEventStreamMember() !== '';
}

function schemaOf(operation: Operation | undefined): unknown {
  if (operation === undefined) throw new Error('the service has operations');
  const { name, input, output, http } = operation;
  const traits = http === undefined ? 0 : { http: [http.method, http.uri, http.status] as [string, string, number] };
  return operationSchema('test', name, traits, input.getSchema() as never, output.getSchema() as never);
}

function requestOf(
  { method, path, query, headers, body }: Sent,
  input: unknown,
): WireRequest & { readonly bucket?: string } {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((text) => [name, String(text)] as const),
  );
  const bucket =
    typeof input === 'object' && input !== null && 'Bucket' in input ? { bucket: String(input.Bucket) } : {};
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  // A type that nobody asked for is the client's own.
  const saysType = typeof input === 'object' && input !== null && ('ContentType' in input || 'contentType' in input);
  const kept = lower.filter(([name]) => saysType || name !== 'content-type');
  return {
    method,
    path,
    query: parameters,
    headers: Object.fromEntries(kept),
    body: Buffer.from(body ?? ''),
    ...bucket,
  };
}

function responseOf({ status, headers, body }: WireAnswer): HttpResponse {
  const sent = body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
  return new HttpResponse({ statusCode: status, headers: { ...headers }, body: sent });
}

/** Streams of the clients as bytes. */
async function collected(value: Record<string, unknown>): Promise<Record<string, unknown>> {
  const entries = Object.entries(value).map(async ([name, inner]) => [
    name,
    inner instanceof Readable ? new Uint8Array(await collectBody(inner)) : inner,
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, unknown>;
}

/** Without what is undefined or an empty structure, which not every protocol can say; bytes and numbers as text: classes differ, what they say does not. */
function plainOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (value instanceof NumericValue) return `decimal ${value.string}`;
  if (value instanceof Date || value === null || typeof value !== 'object') return value;
  if (value instanceof String) return value.toString();
  if (Array.isArray(value)) return value.map(plainOf);
  const entries = Object.entries(value).map(([name, inner]) => [name, plainOf(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isNothing(inner)));
}

function isNothing(value: unknown): boolean {
  const isStructure = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
  return value === undefined || (isStructure && Object.keys(value).length === 0);
}
