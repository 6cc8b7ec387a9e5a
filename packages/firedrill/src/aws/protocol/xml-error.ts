import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import type { Codec } from './codec.ts';
import type { Refusal } from './message.ts';
import type { ErrorShape } from './service-model.ts';

const SIMPLE_TEXT = 0;

interface XmlError {
  readonly refusal: Refusal;
  readonly shape: ErrorShape | undefined;
  /** Code on the wire. */
  readonly code: string;
  readonly requestId: string;
}

/** `<ErrorResponse><Error><Type/><Code/><Message/>…</Error><RequestId/></ErrorResponse>`, of Query and of REST. */
export function errorDocument(codec: Codec, { refusal, shape, code, requestId }: XmlError): string | Uint8Array {
  const further = furtherMembers(shape, ['Type', 'Code', 'Message']);
  const error: StaticStructureSchema = [
    3,
    '',
    'Error',
    0,
    ['Type', 'Code', 'Message', ...further.keys()],
    [SIMPLE_TEXT, SIMPLE_TEXT, SIMPLE_TEXT, ...further.values()],
  ];
  const document: StaticStructureSchema = [3, '', 'ErrorResponse', 0, ['Error', 'RequestId'], [error, SIMPLE_TEXT]];
  const type = (shape?.status ?? refusal.status) < 500 ? 'Sender' : 'Receiver';
  return codec.write(NormalizedSchema.of(document), {
    Error: { ...refusal.members, Type: type, Code: code, Message: refusal.message },
    RequestId: requestId,
  });
}

/** The form of S3: `<Error>` alone, without namespace, with what the request was about. */
export function bareErrorDocument(codec: Codec, { refusal, shape, code, requestId }: XmlError): string | Uint8Array {
  const known = furtherMembers(shape, ['Code', 'Message']);
  // S3 says more than its model tells of.
  const told = Object.keys(refusal.members).filter((name) => !known.has(name));
  const document: StaticStructureSchema = [
    3,
    '',
    'Error',
    0,
    ['Code', 'Message', ...known.keys(), ...told, 'RequestId', 'HostId'],
    [SIMPLE_TEXT, SIMPLE_TEXT, ...known.values(), ...told.map(() => SIMPLE_TEXT), SIMPLE_TEXT, SIMPLE_TEXT],
  ];
  const value = { ...refusal.members, Code: code, Message: refusal.message, RequestId: requestId, HostId: requestId };
  return codec.write(NormalizedSchema.of(document), value);
}

function furtherMembers(
  shape: ErrorShape | undefined,
  but: readonly string[],
): ReadonlyMap<string, NormalizedSchema['ref']> {
  const members = Object.entries(shape?.schema.getMemberSchemas() ?? {});
  return new Map(
    members.filter(([name]) => name !== 'message' && !but.includes(name)).map(([name, member]) => [name, member.ref]),
  );
}
