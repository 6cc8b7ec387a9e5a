import type { Header, Headers, HttpRequest } from '../conversation.ts';
import { headerOf, valuesOf } from '../headers.ts';
import { httpDateSeconds } from '../calendar.ts';

/** What a viewer asks for besides the object itself: that it has changed, or a part of it. */
export interface ViewerWish {
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** Undefined when it wants the object as it is, as most do. Ranges are for GET alone (RFC 9110, 14.2). */
export function wishOf({ method, headers }: Pick<HttpRequest, 'method' | 'headers'>): ViewerWish | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const ifNoneMatch = headerOf(headers, 'if-none-match');
  const ifModifiedSince = headerOf(headers, 'if-modified-since');
  const range = method === 'GET' ? headerOf(headers, 'range') : undefined;
  if (ifNoneMatch === undefined && ifModifiedSince === undefined && range === undefined) return undefined;
  return { ifNoneMatch, ifModifiedSince, range, ifRange: headerOf(headers, 'if-range') };
}

/** Whether what a viewer has is what there is: entity tags come before dates (RFC 9110, 13.2.2). */
export function isUnchanged({ ifNoneMatch, ifModifiedSince }: ViewerWish, headers: Headers): boolean {
  if (ifNoneMatch !== undefined) {
    const etag = headerOf(headers, 'etag');
    if (ifNoneMatch.trim() === '*') return true;
    return etag !== undefined && tagsIn(ifNoneMatch).includes(weakened(etag));
  }
  if (ifModifiedSince === undefined) return false;
  const changed = httpDateSeconds(headerOf(headers, 'last-modified') ?? '');
  const since = httpDateSeconds(ifModifiedSince);
  return changed !== undefined && since !== undefined && changed <= since;
}

/** Whether a range is wanted of what there is, not of something older (RFC 9110, 13.1.5). */
export function rangeStillHolds({ ifRange }: ViewerWish, headers: Headers): boolean {
  if (ifRange === undefined) return true;
  const validator = ifRange.trim();
  if (!validator.endsWith('"')) return validator === headerOf(headers, 'last-modified');
  return !validator.startsWith('W/') && validator === headerOf(headers, 'etag');
}

/** What an origin is sent to be asked whether a kept answer still holds (CF 3.28); nothing when it gave nothing to go by. */
export function validatorsOf(kept: Headers): readonly Header[] {
  const etag = headerOf(kept, 'etag');
  const modified = headerOf(kept, 'last-modified');
  return [
    ...(etag === undefined ? [] : [['If-None-Match', etag] as const]),
    ...(modified === undefined ? [] : [['If-Modified-Since', modified] as const]),
  ];
}

/**
 * Headers of a kept answer after a 304: what that has takes the place of what was there (RFC 9111, 3.2). What was compressed here
 * stays so: its tag is a weak one, though the origin's is strong, and it differs by Accept-Encoding (CF 3.34).
 */
export function refreshedHeaders(kept: Headers, answer: Headers): Headers {
  const fresh = answer.filter(([name]) => !OF_THE_BODY.has(name.toLowerCase()));
  const replaced = new Set(['age', ...fresh.map(([name]) => name.toLowerCase())]);
  const tag = headerOf(kept, 'etag');
  const staysWeak = tag?.startsWith('W/') === true && headerOf(fresh, 'etag') === weakened(tag);
  const said = staysWeak ? fresh.filter(([name]) => name.toLowerCase() !== 'etag') : fresh;
  if (staysWeak) replaced.delete('etag');
  const isCoded = headerOf(kept, 'content-encoding') !== undefined && variesByEncoding(kept) && replaced.has('vary');
  return [
    ...kept.filter(([name]) => !replaced.has(name.toLowerCase())),
    ...said,
    ...(isCoded && !variesByEncoding(fresh) ? [['Vary', 'Accept-Encoding'] as const] : []),
  ];
}

/** Whether Vary names Accept-Encoding. */
export function variesByEncoding(headers: Headers): boolean {
  return valuesOf(headers, 'vary').some((value) =>
    value.split(',').some((name) => name.trim().toLowerCase() === 'accept-encoding'),
  );
}

/** A 304 may carry them; they tell of a body that stays. */
const OF_THE_BODY: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'transfer-encoding',
  'connection',
]);

/** The tags of a list, each as a weak one: so they are compared here (RFC 9110, 13.1.2). */
function tagsIn(list: string): string[] {
  return [...list.matchAll(/(?:W\/)?("[^"]*")/g)].map(([, tag = '']) => tag);
}

function weakened(etag: string): string {
  return etag.trim().replace(/^W\//, '');
}
