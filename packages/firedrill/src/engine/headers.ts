import type { Headers } from './conversation.ts';

/** The first value of a header, by its name in any case. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find((header) => header[0].toLowerCase() === wanted)?.[1];
}

/** All values of a header, in order. @param name in lower case. */
export function valuesOf(headers: Headers, name: string): readonly string[] {
  return headers.flatMap(([field, value]) => (field.toLowerCase() === name ? [value] : []));
}

/** Headers that belong to one connection and are never passed on (RFC 9110, 7.6.1). */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const NONE: ReadonlySet<string> = new Set();

/** Names, in lower case, that a message's Connection header says belong to one connection (RFC 9110, 7.6.1); mostly none. */
export function connectionOptionsOf(headers: Headers): ReadonlySet<string> {
  const values = valuesOf(headers, 'connection');
  if (values.length === 0) return NONE;
  return new Set(values.flatMap((value) => value.split(',')).flatMap((option) => option.trim().toLowerCase() || []));
}
