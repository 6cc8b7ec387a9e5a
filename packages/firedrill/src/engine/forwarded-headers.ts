import type { Header, Headers } from './conversation.ts';

/** What an endpoint that speaks TLS alone tells a function of the way to it. */
const PORT = '443';
const PROTOCOL = 'https';

/** Headers of a request as a function's event has them, with where it came from (RS 3.2a): the client's address after what came. */
export function withForwarded(headers: Headers, sourceIp: string): Headers {
  const before = headers.flatMap(([name, value]) => (name.toLowerCase() === 'x-forwarded-for' ? [value] : []));
  const plain = headers.filter(([name]) => !FORWARDED.has(name.toLowerCase()));
  const own: readonly Header[] = [
    ['X-Forwarded-For', [...before, sourceIp].join(', ')],
    ['X-Forwarded-Port', PORT],
    ['X-Forwarded-Proto', PROTOCOL],
  ];
  return [...plain, ...own];
}

const FORWARDED: ReadonlySet<string> = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);
