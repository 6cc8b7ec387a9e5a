import type { Distribution, Origin } from '../../model/index.ts';
import type { Header, Headers } from '../conversation.ts';
import { signatureHeader } from '../origin-signature.ts';

/** How an origin is shown who asks (CF 6.5). */
export interface OriginSigning {
  readonly header: Header;
  /** A viewer's own Authorization goes before it. */
  readonly yieldsToViewer: boolean;
}

/** The signature that an origin access control or identity gives; undefined: none. */
export function signingOf(
  { domainName, accessControl, accessIdentity }: Origin,
  { id, account }: Distribution,
): OriginSigning | undefined {
  // Where the name says none, CloudFront knows the bucket's Region (CF 6.9).
  const region = /\.s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/.exec(domainName)?.[1] ?? '';
  if (accessControl !== undefined) {
    if (accessControl.signing === 'never') return undefined;
    const arn = `arn:aws:cloudfront::${account ?? '123456789012'}:distribution/${id}`;
    const header = signatureHeader({ by: { kind: 'distribution', id: arn }, region });
    return { header, yieldsToViewer: accessControl.signing === 'no-override' };
  }
  if (accessIdentity === undefined) return undefined;
  return { header: signatureHeader({ by: { kind: 'identity', id: accessIdentity }, region }), yieldsToViewer: false };
}

/** Headers with the signature; a viewer's Authorization is overwritten unless the origin's control yields to it (CF 6.5). */
export function signed(headers: Headers, { header, yieldsToViewer }: OriginSigning): Headers {
  const isTheViewers = ([name]: Header): boolean => name.toLowerCase() === 'authorization';
  if (yieldsToViewer && headers.some(isTheViewers)) return headers;
  return [...headers.filter((each) => !isTheViewers(each)), header];
}

/** S3's certificate covers one label; CloudFront takes it for buckets with dots in their names too. */
export function verifiedNames({ kind, domainName }: Origin): readonly string[] {
  const endpoint = kind === 's3' ? /\.(s3[.-].*)$/.exec(domainName)?.[1] : undefined;
  return endpoint === undefined ? [domainName] : [domainName, endpoint];
}
