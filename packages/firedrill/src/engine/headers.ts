import type { Headers } from './conversation.ts';

/** The first value of a header, by its name in any case. */
export function headerOf(headers: Headers, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find((header) => header[0].toLowerCase() === wanted)?.[1];
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
