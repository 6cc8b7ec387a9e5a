import type { AttemptFailure, Instant } from '../../model/index.ts';
import type { Answered, Conversation } from '../conversation.ts';
import { askOrigins } from './ask-origins.ts';
import type { EdgeCall, EdgeLocation, Tiers } from './edge.ts';
import type { FunctionFailed, FunctionResponded } from './edge-function.ts';
import { fromCache, serveUnkept } from './kept.ts';
import type { Cause } from './error-page.ts';
import type { Layer, OriginResult, TierAnswer } from './origin-attempts.ts';
import type { EdgeReply } from './reply.ts';
import type { SiteBehavior, SiteOrigin } from './site.ts';

/*
 * Behind the edge locations there are caches that many of them share: a regional edge cache, and the Origin Shield of an
 * origin that has one (CF 1.34, 4.11, 4.13). Each has a cache and a resolver of its own, and does with requests what an edge
 * does; who asks it takes its answer for that of an origin.
 */

/** @param cacheIn the cache in a Region. */
export function tiersOf(cacheIn: (region: string) => EdgeLocation | undefined): Tiers {
  return {
    regionalCacheFor,
    // It decides on failover too.
    askRegionalCache: (call, tier) => askTier(call, tier, routed(call), { layer: 'REC' }),
    shieldFor: ({ edge }, { shieldRegion }) =>
      shieldRegion === undefined || edge.region === shieldRegion ? undefined : cacheIn(shieldRegion),
    // Whether to fail over is for whoever asks (CF 1.34).
    askShield: (call, tier, primary, mayFailOver) =>
      askTier(call, tier, { ...routed(call), primary, secondary: undefined }, { layer: 'Origin Shield', mayFailOver }),
  };
}

/** The next tier for what is kept, by methods that fill caches, unless the origin is a bucket beside it (CF 4.11). */
function regionalCacheFor({ edge, route, request }: EdgeCall): EdgeLocation | undefined {
  const { regionalCache } = edge;
  if (regionalCache === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return undefined;
  return route.primary.bucketRegion === regionalCache.region ? undefined : regionalCache;
}

/** The behaviour as a helper of a function has changed where its requests go (CF 5.26). */
function routed({ behavior, route }: EdgeCall): SiteBehavior {
  return route === behavior ? behavior : { ...behavior, ...route };
}

function* askTier(
  call: EdgeCall,
  tier: EdgeLocation,
  behavior: SiteBehavior,
  { layer, mayFailOver = false }: { readonly layer: Layer; readonly mayFailOver?: boolean },
): Conversation<OriginResult> {
  yield { kind: 'hop', from: call.edge.vantage, to: tier.vantage };
  const own = call.at(tier, behavior);
  own.mayFailOver = mayFailOver;
  const result = own.key === undefined ? yield* askOrigins(own, asItIs) : yield* lookThere(own, own.key, layer);
  call.attempts += own.attempts;
  yield { kind: 'hop', from: tier.vantage, to: call.edge.vantage };
  return result;
}

function* lookThere(own: EdgeCall, key: string, layer: Layer): Conversation<OriginResult> {
  const { edge, moment } = own;
  const held = edge.cache.get(key);
  const isFresh = held !== undefined && held.freshUntil > moment.now;
  return new TierResult(own, isFresh ? fromCache(own, held) : yield* serveUnkept(own, key, held), layer);
}

function asItIs(_call: EdgeCall, result: OriginResult): OriginResult {
  return result;
}

function isFailure(cause: Cause): cause is Exclude<AttemptFailure, 'status'> & Cause {
  return FAILURES.has(cause);
}

const FAILURES: ReadonlySet<Cause> = new Set([
  'refused',
  'connect-timeout',
  'response-timeout',
  'completion-timeout',
  'reset',
  'tls',
  'dns',
] as const);

/** What a tier answers, as if an origin had answered it. */
class TierResult implements OriginResult {
  readonly from: SiteOrigin;
  readonly answer: Answered | undefined;
  readonly failure: Exclude<AttemptFailure, 'status'> | undefined;
  readonly endpoint: string;
  readonly made: FunctionResponded | FunctionFailed | undefined;
  readonly cause: number;
  readonly dnsMs: number;
  readonly askedAt: Instant;
  readonly isReused: boolean;
  readonly tier: TierAnswer;

  constructor({ behavior, moment, upstream, beganAt }: EdgeCall, reply: EdgeReply, layer: Layer) {
    const { account, ownCause } = reply;
    const { primary, secondary } = behavior;
    this.from = upstream?.from ?? (secondary?.origin.id === account.origin ? secondary : primary);
    this.endpoint = account.endpoint;
    this.cause = account.cause;
    this.isReused = upstream?.isReused ?? false;
    this.dnsMs = upstream?.dnsMs ?? 0;
    this.askedAt = upstream?.askedAt ?? beganAt;
    this.tier = {
      result: account.result,
      layer: upstream?.tier?.layer ?? layer,
      ageSeconds: reply.ageSeconds,
      store: reply.store,
    };
    this.failure = undefined;
    this.made = undefined;
    this.answer = undefined;
    if (ownCause === undefined) {
      const { status, body } = reply;
      this.answer = {
        kind: 'answered',
        status,
        headers: reply.sourceHeaders,
        body,
        firstByteAt: moment.now,
        account: undefined,
      };
    } else if (isFailure(ownCause)) this.failure = ownCause;
    else this.made = { kind: 'failed', cause: ownCause, result: account.result, says: '' };
  }
}
