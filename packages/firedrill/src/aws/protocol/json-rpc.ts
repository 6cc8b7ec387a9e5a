import type { Codec } from './codec.ts';
import { jsonCodec } from './codec.ts';
import { jsonError } from './json-error.ts';
import { readInput } from './read-input.ts';
import type { ServiceModel } from './service-model.ts';
import type { WireProtocol } from './wire-protocol.ts';

const COMPLAINTS = { malformed: 'SerializationException', missing: 'ValidationException' };

/** AWS JSON: the operation is in `X-Amz-Target`, all else in the body. */
export function jsonRpcProtocol(model: ServiceModel, version: '1.0' | '1.1'): WireProtocol {
  const codec: Codec = jsonCodec(`application/x-amz-json-${version}`, false);
  return {
    asked: ({ headers }) => {
      const target = headers['x-amz-target'];
      const name = target?.slice(target.lastIndexOf('.') + 1);
      return { operation: model.operations.get(name ?? ''), name };
    },
    read: async ({ operation }, { body }) =>
      await readInput(operation, COMPLAINTS, async () =>
        body instanceof Buffer ? await codec.read(operation.input, body) : undefined,
      ),
    write: (operation, output) => ({
      status: 200,
      headers: { 'content-type': codec.contentType },
      body: operation.output.isUnitSchema() ? '{}' : codec.write(operation.output, output),
    }),
    refuse: (refusal, _requestId, { headers }) => {
      const shape = model.errors.get(refusal.code);
      const isCompatible = headers['x-amzn-query-mode'] === 'true';
      const fault = (shape?.status ?? refusal.status) < 500 ? 'Sender' : 'Receiver';
      const queryError = `${shape?.queryCode ?? refusal.code};${fault}`;
      // JSON 1.0 names its shapes with their namespace, 1.1 without.
      const type = version === '1.0' ? `${shape === undefined ? CORAL : model.namespace}#` : '';
      return {
        status: shape?.status ?? refusal.status,
        headers: {
          'content-type': codec.contentType,
          ...(isCompatible ? { 'x-amzn-query-error': queryError } : {}),
        },
        body: jsonError(codec, { refusal, shape, type: `${type}${shape?.name ?? refusal.code}` }),
      };
    },
    unknownOperation: () => ({ code: 'UnknownOperationException', message: '', status: 400, members: {} }),
  };
}

/** Namespace of the errors that every service has. */
export const CORAL = 'com.amazon.coral.service';
