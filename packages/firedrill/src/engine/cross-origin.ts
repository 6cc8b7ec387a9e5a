import type { HttpApiCors } from '../model/index.ts';
import type { Header, Headers, HttpRequest } from './conversation.ts';
import { headerOf } from './headers.ts';

/** Whether a browser asks if it may ask: it gets its answer from the API's rules, without any route (RS 3.36b). */
export function isPreflight({ method, headers }: HttpRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headerOf(headers, 'origin') !== undefined &&
    headerOf(headers, 'access-control-request-method') !== undefined
  );
}

/** Headers of the answer to that; none when the origin is not allowed. */
export function preflightHeaders(cors: HttpApiCors, { headers }: HttpRequest): Headers {
  const origin = allowedOrigin(cors, headers);
  if (origin === undefined) return [];
  const { allowMethods, allowHeaders, maxAgeSeconds } = cors;
  const own: Header[] = [
    ...originHeaders(cors, origin),
    ...(allowMethods.length === 0 ? [] : [['access-control-allow-methods', allowMethods.join(',')] as const]),
    ...(allowHeaders.length === 0 ? [] : [['access-control-allow-headers', allowHeaders.join(',')] as const]),
    ...(maxAgeSeconds === undefined ? [] : [['access-control-max-age', String(maxAgeSeconds)] as const]),
  ];
  return own;
}

/** An answer's headers with the API's rules in the place of those that the function or server gave (RS 3.36b). */
export function withCors(cors: HttpApiCors, request: HttpRequest, headers: Headers): Headers {
  const plain = headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  const origin = allowedOrigin(cors, request.headers);
  if (origin === undefined) return plain;
  const { exposeHeaders } = cors;
  const exposed: Header[] =
    exposeHeaders.length === 0 ? [] : [['access-control-expose-headers', exposeHeaders.join(',')]];
  return [...plain, ...originHeaders(cors, origin), ...exposed];
}

function originHeaders({ allowCredentials }: HttpApiCors, origin: string): Header[] {
  return [
    ['access-control-allow-origin', origin],
    ...(allowCredentials ? [['access-control-allow-credentials', 'true'] as const] : []),
  ];
}

/** `*` as it is; an origin of the list as the browser wrote it; `https://*` for all of a scheme. */
function allowedOrigin({ allowOrigins }: HttpApiCors, headers: Headers): string | undefined {
  const origin = headerOf(headers, 'origin');
  if (origin === undefined) return undefined;
  if (allowOrigins.includes('*')) return '*';
  const fits = (allowed: string): boolean =>
    allowed === origin || (allowed.endsWith('://*') && origin.startsWith(allowed.slice(0, -1)));
  return allowOrigins.some(fits) ? origin : undefined;
}
