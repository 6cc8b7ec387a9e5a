import type { CachePolicy, CustomErrorResponse } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import { ALWAYS_CACHED_ERRORS, CLOUDFRONT_FACTS, ERRORS_CACHED_ON_REQUEST } from './facts.ts';

/** What of Cache-Control matters to CloudFront. */
interface Directives {
  /** s-maxage, else max-age, else what Expires leaves (CF 3.1, 3.2). */
  readonly lifetimeSeconds: number | undefined;
  /** no-store, no-cache or private. */
  readonly forbids: boolean;
  /** max-age or s-maxage stands there; Expires does not count. */
  readonly saysMaxAge: boolean;
}

/** For how long an answer below 400 is kept (CF 3.1, 3.2, 3.3). 0: not at all. */
export function ttlSecondsOf(headers: Headers, policy: CachePolicy): number {
  const { lifetimeSeconds, forbids } = directivesOf(headers);
  if (forbids) return policy.minTtlSeconds;
  if (lifetimeSeconds === undefined) return Math.max(policy.minTtlSeconds, policy.defaultTtlSeconds);
  return Math.min(Math.max(lifetimeSeconds, policy.minTtlSeconds), policy.maxTtlSeconds);
}

/** For how long an error is kept (CF 2.1 to 2.6). 0: not at all. */
export function errorTtlSecondsOf(
  status: number,
  headers: Headers,
  policy: CachePolicy,
  errorResponses: readonly CustomErrorResponse[],
): number {
  const { lifetimeSeconds, saysMaxAge } = directivesOf(headers);
  // Expires does not ask for it (CF 2.3).
  const onRequest = ERRORS_CACHED_ON_REQUEST.has(status) && saysMaxAge;
  if (!ALWAYS_CACHED_ERRORS.has(status) && !onRequest) return 0;
  const minimum = errorCachingMinTtl(status, errorResponses);
  return Math.max(minimum, Math.min(lifetimeSeconds ?? 0, policy.maxTtlSeconds));
}

/** The error caching minimum TTL of a status, 10 s unless set (CF 2.1). */
export function errorCachingMinTtl(status: number, errorResponses: readonly CustomErrorResponse[]): number {
  const own = errorResponses.find((response) => response.errorCode === status);
  return own?.errorCachingMinTtlSeconds ?? CLOUDFRONT_FACTS.ERROR_CACHING_MIN_TTL_SECONDS.value;
}

function directivesOf(headers: Headers): Directives {
  const directives = new Map(
    (headerOf(headers, 'cache-control') ?? '').split(',').map((part): [string, string] => {
      const at = part.indexOf('=');
      const name = (at < 0 ? part : part.slice(0, at)).trim().toLowerCase();
      return [
        name,
        at < 0
          ? ''
          : part
              .slice(at + 1)
              .trim()
              .replaceAll('"', ''),
      ];
    }),
  );
  const maxAge = secondsOf(directives.get('s-maxage')) ?? secondsOf(directives.get('max-age'));
  return {
    lifetimeSeconds: maxAge ?? expiresIn(headers),
    saysMaxAge: maxAge !== undefined,
    forbids: directives.has('no-store') || directives.has('no-cache') || directives.has('private'),
  };
}

/** How far Expires lies after the answer's own Date; a broken or past date is 0 (RFC 9111, 5.3). */
function expiresIn(headers: Headers): number | undefined {
  const expires = headerOf(headers, 'expires');
  if (expires === undefined) return undefined;
  const until = httpDateSeconds(expires);
  const from = httpDateSeconds(headerOf(headers, 'date') ?? '');
  return until === undefined || from === undefined ? 0 : Math.max(0, until - from);
}

function secondsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Seconds since 1970 of an IMF-fixdate (RFC 9110, 5.6.7), by the civil calendar: this room has no Date. */
function httpDateSeconds(text: string): number | undefined {
  const parts = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text);
  if (parts === null) return undefined;
  const [day = 0, , year = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const month = MONTHS.indexOf(parts[2] ?? '') + 1;
  if (month === 0) return undefined;
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const days = y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
  return days * 86_400 + hour * 3600 + minute * 60 + second;
}
