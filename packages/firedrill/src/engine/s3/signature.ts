import type { Arrival } from '../conversation.ts';
import { originSignatureOf } from '../origin-signature.ts';
import type { Caller } from './access.ts';
import type { S3Surroundings } from './answers.ts';

/** Who has signed a request, and for which Region; undefined: nobody has. */
export function signerOf(arrival: Arrival):
  | {
      readonly region: string;
      caller(around: S3Surroundings): Caller;
    }
  | undefined {
  const signature = originSignatureOf(arrival);
  if (signature === undefined) return undefined;
  const { by, region } = signature;
  return {
    region,
    caller(around) {
      if (by.kind === 'distribution') return { kind: 'cloudfront', sourceArn: by.id };
      const identity = around.identityOf(by.id);
      return identity === undefined ? { kind: 'anonymous' } : { kind: 'identity', identity };
    },
  };
}
