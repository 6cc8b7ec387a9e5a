import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { CredentialScope } from './credential-scope.ts';
import type { WireHead } from './protocol/message.ts';
import { queryValue } from './protocol/message.ts';
import type { ChunkSigner } from './protocol/chunked-body.ts';

/** What a request's signature of version 4 is made of. */
export interface Signature {
  readonly scope: CredentialScope;
  /** As `20261121T151500Z`. */
  readonly date: string;
  readonly signedHeaders: readonly string[];
  /** In hexadecimal. */
  readonly value: string;
  /** Of a presigned request: how long it may be used from its date on. */
  readonly expiresSeconds: number | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** Reads the signature from the Authorization header or the query; undefined when it is none, or not whole. */
export function readSignature(head: WireHead, scope: CredentialScope): Signature | undefined {
  const authorization = head.headers['authorization'] ?? '';
  const part = (name: string): string | undefined => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1];
  const headersSigned = scope.isPresigned ? queryValue(head, 'X-Amz-SignedHeaders') : part('SignedHeaders');
  const value = scope.isPresigned ? queryValue(head, 'X-Amz-Signature') : part('Signature');
  const date = scope.isPresigned ? queryValue(head, 'X-Amz-Date') : head.headers['x-amz-date'];
  if (headersSigned === undefined || value === undefined || date === undefined) return undefined;
  const expires = scope.isPresigned ? Number(queryValue(head, 'X-Amz-Expires') ?? '') : undefined;
  return { scope, date, signedHeaders: headersSigned.toLowerCase().split(';'), value, expiresSeconds: expires };
}

/** Moment of a date as `20261121T151500Z`, in milliseconds since 1970; NaN when it is none. */
export function signedAtMs(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/**
 * Whether the signature is the one that the secret makes of the request.
 * @param payloadHash - hash of the body in hexadecimal, or the word that stands for it.
 */
export function isGenuine(head: WireHead, signature: Signature, secret: string, payloadHash: string): boolean {
  const request = canonicalRequest(head, signature, payloadHash);
  const text = [ALGORITHM, signature.date, scopeText(signature.scope), sha256(request)].join('\n');
  return isSame(hmac(signingKey(signature.scope, secret), text).toString('hex'), signature.value);
}

/** Verifies the chunks of a body after the head's own signature. */
export function chunkSigner(signature: Signature, secret: string): ChunkSigner {
  const key = signingKey(signature.scope, secret);
  let previous = signature.value;
  const holds = (kind: string, given: string, hashes: readonly string[]): boolean => {
    const text = [`${ALGORITHM}-${kind}`, signature.date, scopeText(signature.scope), previous, ...hashes].join('\n');
    previous = hmac(key, text).toString('hex');
    return isSame(previous, given);
  };
  return {
    chunk: (bytes, given) => holds('PAYLOAD', given, [sha256(''), sha256(bytes)]),
    trailer: (lines, given) => holds('TRAILER', given, [sha256(lines)]),
  };
}

/** Hash in hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function signingKey({ date, region, service }: CredentialScope, secret: string): Buffer {
  return [date, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

function scopeText({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function canonicalRequest(head: WireHead, { scope, signedHeaders }: Signature, payloadHash: string): string {
  const isS3 = scope.service === 's3' || scope.service === 's3express';
  const headers = signedHeaders.map((name) => `${name}:${(head.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    head.method,
    isS3 ? encodedOnce(head.path) : encodedTwice(head.path),
    canonicalQuery(head),
    headers.join(''),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/** S3 signs the path as it is meant, however the client has written it. */
function encodedOnce(path: string): string {
  try {
    return path
      .split('/')
      .map((segment) => uriEncode(decodeURIComponent(segment)))
      .join('/');
  } catch {
    return path;
  }
}

/** All others sign it encoded once more, without empty segments and dots. */
function encodedTwice(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(uriEncode(segment));
  }
  const end = segments.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${segments.join('/')}${end}`;
}

function canonicalQuery({ query }: WireHead): string {
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .toSorted(([leftName, left], [rightName, right]) => byBytes(leftName, rightName) || byBytes(left, right))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function byBytes(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
