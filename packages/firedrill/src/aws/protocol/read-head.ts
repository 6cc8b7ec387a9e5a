import type { IncomingHttpHeaders } from 'node:http';
import type { WireHead } from './message.ts';

/** A head as Node reads it. */
interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Takes the head of a request apart. A parameter that is not well encoded stays as it came. */
export function readHead(request: RequestHead): WireHead {
  const target = targetOf(request.url ?? '/');
  const [path = '/', ...search] = target.split('?');
  return {
    method: request.method ?? 'GET',
    path: path === '' ? '/' : path,
    query: readQuery(search.join('?')),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
  };
}

/** Clients of a proxy send the whole URL. */
function targetOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?]*/i, '');
}

function readQuery(search: string): readonly (readonly [string, string])[] {
  return search
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at === -1
        ? ([decoded(part), ''] as const)
        : ([decoded(part.slice(0, at)), decoded(part.slice(at + 1))] as const);
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
