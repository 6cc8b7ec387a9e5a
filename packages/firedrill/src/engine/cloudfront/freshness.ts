import type { CachePolicy, CustomErrorResponse, Origin } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import { httpDateSeconds } from '../calendar.ts';
import type { CacheControl } from './cache-control.ts';
import { cacheControlOf, forbidsKeeping, secondsIn } from './cache-control.ts';
import { ALWAYS_CACHED_ERRORS, CLOUDFRONT_FACTS, ERRORS_CACHED_ON_REQUEST } from './facts.ts';

/** For how long an answer is kept, and for what. */
export interface Lifetime {
  /** Fresh for so long; 0: the origin is asked each time. */
  readonly freshSeconds: number;
  /** no-store, no-cache or private holds: it is there for an outage only (CF 2.14). */
  readonly isForOutagesOnly: boolean;
  /** Beyond freshness; 0: stale is not served while it is refreshed (CF 2.11). */
  readonly staleWhileRevalidateSeconds: number;
  /** Beyond freshness; undefined: as CloudFront does it unasked (CF 2.8, 2.12, 2.13). */
  readonly staleIfErrorSeconds: number | undefined;
}

/** For how long an answer below 400 is kept (CF 2.11 to 2.14, 3.1 to 3.3, 3.29). */
export function lifetimeOf(headers: Headers, policy: CachePolicy): Lifetime {
  const control = cacheControlOf(headers);
  const { minTtlSeconds, maxTtlSeconds } = policy;
  const isFetchedAnew = forbidsKeeping(control) || variesWithEverything(headers);
  const ifError = secondsIn(control, 'stale-if-error');
  return {
    freshSeconds: ttlSecondsOf(headers, policy, control),
    isForOutagesOnly: isFetchedAnew && minTtlSeconds === 0,
    // Neither outlasts the maximum TTL.
    staleWhileRevalidateSeconds: isFetchedAnew
      ? 0
      : Math.min(secondsIn(control, 'stale-while-revalidate') ?? 0, maxTtlSeconds),
    staleIfErrorSeconds: ifError === undefined ? undefined : Math.min(ifError, maxTtlSeconds),
  };
}

/** The TTL of an answer below 400, from when it came (CF 3.1, 3.2, 3.3, 3.29). 0: it is never fresh. */
export function ttlSecondsOf(
  headers: Headers,
  policy: CachePolicy,
  control: CacheControl = cacheControlOf(headers),
): number {
  const { minTtlSeconds, defaultTtlSeconds, maxTtlSeconds } = policy;
  if (forbidsKeeping(control)) return minTtlSeconds;
  if (minTtlSeconds === 0 && variesWithEverything(headers)) return 0;
  const lifetimeSeconds = maxAgeOf(control) ?? expiresIn(headers);
  if (lifetimeSeconds === undefined) return Math.max(minTtlSeconds, defaultTtlSeconds);
  const leftSeconds = lifetimeSeconds - (ageSecondsIn(headers) ?? 0);
  return Math.min(Math.max(leftSeconds, minTtlSeconds), maxTtlSeconds);
}

/** How old an answer was when it came, as a cache of the origin's own says (RFC 9111, 5.1); undefined: none says so. */
export function ageSecondsIn(headers: Headers): number | undefined {
  const age = headerOf(headers, 'age')?.trim() ?? '';
  return /^\d{1,10}$/.test(age) ? Math.min(Number(age), AGE_SECONDS_MAX) : undefined;
}

/** What is older counts as so old (RFC 9111, 1.2.2). */
const AGE_SECONDS_MAX = 2 ** 31;

/** For how long an error is kept (CF 2.1 to 2.6). 0: not at all. */
export function errorTtlSecondsOf(
  status: number,
  headers: Headers,
  policy: CachePolicy,
  errorResponses: readonly CustomErrorResponse[],
  originKind: Origin['kind'] = 'custom',
): number {
  const control = cacheControlOf(headers);
  // Of S3 alone, whatever the minimum TTL (CF 6.7).
  if (status === 501 && originKind === 's3' && forbidsKeeping(control)) return 0;
  const maxAge = maxAgeOf(control);
  // Expires does not ask for it (CF 2.3).
  const onRequest = ERRORS_CACHED_ON_REQUEST.has(status) && maxAge !== undefined;
  if (!ALWAYS_CACHED_ERRORS.has(status) && !onRequest) return 0;
  const minimum = errorCachingMinTtl(status, errorResponses);
  return Math.max(minimum, Math.min(maxAge ?? expiresIn(headers) ?? 0, policy.maxTtlSeconds));
}

/** The error caching minimum TTL of a status, 10 s unless set (CF 2.1). */
export function errorCachingMinTtl(status: number, errorResponses: readonly CustomErrorResponse[]): number {
  const own = errorResponses.find((response) => response.errorCode === status);
  return own?.errorCachingMinTtlSeconds ?? CLOUDFRONT_FACTS.ERROR_CACHING_MIN_TTL_SECONDS.value;
}

/** s-maxage, else max-age (CF 3.1). */
function maxAgeOf(control: CacheControl): number | undefined {
  return secondsIn(control, 's-maxage') ?? secondsIn(control, 'max-age');
}

function variesWithEverything(headers: Headers): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === 'vary' && value.split(',').some((it) => it.trim() === '*'),
  );
}

/** How far Expires lies after the answer's own Date; a broken or past date is 0 (RFC 9111, 5.3). */
function expiresIn(headers: Headers): number | undefined {
  const expires = headerOf(headers, 'expires');
  if (expires === undefined) return undefined;
  const until = httpDateSeconds(expires);
  const from = httpDateSeconds(headerOf(headers, 'date') ?? '');
  return until === undefined || from === undefined ? 0 : Math.max(0, until - from);
}
