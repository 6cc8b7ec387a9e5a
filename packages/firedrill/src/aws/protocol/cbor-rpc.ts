import { cborCodec } from './codec.ts';
import { jsonError } from './json-error.ts';
import { CORAL } from './json-rpc.ts';
import { readInput } from './read-input.ts';
import type { ServiceModel } from './service-model.ts';
import type { WireProtocol } from './wire-protocol.ts';

const COMPLAINTS = { malformed: 'SerializationException', missing: 'ValidationException' };
const MARK = { 'smithy-protocol': 'rpc-v2-cbor' };

/** RPC v2 with CBOR: `POST /service/SERVICE/operation/OPERATION`. */
export function cborRpcProtocol(model: ServiceModel): WireProtocol {
  const codec = cborCodec();
  return {
    asked: ({ path }) => {
      const name = /\/operation\/([^/]+)\/?$/.exec(path)?.[1];
      return { operation: model.operations.get(name ?? ''), name };
    },
    read: async ({ operation }, { body }) =>
      await readInput(operation, COMPLAINTS, async () =>
        body instanceof Buffer ? await codec.read(operation.input, body) : undefined,
      ),
    write: (operation, output) =>
      operation.output.isUnitSchema()
        ? { status: 200, headers: MARK, body: '' }
        : {
            status: 200,
            headers: { 'content-type': codec.contentType, ...MARK },
            body: codec.write(operation.output, output),
          },
    refuse: (refusal) => {
      const shape = model.errors.get(refusal.code);
      const type = `${shape === undefined ? CORAL : model.namespace}#${shape?.name ?? refusal.code}`;
      return {
        status: shape?.status ?? refusal.status,
        headers: { 'content-type': codec.contentType, ...MARK },
        body: jsonError(codec, { refusal, shape, type }),
      };
    },
    unknownOperation: () => ({ code: 'UnknownOperationException', message: '', status: 404, members: {} }),
  };
}
