import type { Headers } from '../conversation.ts';
import { valuesOf } from '../headers.ts';

/**
 * All cookies that a viewer has sent, on however many lines, by name as CloudFront sorts them; those of one name stay as they came
 * (CF 3.11). The key of the cache and the origin must be told the same.
 */
export function cookiesOf(headers: Headers): readonly string[] {
  return valuesOf(headers, 'cookie')
    .flatMap((value) => value.split(';'))
    .flatMap((cookie) => cookie.trim() || [])
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b))));
}

/** Of a cookie or a query string. */
export function nameOf(pair: string): string {
  return pair.split('=', 1)[0] ?? '';
}
