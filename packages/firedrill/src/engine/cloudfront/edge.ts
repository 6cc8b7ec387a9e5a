import type { AttemptFailure, EdgeEventType, Instant, TunnelEnd } from '../../model/index.ts';
import type { Arrival, Conversation, Header, HttpRequest, Moment, Vantage } from '../conversation.ts';
import type { RandomStream } from '../random.ts';
import type { Resolver } from '../resolver.ts';
import { cacheKeyOf, EdgeCache } from './cache.ts';
import type { ViewerWish } from './conditions.ts';
import { wishOf } from './conditions.ts';
import { QualityScores } from './quality-scores.ts';
import { OriginConnections } from './origin-connections.ts';
import type { OriginResult } from './origin-attempts.ts';
import type { OriginRoute, Site, SiteBehavior, SiteOrigin } from './site.ts';
import { behaviorFor } from './site.ts';

/** What an edge location tells the world, and asks of it. */
export interface EdgeSurroundings {
  /** The distribution that answers to a host name (CF 4.6). */
  siteOf(host: string): Site | undefined;
  endpointLabel(address: string): string;
  /** Of a Date header. */
  httpDate(now: Instant): string;
  /** Puts a failed attempt on the timeline; returns its `seq`. */
  attemptFailed(edge: EdgeLocation, call: EdgeCall, failed: FailedAttempt): number;
  /** Puts the failure of a function on the timeline; returns its `seq`. */
  functionFailed(edge: EdgeLocation, call: EdgeCall, failed: FailedFunction): number;
  /** Puts it on the timeline; returns its `seq`. */
  websocketOpened(call: EdgeCall, to: OriginResult, now: Instant): number;
  websocketClosed(call: EdgeCall, to: OriginResult, end: WebsocketEnd): void;
  /** Puts it on the timeline; returns its `seq`. */
  failedOver(edge: EdgeLocation, call: EdgeCall, step: FailoverStep): number;
  /** `cloudfront.origin-connections` (CF 1.21, 4.18). */
  readonly keepsConnections: boolean;
  /** `cloudfront.failover-criteria` (CF 1.6, 1.7). */
  readonly strictCriteria: boolean;
  /** `cloudfront.failover-status`: what a function at origin-response has made of the status decides (CF 1.26, 9.3). */
  readonly functionDecidesFailover: boolean;
  /** How caches behind edge locations are asked (CF 4.11, 4.13); there are none unless given. */
  readonly tiers?: Tiers;
}

/** The caches between edge locations and origins. */
export interface Tiers {
  /** Where the edge asks origins itself: undefined. */
  regionalCacheFor(call: EdgeCall): EdgeLocation | undefined;
  askRegionalCache(call: EdgeCall, tier: EdgeLocation): Conversation<OriginResult>;
  /** The request is there already, or the origin has none: undefined. */
  shieldFor(call: EdgeCall, origin: SiteOrigin): EdgeLocation | undefined;
  askShield(call: EdgeCall, tier: EdgeLocation, origin: SiteOrigin, mayFailOver: boolean): Conversation<OriginResult>;
}

export interface FailedAttempt {
  readonly to: SiteOrigin;
  readonly endpoint: string;
  readonly address: string;
  readonly attempt: number;
  readonly why: AttemptFailure;
  readonly status: number;
}

interface WebsocketEnd {
  readonly why: TunnelEnd;
  readonly seconds: number;
  readonly now: Instant;
  /** The event of its beginning. */
  readonly cause: number;
}

export interface FailedFunction {
  readonly function: string;
  readonly event: EdgeEventType;
  readonly result: string;
  readonly says: string;
  readonly cause: number;
}

export interface FailoverStep {
  readonly from: SiteOrigin;
  readonly to: SiteOrigin;
  readonly why: AttemptFailure;
  readonly status: number;
  readonly cause: number;
}

/** A request whose answer is kept. */
interface KeyedRequest {
  readonly behavior: SiteBehavior;
  readonly request: HttpRequest;
  readonly target: string;
  readonly key: string;
  readonly wish: ViewerWish | undefined;
}

/** An edge location: a cache and a resolver of its own (CF 4.12), the same distributions as everywhere. */
export class EdgeLocation {
  readonly label: string;
  /** Of a cache that edge locations share (CF 4.11); undefined for these themselves. */
  readonly region: string | undefined;
  /** The nearest such cache; undefined when no distribution has anything to keep there. */
  regionalCache: EdgeLocation | undefined = undefined;
  readonly vantage: Vantage;
  readonly resolver: Resolver;
  readonly cache = new EdgeCache();
  readonly around: EdgeSurroundings;
  readonly qualities = new QualityScores();
  /** Undefined: each attempt connects anew. */
  readonly connections: OriginConnections | undefined;
  /** Drawn once; a count follows, so that no two requests share an id. */
  private readonly idPrefix: string;
  private requestCount = 0;
  /** Whom requests came for latest, and where they went: often the next ones are the same. */
  private latestHost = '';
  private latestSite: Site | undefined;
  private latestTarget = '';
  private latestBehavior: SiteBehavior | undefined;
  private latestAddress = '';
  private latestLabel = '';
  /** The cache key worked out latest, and what for: often the next request is the same. */
  private latestKey: KeyedRequest | undefined;

  constructor(
    label: string,
    vantage: Vantage,
    resolver: Resolver,
    ids: RandomStream,
    around: EdgeSurroundings,
    region?: string,
  ) {
    this.label = label;
    this.region = region;
    this.vantage = vantage;
    this.resolver = resolver;
    this.idPrefix = Array.from({ length: 40 }, () => Math.floor(ids.next() * 36).toString(36)).join('');
    this.around = around;
    this.connections = around.keepsConnections ? new OriginConnections() : undefined;
  }

