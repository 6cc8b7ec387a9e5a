import type { CacheBehavior } from '../../model/index.ts';
import type { Answered, Body, CodedBody, Header, Headers } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import { variesByEncoding } from './conditions.ts';
import { COMPRESSED_TYPES, CLOUDFRONT_FACTS } from './facts.ts';

/** The formats that a cache policy knows; undefined: it leaves Accept-Encoding alone (CF 3.33, 3.35). */
export interface Encodings {
  readonly gzip: boolean;
  readonly brotli: boolean;
  /** Whether CloudFront itself compresses what the origin has not. */
  readonly compresses: boolean;
}

/** With caching disabled none of it applies (CF 3.33). */
export function encodingsOf({ cachePolicy, compress = false }: CacheBehavior): Encodings | undefined {
  const { gzip, brotli, maxTtlSeconds } = cachePolicy;
  return (gzip || brotli) && maxTtlSeconds > 0 ? { gzip, brotli, compresses: compress } : undefined;
}

/**
 * Accept-Encoding as it enters the key and goes to the origin: the formats that both the viewer and the policy know, `identity`
 * when there is none such, nothing when the viewer says nothing (CF 3.35).
 */
export function normalizedEncoding(headers: Headers, { gzip, brotli }: Encodings): string | undefined {
  const accepted = headerOf(headers, 'accept-encoding');
  if (accepted === undefined) return undefined;
  const known = [
    ...(brotli && accepts(accepted, 'br') ? ['br'] : []),
    ...(gzip && accepts(accepted, 'gzip') ? ['gzip'] : []),
  ];
  return known.length === 0 ? 'identity' : known.join(',');
}

/** `*` stands for all that are not named; a weight of 0 for none (RFC 9110, 12.5.3). */
function accepts(header: string, coding: string): boolean {
  const items = header.split(',').map((item) =>
    item
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  );
  const item = items.find(([name]) => name === coding) ?? items.find(([name]) => name === '*');
  return item !== undefined && !item.slice(1).some((parameter) => /^q=0(\.0{0,3})?$/.test(parameter));
}

/** What an answer is made into, if CloudFront compresses it (CF 3.33, 3.34). `wanted` is the normalized Accept-Encoding. */
export function compressed(answer: Answered, wanted: string | undefined): Answered {
  const coding = wanted?.startsWith('br') === true ? 'br' : wanted === 'gzip' ? 'gzip' : undefined;
  if (coding === undefined || !isCompressible(answer)) return answer;
  const kept = answer.headers.flatMap(([name, value]): Header[] => {
    const lower = name.toLowerCase();
    if (lower === 'content-length' || lower === 'content-md5') return [];
    if (lower === 'etag') return weakTag(value).map((tag) => [name, tag]);
    return [[name, value]];
  });
  const { kind, status, firstByteAt, account } = answer;
  const headers: Header[] = [...kept, ['Content-Encoding', coding]];
  if (!variesByEncoding(kept)) headers.push(['Vary', 'Accept-Encoding']);
  const body: CodedBody = { of: answer.body, coding, bytes: undefined };
  return { kind, status, headers, body, firstByteAt, account };
}

function isCompressible({ status, headers, body }: Answered): boolean {
  if (status !== 200 && status !== 403 && status !== 404) return false;
  if (headerOf(headers, 'content-encoding') !== undefined) return false;
  const type = headerOf(headers, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  // The length is what the origin has said; without, it is not compressed.
  const { bytes = -1 } = body;
  const { COMPRESSED_BYTES_MIN: least, COMPRESSED_BYTES_MAX: most } = CLOUDFRONT_FACTS;
  return COMPRESSED_TYPES.has(type) && bytes >= least.value && bytes <= most.value;
}

/** A strong tag becomes weak, a weak one stays, what is none is dropped (CF 3.34). */
function weakTag(etag: string): readonly string[] {
  const tag = etag.trim();
  if (/^W\/"[^"]*"$/.test(tag)) return [tag];
  return /^"[^"]*"$/.test(tag) ? [`W/${tag}`] : [];
}

/** What a body comes to that has only been counted: `sim` compresses nothing. */
export function countedWhenCoded(body: Body): Body {
  if (!('coding' in body)) return body;
  const { of } = body as CodedBody;
  const share = CLOUDFRONT_FACTS.COMPRESSED_SHARE.value;
  return { bytes: of.bytes === undefined ? undefined : Math.ceil(of.bytes * share) };
}
