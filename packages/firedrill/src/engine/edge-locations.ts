import { sitesByHost } from './cloudfront/aliases.ts';
import type { EdgeSurroundings } from './cloudfront/edge.ts';
import { EdgeLocation } from './cloudfront/edge.ts';
import type { EdgeFunctions } from './cloudfront/edge-function.ts';
import { nearestCacheRegion } from './cloudfront/replica-region.ts';
import { siteOf } from './cloudfront/site.ts';
import { tiersOf } from './cloudfront/tiers.ts';
import type { Parts } from './parts.ts';
import { resolverFor } from './parts.ts';
import { PLAIN_RESOLVER } from './resolver.ts';

/** Where CloudFront keeps answers. */
export interface EdgeLocations {
  /** That viewers reach, by address. */
  readonly edges: ReadonlyMap<string, EdgeLocation>;
  /** Behind them, by Region (CF 4.11). */
  readonly regionalCaches: ReadonlyMap<string, EdgeLocation>;
}

/** Every edge location and every cache behind them, each with its resolver. */
export function edgesOf(parts: Parts, functions: EdgeFunctions): EdgeLocations {
  const { random, layout } = parts;
  const regionalCaches = new Map<string, EdgeLocation>();
  const around = surroundingsOf(parts, functions, (region) => regionalCaches.get(region));
  for (const [region, vantage] of layout.regionalCaches) {
    const name = `regional-cache:${region}`;
    const resolver = resolverFor(parts, name, vantage, PLAIN_RESOLVER);
    const ids = random.stream(`cloudfront/request-id/${name}`);
    regionalCaches.set(region, new EdgeLocation(region, vantage, resolver, ids, around, region));
  }
  const edges = new Map(
    layout.edges.map(({ address, label, vantage }) => {
      const resolver = resolverFor(parts, `edge:${label}`, vantage, PLAIN_RESOLVER);
      const edge = new EdgeLocation(label, vantage, resolver, random.stream(`cloudfront/request-id/${label}`), around);
      edge.regionalCache = regionalCaches.get(nearestCacheRegion(vantage.spot));
      return [address, edge];
    }),
  );
  return { edges, regionalCaches };
}

/** What all of them tell the world, and ask of it. The timeline tells of the edge location that the viewer has reached. */
function surroundingsOf(
  parts: Parts,
  functions: EdgeFunctions,
  cacheIn: (region: string) => EdgeLocation | undefined,
): EdgeSurroundings {
  const { input, timeline, settings, faults, endpoints } = parts;
  const sites = input.architecture.distributions
    .filter(({ enabled }) => enabled)
    .map((distribution) => siteOf(distribution, functions));
  return {
    siteOf: sitesByHost(sites),
    endpointLabel: (to) => endpoints.get(to)?.label ?? '',
    keepsConnections: settings.text('cloudfront.origin-connections') === 'kept',
    strictCriteria: settings.text('cloudfront.failover-criteria') === 'strict',
    functionDecidesFailover: settings.text('cloudfront.failover-status') === 'function',
    tiers: tiersOf(cacheIn),
    attemptFailed: (_at, call, { to, endpoint, address: tried, attempt, why, status }) =>
      timeline.record(
        call.moment.now,
        faults.latestSeq(endpoints.get(tried), to.origin.domainName),
        'origin.attempt-failed',
        {
          edge: call.viewerEdge.label,
          requestId: call.requestId,
          origin: to.origin.id,
          endpoint,
          attempt,
          why,
          status,
        },
      ),
    functionFailed: (_at, call, { cause, ...failed }) =>
      timeline.record(call.moment.now, cause, 'edge-function.failed', {
        edge: call.viewerEdge.label,
        requestId: call.requestId,
        ...failed,
      }),
    failedOver: (_at, call, { from, to, why, status, cause }) =>
      timeline.record(call.moment.now, cause, 'origin.failed-over', {
        edge: call.viewerEdge.label,
        requestId: call.requestId,
        from: from.origin.id,
        to: to.origin.id,
        why,
        status,
      }),
  };
}
