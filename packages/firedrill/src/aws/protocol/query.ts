import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import { xmlCodec } from './codec.ts';
import type { Codec } from './codec.ts';
import type { WireRequest } from './message.ts';
import { queryValue } from './message.ts';
import { readForm } from './query-form.ts';
import { readInput } from './read-input.ts';
import type { Operation, ServiceModel } from './service-model.ts';
import type { WireProtocol } from './wire-protocol.ts';
import { errorDocument } from './xml-error.ts';

const SIMPLE_TEXT = 0;
const COMPLAINTS = { malformed: 'MalformedInput', missing: 'ValidationError' };

/** The Query protocol: a form with `Action` comes, XML goes. */
export function queryProtocol(model: ServiceModel, xmlNamespace: string): WireProtocol {
  const codec = xmlCodec(xmlNamespace, false);
  return {
    asked: (request) => {
      const name = queryValue(request, 'Action') ?? formOf(request.body)?.get('Action') ?? undefined;
      return { operation: model.operations.get(name ?? ''), name };
    },
    read: async ({ operation }, request) =>
      await readInput(operation, COMPLAINTS, () => Promise.resolve(readForm(operation.input, parametersOf(request)))),
    write: (operation, output, requestId) => ({
      status: 200,
      headers: { 'content-type': codec.contentType },
      body: responseDocument(codec, operation, output, requestId),
    }),
    refuse: (refusal, requestId) => {
      const shape = model.errors.get(refusal.code);
      return {
        status: shape?.queryStatus ?? refusal.status,
        headers: { 'content-type': codec.contentType },
        body: errorDocument(codec, { refusal, shape, code: shape?.queryCode ?? refusal.code, requestId }),
      };
    },
    unknownOperation: ({ name }) => ({
      code: name === undefined ? 'MissingAction' : 'InvalidAction',
      message:
        name === undefined
          ? 'The request must contain the parameter Action.'
          : `Could not find operation ${name.slice(0, NAME_MAX)} for this version.`,
      status: 400,
      members: {},
    }),
  };
}

/** Whoever asks may send a name of any length. */
const NAME_MAX = 100;

function formOf(body: WireRequest['body'] | undefined): URLSearchParams | undefined {
  return body instanceof Buffer ? new URLSearchParams(body.toString('utf8')) : undefined;
}

function* parametersOf(request: WireRequest): Generator<readonly [string, string]> {
  yield* request.query;
  yield* formOf(request.body) ?? [];
}

/** `<XResponse><XResult>…</XResult><ResponseMetadata>…`; an operation without output has no result. */
function responseDocument(
  codec: Codec,
  operation: Operation,
  output: Readonly<Record<string, unknown>>,
  requestId: string,
): string | Uint8Array {
  const metadata: StaticStructureSchema = [3, '', 'ResponseMetadata', 0, ['RequestId'], [SIMPLE_TEXT]];
  const result = operation.output.isUnitSchema() ? [] : [operation.output.getSchema() as StaticStructureSchema];
  const names = [...result.map(() => `${operation.name}Result`), 'ResponseMetadata'];
  const document: StaticStructureSchema = [3, '', `${operation.name}Response`, 0, names, [...result, metadata]];
  const value = { [`${operation.name}Result`]: output, ResponseMetadata: { RequestId: requestId } };
  return codec.write(NormalizedSchema.of(document), value);
}
