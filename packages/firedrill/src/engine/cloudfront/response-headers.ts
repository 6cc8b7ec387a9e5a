import type { CorsHeaders, ResponseHeadersPolicy } from '../../model/index.ts';
import type { Header, Headers, HttpRequest } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import type { EdgeCall } from './edge.ts';
import { serverTimingOf } from './server-timing.ts';

/**
 * The headers of an answer as a policy leaves them for the viewer: what is removed goes first, then comes what is added
 * (CF 3.25). What is kept in the cache is not changed by it.
 * @param result as in `X-Cache`.
 */
export function underPolicy(headers: Headers, policy: ResponseHeadersPolicy, call: EdgeCall, result: string): Headers {
  const { request } = call.arrival;
  const removed = new Set(policy.removed.map((name) => name.toLowerCase()));
  const kept = removed.size === 0 ? headers : headers.filter(([name]) => !removed.has(name.toLowerCase()));
  const answer = new Map(kept.map((header) => [header[0].toLowerCase(), header]));
  const changed: Header[] = [];
  const gone = new Set<string>();
  const add = (name: string, value: string, overrides: boolean): void => {
    const lower = name.toLowerCase();
    if (answer.has(lower) && !overrides) return;
    gone.add(lower);
    changed.push([name, value]);
  };
  for (const { name, value, overrides } of policy.added) add(name, value, overrides);
  if (policy.cors !== undefined) {
    const { overrides } = policy.cors;
    for (const [name, value] of corsHeaders(policy.cors, request)) add(name, value, overrides);
    // The answer is another one for each origin.
    const vary = answer.get('vary')?.[1] ?? '';
    if (changed.some(([name, value]) => name === ALLOW_ORIGIN && value !== '*') && !/origin|\*/i.test(vary))
      add('Vary', vary === '' ? 'Origin' : `${vary}, Origin`, true);
  }
  const timing = serverTimingOf(policy, call, result, answer.get('server-timing')?.[1]);
  if (timing !== undefined) add('Server-Timing', timing, true);
  // Without the origin's, CloudFront has one of its own (CF 3.25).
  if (removed.has('server')) add('Server', 'CloudFront', false);
  return [...kept.filter(([name]) => !gone.has(name.toLowerCase())), ...changed];
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';

const ALL_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** What CORS asks of the answer to a request that names its origin; a preflight gets more (CF 3.24). */
function* corsHeaders(cors: CorsHeaders, request: HttpRequest): Iterable<Header> {
  const origin = headerOf(request.headers, 'origin');
  if (origin === undefined) return;
  const allowed = allowedOrigin(cors.allowOrigins, origin);
  if (allowed === undefined) return;
  yield [ALLOW_ORIGIN, allowed];
  if (cors.allowCredentials) yield ['Access-Control-Allow-Credentials', 'true'];
  const isPreflight =
    request.method === 'OPTIONS' && headerOf(request.headers, 'access-control-request-method') !== undefined;
  if (cors.exposeHeaders.length > 0 && (isPreflight || cors.exposesToPreflightsOnly !== true))
    yield ['Access-Control-Expose-Headers', cors.exposeHeaders.join(', ')];
  if (!isPreflight) return;
  const methods = cors.allowMethods.includes('ALL') ? ALL_METHODS : cors.allowMethods;
  if (methods.length > 0) yield ['Access-Control-Allow-Methods', methods.join(', ')];
  if (cors.allowHeaders.length > 0) yield ['Access-Control-Allow-Headers', cors.allowHeaders.join(', ')];
  if (cors.maxAgeSeconds !== undefined) yield ['Access-Control-Max-Age', String(cors.maxAgeSeconds)];
}

/** The value for an origin: `*` where all are allowed, else the origin itself when it is one of those listed. */
function allowedOrigin(allowed: readonly string[], origin: string): string | undefined {
  if (allowed.includes('*')) return '*';
  return allowed.some((pattern) => isCovered(pattern.toLowerCase(), origin.toLowerCase())) ? origin : undefined;
}

/** A pattern without a scheme takes either; its leftmost label may be `*`, and so may its port. */
function isCovered(pattern: string, origin: string): boolean {
  const bare = pattern.includes('://') ? origin : origin.replace(/^https?:\/\//, '');
  const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]+');
  return new RegExp(`^${source}$`).test(bare);
}
