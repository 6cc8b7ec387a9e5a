import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WireHead } from './protocol/message.ts';
import { queryValue } from './protocol/message.ts';

/** What a presigned request of S3's older kind says: some clients still make these by themselves. */
export interface QuerySignature {
  readonly accessKeyId: string;
  /** Until when it may be used, in seconds since 1970. */
  readonly expires: number;
  /** In base64. */
  readonly value: string;
}

/** Parameters that are part of what is signed. */
const SIGNED_PARAMETERS: ReadonlySet<string> = new Set(
  [
    'acl cors delete lifecycle location logging notification partNumber policy replication requestPayment restore',
    'tagging torrent uploadId uploads versionId versioning versions website response-cache-control',
    'response-content-disposition response-content-encoding response-content-language response-content-type response-expires',
  ].flatMap((line) => line.split(' ')),
);

/** Reads `AWSAccessKeyId`, `Expires` and `Signature`; undefined when the query has them not. */
export function readQuerySignature(head: WireHead): QuerySignature | undefined {
  const accessKeyId = queryValue(head, 'AWSAccessKeyId');
  const value = queryValue(head, 'Signature');
  if (accessKeyId === undefined || value === undefined) return undefined;
  return { accessKeyId, expires: Number(queryValue(head, 'Expires') ?? Number.NaN), value };
}

/** Whether the signature is the one that the secret makes of the request. @param bucket - of a request by host name. */
export function isGenuineQuery(
  head: WireHead,
  signature: QuerySignature,
  secret: string,
  bucket: string | undefined,
): boolean {
  const { method, headers, path } = head;
  const amz = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-amz-'))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`);
  const signed = head.query
    .filter(([name]) => SIGNED_PARAMETERS.has(name))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const search = signed.length === 0 ? '' : `?${signed.join('&')}`;
  const resource = `${bucket === undefined ? '' : `/${bucket}`}${path}${search}`;
  const first = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', String(signature.expires)];
  const text = `${first.join('\n')}\n${amz.join('')}${resource}`;
  const expected = createHmac('sha1', secret).update(text).digest();
  const given = Buffer.from(signature.value, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
