import { sitesByHost } from './cloudfront/aliases.ts';
import type { TimelineData } from '../model/index.ts';
import type { EdgeCall, EdgeSurroundings } from './cloudfront/edge.ts';
import { EdgeLocation } from './cloudfront/edge.ts';
import type { EdgeFunctions } from './cloudfront/edge-function.ts';
import { httpDate } from './calendar.ts';
import { nearestCacheRegion } from './cloudfront/replica-region.ts';
import type { Site, SiteOrigin } from './cloudfront/site.ts';
import { siteOf } from './cloudfront/site.ts';
import { tiersOf } from './cloudfront/tiers.ts';
import type { Vantage } from './conversation.ts';
import type { Parts } from './parts.ts';
import { resolverFor } from './parts.ts';
import { PLAIN_RESOLVER } from './resolver.ts';

/** Where CloudFront keeps answers. What is kept stays when the estate is replaced: each key begins with its distribution. */
export class EdgeLocations {
  /** That viewers reach, by address. */
  readonly edges = new Map<string, EdgeLocation>();
  /** Behind them, by Region (CF 4.11). */
  private readonly regionalCaches = new Map<string, EdgeLocation>();
  private readonly parts: Parts;
  private readonly around: { -readonly [Field in keyof EdgeSurroundings]: EdgeSurroundings[Field] };
  private sites: readonly Site[] = [];

  /** Every edge location and every cache behind them, each with its resolver. */
  constructor(parts: Parts) {
    this.parts = parts;
    this.around = surroundingsOf(parts, (region) => this.regionalCaches.get(region));
    for (const { address, label, vantage } of parts.layout.edges) {
      const resolver = resolverFor(parts, `edge:${label}`, vantage, PLAIN_RESOLVER);
      const ids = parts.random.stream(`cloudfront/request-id/${label}`);
      this.edges.set(address, new EdgeLocation(label, vantage, resolver, ids, this.around));
    }
  }

  get all(): readonly EdgeLocation[] {
    return [...this.edges.values(), ...this.regionalCaches.values()];
  }

  /** Goes on with the distributions of an estate, the first one or another. */
  deploy(functions: EdgeFunctions): void {
    const { layout, input } = this.parts;
    for (const [region, vantage] of layout.regionalCaches) this.openRegionalCache(region, vantage);
    for (const edge of this.edges.values()) {
      const region = nearestCacheRegion(edge.vantage.spot);
      edge.regionalCache = layout.regionalCaches.has(region) ? this.regionalCaches.get(region) : undefined;
    }
    const ready = new Map(this.sites.map((site) => [site.distribution, site]));
    this.sites = input.architecture.distributions
      .filter(({ enabled }) => enabled)
      .map((distribution) => {
        const known = ready.get(distribution);
        if (known !== undefined && !hasFunctions(known)) return known;
        const made = siteOf(distribution, functions);
        // The same site also goes on with its connections to origins.
        return known !== undefined && runsSame(known, made) ? known : made;
      });
    this.around.siteOf = sitesByHost(this.sites);
    for (const edge of this.all) edge.forgetSites();
  }

  private openRegionalCache(region: string, vantage: Vantage): void {
    if (this.regionalCaches.has(region)) return;
    const name = `regional-cache:${region}`;
    const resolver = resolverFor(this.parts, name, vantage, PLAIN_RESOLVER);
    const ids = this.parts.random.stream(`cloudfront/request-id/${name}`);
    this.regionalCaches.set(region, new EdgeLocation(region, vantage, resolver, ids, this.around, region));
  }
}

/** Whether its configuration names any function, be there one or not. */
function hasFunctions({ distribution }: Site): boolean {
  return distribution.behaviors.some(
    ({ functionAssociations = [], lambdaFunctionAssociations = [] }) =>
      functionAssociations.length + lambdaFunctionAssociations.length > 0,
  );
}

/** Whether the same functions run at two sites of one distribution. */
function runsSame(one: Site, other: Site): boolean {
  return one.behaviors.every((behavior, i) =>
    EVENTS.every((event) => {
      const [before, now] = [behavior[event], other.behaviors[i]?.[event]];
      if (before?.kind !== 'lambda' || now?.kind !== 'lambda') return before === now;
      return before.function === now.function && before.versionArn === now.versionArn;
    }),
  );
}

const EVENTS = ['viewerRequest', 'originRequest', 'originResponse', 'viewerResponse'] as const;

/** What all of them tell the world, and ask of it. The timeline tells of the edge location that the viewer has reached. */
function surroundingsOf(parts: Parts, cacheIn: (region: string) => EdgeLocation | undefined): EdgeSurroundings {
  const { timeline, settings, faults, endpoints, input } = parts;
  return {
    httpDate: (now) => httpDate(Math.floor((input.beganAtEpochMs + now / 1000) / 1000)),
    siteOf: () => undefined,
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
    websocketOpened: (call, { from, endpoint, cause }, now) =>
      timeline.record(now, cause, 'websocket.opened', websocketOf(call, from, endpoint)),
    websocketClosed(call, { from, endpoint, address = '' }, { why, seconds, now, cause: opened }) {
      const fault = why === 'viewer' ? 0 : faults.latestSeq(endpoints.get(address), from.origin.domainName);
      const data = { ...websocketOf(call, from, endpoint), why, seconds };
      timeline.record(now, fault === 0 ? opened : fault, 'websocket.closed', data);
    },
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

function websocketOf(call: EdgeCall, { origin }: SiteOrigin, endpoint: string): TimelineData['websocket.opened'] {
  return { edge: call.viewerEdge.label, requestId: call.requestId, origin: origin.id, endpoint };
}
