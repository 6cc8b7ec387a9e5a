import { NormalizedSchema } from '@smithy/core/schema';
import type { StaticStructureSchema } from '@smithy/types';
import type { Codec } from './codec.ts';
import type { Refusal } from './message.ts';
import type { ErrorShape } from './service-model.ts';

const SIMPLE_TEXT = 0;

/** The body of an error in JSON or CBOR: `__type` where the protocol has it, the message by the name that the model gives it. */
export function jsonError(
  codec: Codec,
  error: { readonly refusal: Refusal; readonly shape: ErrorShape | undefined; readonly type?: string },
): string | Uint8Array {
  const { refusal, shape, type } = error;
  const members = shape?.schema.getMemberSchemas() ?? {};
  const message = Object.keys(members).find((name) => name.toLowerCase() === 'message') ?? 'message';
  const further = Object.entries(members).filter(([name]) => name !== message);
  const heading: readonly string[] = type === undefined ? [message] : ['__type', message];
  const body: StaticStructureSchema = [
    3,
    '',
    'Error',
    0,
    [...heading, ...further.map(([name]) => name)],
    [...heading.map(() => SIMPLE_TEXT), ...further.map(([, member]) => member.ref)],
  ];
  return codec.write(NormalizedSchema.of(body), { ...refusal.members, __type: type, [message]: refusal.message });
}
