import { sitesByHost } from './cloudfront/aliases.ts';
import { EdgeLocation } from './cloudfront/edge.ts';
import { siteOf } from './cloudfront/site.ts';
import { edgeFunctionsOf } from './edge-functions.ts';
import type { Parts } from './parts.ts';
import { resolverFor } from './parts.ts';
import { PLAIN_RESOLVER } from './resolver.ts';

/** Every edge location with its resolver, by address. */
export function edgesOf(parts: Parts): ReadonlyMap<string, EdgeLocation> {
  const { input, timeline, random, settings, layout, faults, endpoints } = parts;
  const functions = edgeFunctionsOf(input.architecture);
  const sites = input.architecture.distributions
    .filter(({ enabled }) => enabled)
    .map((distribution) => siteOf(distribution, functions));
  const siteAt = sitesByHost(sites);
  return new Map(
    layout.edges.map(({ address, label, vantage }) => {
      const resolver = resolverFor(parts, `edge:${label}`, vantage, PLAIN_RESOLVER);
      const edge = new EdgeLocation(label, vantage, resolver, random.stream(`cloudfront/request-id/${label}`), {
        siteOf: siteAt,
        endpointLabel: (to) => endpoints.get(to)?.label ?? '',
        keepsConnections: settings.text('cloudfront.origin-connections') === 'kept',
        strictCriteria: settings.text('cloudfront.failover-criteria') === 'strict',
        functionDecidesFailover: settings.text('cloudfront.failover-status') === 'function',
        attemptFailed: (at, call, { to, endpoint, address: tried, attempt, why, status }) =>
          timeline.record(
            call.moment.now,
            faults.latestSeq(endpoints.get(tried), to.origin.domainName),
            'origin.attempt-failed',
            {
              edge: at.label,
              requestId: call.requestId,
              origin: to.origin.id,
              endpoint,
              attempt,
              why,
              status,
            },
          ),
        failedOver: (at, call, { from, to, why, status, cause }) =>
          timeline.record(call.moment.now, cause, 'origin.failed-over', {
            edge: at.label,
            requestId: call.requestId,
            from: from.origin.id,
            to: to.origin.id,
            why,
            status,
          }),
      });
      return [address, edge];
    }),
  );
}
