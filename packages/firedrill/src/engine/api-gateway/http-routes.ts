import type { HttpApi, HttpApiRoute } from '../../model/index.ts';
import { segmentMatch, segmentsOf } from './segments.ts';

/** Which stage of an HTTP API a request is for. */
export interface HttpEntrance {
  readonly api: HttpApi;
  readonly stage: string;
  /** Path within the stage, without the query; begins with a slash. */
  readonly path: string;
  /** Path as the client sent it, without the query. */
  readonly requestPath: string;
  readonly domainName: string;
}

export interface HttpRoute {
  readonly route: HttpApiRoute;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

/** On its own host name: a stage that the path begins with, else $default; undefined: 404 Not Found (RS 3.29, 3.29a, 3.45). */
export function httpEntrance(api: HttpApi, host: string, requestPath: string): HttpEntrance | undefined {
  if (api.disableExecuteApiEndpoint) return undefined;
  const [, first = '', ...rest] = requestPath.split('/');
  const named = api.stages.find(({ name }) => name === first && name !== '$default');
  if (named !== undefined) return { api, stage: named.name, path: `/${rest.join('/')}`, requestPath, domainName: host };
  if (!api.stages.some(({ name }) => name === '$default')) return undefined;
  return { api, stage: '$default', path: requestPath, requestPath, domainName: host };
}

/**
 * The route for a method and a path: one that fits in full, exact segments before {parameters}; then one with a greedy
 * {proxy+}; then $default. On the same path the method itself goes before ANY (RS 3.29). A slash at the end is part of the path:
 * only {proxy+} takes it (RS 3.29b).
 */
export function httpRouteOf({ routes }: HttpApi, method: string, path: string): HttpRoute | undefined {
  const hasSlash = path.length > 1 && path.endsWith('/');
  const segments = [...segmentsOf(path), ...(hasSlash ? [''] : [])];
  let best: { readonly found: HttpRoute; readonly rank: string } | undefined;
  for (const route of routes) {
    const [verb = '', pattern] = route.routeKey.split(' ');
    if (pattern === undefined || (verb !== method && verb !== 'ANY')) continue;
    const match = segmentMatch(pattern, segments);
    if (match === undefined) continue;
    const isGreedy = match.rank.endsWith('2');
    if (hasSlash && !isGreedy) continue;
    const rank = `${isGreedy ? 1 : 0}${match.rank}${verb === 'ANY' ? 1 : 0}`;
    if (best !== undefined && rank >= best.rank) continue;
    best = { found: { route, pathParameters: match.parameters ?? undefined }, rank };
  }
  if (best !== undefined) return best.found;
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  return fallback === undefined ? undefined : { route: fallback, pathParameters: undefined };
}
