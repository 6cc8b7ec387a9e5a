import type { Headers } from '../conversation.ts';

/** What Cache-Control says, by directive in lower case; the value is empty where there is none (RFC 9111, 5.2). */
export type CacheControl = ReadonlyMap<string, string>;

/** All Cache-Control lines of an answer together; of a directive that stands twice the first counts (RFC 9111, 4.2.1). */
export function cacheControlOf(headers: Headers): CacheControl {
  const directives = new Map<string, string>();
  for (const [name, value] of headers) {
    if (name.toLowerCase() !== 'cache-control') continue;
    // A quoted value may hold commas, as in no-cache="Set-Cookie, X-Token".
    for (const [, directive = '', quoted, token] of value.matchAll(/([^\s,=]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]*)))?/g)) {
      const key = directive.toLowerCase();
      if (!directives.has(key)) directives.set(key, quoted ?? token ?? '');
    }
  }
  return directives;
}

/** Seconds that a directive gives; undefined when it is not there or is no number (RFC 9111, 1.2.2). */
export function secondsIn(control: CacheControl, directive: string): number | undefined {
  const text = control.get(directive);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether no-store, no-cache or private forbids to keep the whole answer; with a list of headers the latter two do not. */
export function forbidsKeeping(control: CacheControl): boolean {
  return control.has('no-store') || control.get('no-cache') === '' || control.get('private') === '';
}

/** Headers, in lower case, that are not kept though the answer is: as by `no-cache="Set-Cookie"` (CF 3.11). */
export function headersNotKept(control: CacheControl): ReadonlySet<string> {
  const lists = ['no-cache', 'private'].map((directive) => control.get(directive) ?? '');
  return new Set(lists.flatMap((list) => list.split(',')).flatMap((name) => name.trim().toLowerCase() || []));
}
