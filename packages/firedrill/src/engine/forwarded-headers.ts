import type { Header, Headers } from './conversation.ts';
import { valuesOf } from './headers.ts';

/** What an endpoint that speaks TLS alone tells a function of the way to it. */
const PORT = '443';
const PROTOCOL = 'https';

/** X-Forwarded-For of a request that is passed on: the client's address after all that came, on however many lines (RS 3.2a; CF 3.39). */
export function forwardedFor(headers: Headers, address: string): string {
  return [...valuesOf(headers, 'x-forwarded-for'), address].join(', ');
}

/** Headers of a request as a function's event has them, with where it came from (RS 3.2a): the client's address after what came. */
export function withForwarded(headers: Headers, sourceIp: string): Headers {
  const plain = headers.filter(([name]) => !FORWARDED.has(name.toLowerCase()));
  const own: readonly Header[] = [
    ['X-Forwarded-For', forwardedFor(headers, sourceIp)],
    ['X-Forwarded-Port', PORT],
    ['X-Forwarded-Proto', PROTOCOL],
  ];
  return [...plain, ...own];
}

const FORWARDED: ReadonlySet<string> = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);
