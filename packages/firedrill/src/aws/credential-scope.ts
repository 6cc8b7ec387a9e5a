import type { WireHead } from './protocol/message.ts';
import { queryValue } from './protocol/message.ts';
import { readQuerySignature } from './signature-v2.ts';

/** What a signature of version 4 says before it is verified. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** As `20261121`. */
  readonly date: string;
  /** Empty in signatures for several Regions at once, which name them in a header. */
  readonly region: string;
  /** Signing name of the service. */
  readonly service: string;
  readonly isPresigned: boolean;
}

/** Scope of the signature in the Authorization header or, of a presigned request, in the query; undefined: it has none. */
export function credentialScope(head: WireHead): CredentialScope | undefined {
  const authorization = head.headers['authorization'];
  const credential = /^AWS4-[\w-]+ .*?Credential=([^,\s]+)/.exec(authorization ?? '')?.[1];
  const presigned = queryValue(head, 'X-Amz-Credential');
  const parts = (credential ?? presigned)?.split('/');
  if (parts === undefined) return olderScope(head);
  // An access key may hold slashes where somebody made it up; the scope is what stands at the end.
  const isRegional = parts.length >= 5;
  const [date = '', region = '', service = ''] = isRegional ? parts.slice(-4, -1) : withoutRegion(parts);
  const accessKeyId = parts.slice(0, isRegional ? -4 : -3).join('/');
  return { accessKeyId, date, region, service, isPresigned: credential === undefined };
}

/** Of a presigned request of version 2, which S3 alone still takes; it says no Region. */
function olderScope(head: WireHead): CredentialScope | undefined {
  const signature = readQuerySignature(head);
  if (signature === undefined) return undefined;
  return { accessKeyId: signature.accessKeyId, date: '', region: '', service: 's3', isPresigned: true };
}

/** `KEY/DATE/SERVICE/aws4_request`, of SigV4A. */
function withoutRegion(parts: readonly string[]): readonly string[] {
  const [date = '', service = ''] = parts.slice(-3, -1);
  return [date, '', service];
}
