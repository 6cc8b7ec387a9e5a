import type { CachePolicy } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import { valuesOf } from '../headers.ts';
import { fitsWildcard } from '../wildcard.ts';
import { selects } from './site.ts';

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

/** Whether a cache policy takes a cookie; in the older settings `*` and `?` of a name stand for others (CF 3.11a). */
export function selectsCookie({ cookies, forwardsOthers }: CachePolicy, name: string): boolean {
  if (forwardsOthers !== true || cookies.kind !== 'only') return selects(cookies, name);
  return cookies.names.some((listed) => fitsWildcard(listed, name));
}

/** Of a cookie or a query string. */
export function nameOf(pair: string): string {
  return pair.split('=', 1)[0] ?? '';
}
