import type { Arrival, Header } from './conversation.ts';
import { headerOf } from './headers.ts';

/*
 * How a request says in this world that CloudFront has signed it: the shape of AWS's own header, without cryptography. Only
 * edge locations are believed, so nobody else gains by writing one.
 */

/** Who signs, and for which Region; an empty one follows the bucket. */
export interface OriginSignature {
  /** ARN of the distribution, for an origin access control; id of the identity, for one of those. */
  readonly by: { readonly kind: 'distribution' | 'identity'; readonly id: string };
  readonly region: string;
}

const FORM = /^AWS4-HMAC-SHA256 Credential=(distribution|identity)\/(.+)\/([a-z0-9-]*)\/s3\/aws4_request$/;

/** The header that carries it. */
export function signatureHeader({ by, region }: OriginSignature): Header {
  return ['Authorization', `AWS4-HMAC-SHA256 Credential=${by.kind}/${by.id}/${region}/s3/aws4_request`];
}

/** The signature of a request that an edge location has sent; undefined: it is anonymous. */
export function originSignatureOf({ from, request }: Arrival): OriginSignature | undefined {
  if (!from.name.startsWith('edge:')) return undefined;
  const [, kind, id, region] = FORM.exec(headerOf(request.headers, 'authorization') ?? '') ?? [];
  if ((kind !== 'distribution' && kind !== 'identity') || id === undefined || region === undefined) return undefined;
  return { by: { kind, id }, region };
}