  /** What an answer to a request is kept under, and what of it the viewer wants. */
  keyOf(site: Site, behavior: SiteBehavior, request: HttpRequest, target: string): KeyedRequest {
    const latest = this.latestKey;
    if (latest?.request === request && latest.behavior === behavior && latest.target === target) return latest;
    const key = cacheKeyOf(site, behavior, request, target);
    this.latestKey = { behavior, request, target, key, wish: wishOf(request) };
    return this.latestKey;
  }

  /** The distributions are others from now on. What is kept stays, and requests under way end as they began. */
  forgetSites(): void {
    this.latestHost = '';
    this.latestSite = undefined;
    this.latestBehavior = undefined;
    this.latestKey = undefined;
    this.latestAddress = '';
    this.latestLabel = '';
  }

  /** The distribution that answers to a host name (CF 4.6). */
  siteOf(host: string): Site | undefined {
    if (host !== this.latestHost) {
      this.latestSite = this.around.siteOf(host);
      this.latestHost = host;
      this.latestBehavior = undefined;
    }
    return this.latestSite;
  }

  /** The behaviour that takes a path of the distribution that {@link siteOf} gave last (CF 4.1). */
  behaviorFor(site: Site, target: string): SiteBehavior {
    if (this.latestBehavior === undefined || target !== this.latestTarget) {
      this.latestBehavior = behaviorFor(site, target);
      this.latestTarget = target;
    }
    return this.latestBehavior;
  }

  endpointLabel(address: string): string {
    if (address !== this.latestAddress) {
      this.latestLabel = this.around.endpointLabel(address);
      this.latestAddress = address;
    }
    return this.latestLabel;
  }

  report(call: EdgeCall, failed: FailedAttempt): number {
    return this.around.attemptFailed(this, call, failed);
  }

  /** Its name in headers. */
  get pop(): string {
    return `${this.label}50-P1`;
  }

  /** 56 characters, as an X-Amz-Cf-Id is. */
  nextRequestId(): string {
    this.requestCount += 1;
    return `${this.idPrefix}${this.requestCount.toString(36).padStart(14, '0')}==`;
  }
}

/** One viewer request on its way through an edge location. */
export class EdgeCall {
  readonly edge: EdgeLocation;
  readonly site: Site;
  readonly behavior: SiteBehavior;
  readonly arrival: Arrival;
  readonly moment: Moment;
  /** As the viewer sent it, or as a function at viewer-request left it. */
  request: HttpRequest;
  /** Path and query after the default root object (CF 4.5). */
  target: string;
  /** Where it goes: as the behaviour says, or as a helper of the function at viewer-request has chosen (CF 5.26). */
  route: OriginRoute;
  /** Attempts at origins so far. */
  attempts = 0;
  readonly beganAt: Instant;
  /** Where the answer came from, unless it was kept or made here. */
  upstream: OriginResult | undefined = undefined;
  /** It is CloudFront itself that asks, for a page that takes the place of an error. */
  isForErrorPage = false;
  /** Of a request whose answer is kept: what the viewer wants besides the object itself. */
  wish: ViewerWish | undefined = undefined;
  /** What the cache asks the origin for, in the place of the viewer's own conditions and range (CF 3.28, 3.30). */
  cacheHeaders: readonly Header[] | undefined = undefined;
  /** What its answer is kept under; undefined: it is not kept. */
  key: string | undefined = undefined;
  /** There is a secondary for what this comes to, so failures are nothing to keep, and nothing stands in for them (CF 2.15, 9.5). */
  mayFailOver = false;
  /** Of a call at a tier further from the viewer: the call that led there. */
  private parent: EdgeCall | undefined = undefined;
  private id = '';

  constructor(
    edge: EdgeLocation,
    site: Site,
    behavior: SiteBehavior,
    target: string,
    arrival: Arrival,
    moment: Moment,
  ) {
    this.edge = edge;
    this.site = site;
    this.behavior = behavior;
    this.target = target;
    this.arrival = arrival;
    this.request = arrival.request;
    this.route = behavior;
    this.moment = moment;
    this.beganAt = moment.now;
  }

  /** Made when first needed: most simulated requests are never asked for theirs. */
  get requestId(): string {
    if (this.parent !== undefined) return this.parent.requestId;
    if (this.id === '') this.id = this.edge.nextRequestId();
    return this.id;
  }

  /** The edge location that the viewer has reached. */
  get viewerEdge(): EdgeLocation {
    return this.parent === undefined ? this.edge : this.parent.viewerEdge;
  }

  /** The same at a tier further from the viewer, which is asked for what this call would ask an origin for. */
  at(tier: EdgeLocation, behavior: SiteBehavior): EdgeCall {
    const own = new EdgeCall(tier, this.site, behavior, this.target, this.arrival, this.moment);
    own.parent = this;
    own.request = this.request;
    own.isForErrorPage = this.isForErrorPage;
    own.key = this.key;
    own.wish = wishOf({ method: this.request.method, headers: this.cacheHeaders ?? [] });
    return own;
  }

  /** Whether the origin is asked if what is kept still holds, so that a 304 is an answer to the cache. */
  get hasValidators(): boolean {
    return this.cacheHeaders?.[0]?.[0].startsWith('If-') === true;
  }

  /** The name that CloudFront gives itself in Via headers. */
  get viaName(): string {
    return `${this.site.distribution.id.toLowerCase()}.cloudfront.net`;
  }
}
