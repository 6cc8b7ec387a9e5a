import type { AttemptFailure } from '../../model/index.ts';
import { msBetween } from '../../model/index.ts';
import type { Conversation, Exchange, Outcome } from '../conversation.ts';
import { inTurn } from '../conversation.ts';
import type { ResolvedName } from '../resolver.ts';
import type { EdgeCall } from './edge.ts';
import { FAILOVER_METHODS } from './facts.ts';
import { atOriginRequest, atOriginResponse } from './function-events.ts';
import { byQuality } from './media-quality.ts';
import type { OriginResult } from './origin-attempts.ts';
import { OriginAttempts } from './origin-attempts.ts';
import type { SiteOrigin } from './site.ts';

/**
 * The primary, then the secondary if the primary's outcome calls for it; nothing is remembered of earlier requests
 * (CF 1.9, 1.10).
 * @param conclude what the conversation comes to; given here so that the usual request needs no conversation around this one.
 */
export function* askOrigins<Result>(
  call: EdgeCall,
  conclude: (call: EdgeCall, result: OriginResult) => Result,
): Conversation<Result> {
  const { edge, moment } = call;
  const { originRequest, originResponse } = call.behavior;
  const { tiers } = edge.around;
  let { primary, secondary } = call.route;
  if (call.route.selectsByQuality === true) [primary, secondary] = yield* byQuality(call);
  let attempts = new OriginAttempts(call, primary);
  while (!attempts.areOver) {
    const shield = attempts.from.shieldRegion === undefined ? undefined : tiers?.shieldFor(call, attempts.from);
    if (tiers !== undefined && shield !== undefined) {
      // Each origin is asked through its own shield; whether to fail over is decided here (CF 1.34).
      attempts.adopt(yield* tiers.askShield(call, shield, attempts.from, secondary !== undefined));
      if (secondary !== undefined && attempts.made === undefined && failsOver(call, attempts)) {
        attempts.tier?.store?.(undefined, moment.now);
        attempts = new OriginAttempts(call, secondary, reportFailover(call, attempts, secondary));
        secondary = undefined;
      }
      continue;
    }
    const isReady = originRequest === undefined || attempts.isPrepared;
    const kept = edge.connections === undefined || !isReady ? undefined : yield* takeKept(call, attempts);
    let exchange = kept;
    if (kept === undefined) {
      // Names are resolved at fetch time and kept for their TTL (CF 4.14).
      const name = attempts.from.origin.domainName;
      const resolved = edge.resolver.held(name, moment.now) ?? (yield* lookUp(call, attempts, name));
      if (originRequest !== undefined && !isReady && resolved.found.kind !== 'failed') {
        yield* atOriginRequest(call, originRequest, attempts);
        // A name that the function has put there is resolved in its turn (CF 4.15).
        if (attempts.areOver || attempts.from.origin.domainName !== name) continue;
      }
      exchange = attempts.next(resolved);
    }
    let isReported = true;
    if (exchange !== undefined) {
      const came = (yield exchange) as Outcome;
      if (attempts.wasOver(came)) continue;
      const outcome = attempts.taken(came);
      isReported = attempts.isReported(outcome);
      if (isReported && moment.isAhead === true) yield inTurn(moment);
      attempts.conclude(outcome, isReported);
    }
    if (!attempts.areOver) continue;
    let isLeft = secondary !== undefined && isReported && failsOver(call, attempts);
    // Of a WebSocket that has come about no function is told (CF 4.21).
    if (originResponse !== undefined && attempts.answer !== undefined && attempts.answer.status >= 200) {
      yield* atOriginResponse(call, originResponse, attempts, attempts.answer);
      if (edge.around.functionDecidesFailover) isLeft = attempts.made === undefined && failsOver(call, attempts);
    }
    if (isLeft && secondary !== undefined) {
      attempts = new OriginAttempts(call, secondary, reportFailover(call, attempts, secondary));
      secondary = undefined;
    }
  }
  if (call.route.selectsByQuality === true) edge.qualities.note(call.behavior, attempts.from, attempts.answer?.headers);
  return conclude(call, attempts);
}

/** A first attempt goes over a connection that is open already, where there is one: without DNS, TCP and TLS (CF 4.18). */
function* takeKept({ edge, moment }: EdgeCall, attempts: OriginAttempts): Conversation<Exchange | undefined> {
  // Others take and leave connections until then.
  if (moment.isAhead === true) yield inTurn(moment);
  return attempts.reuse(edge.connections);
}

/** Asks the name servers for what is not held. */
function* lookUp({ edge, moment }: EdgeCall, attempts: OriginAttempts, name: string): Conversation<ResolvedName> {
  // Somebody else may have looked it up before; what is held stays until its end.
  if (moment.isAhead === true) yield inTurn(moment);
  const { now } = moment;
  const resolved = yield* edge.resolver.resolve(name, moment, attempts.until);
  attempts.dnsMs += msBetween(now, moment.now);
  return resolved;
}

function reportFailover(call: EdgeCall, first: OriginResult, to: SiteOrigin): number {
  const why: AttemptFailure = first.failure ?? 'status';
  const status = first.answer?.status ?? 0;
  return call.edge.around.failedOver(call.edge, call, { from: first.from, to, why, status, cause: first.cause });
}

/** Which outcomes of the primary lead to the secondary (CF 1.3 to 1.8, 9.1, 9.2). */
function failsOver(call: EdgeCall, { answer, failure }: OriginResult): boolean {
  const { behavior } = call;
  const { method } = call.request;
  if (!FAILOVER_METHODS.has(method)) return false;
  if (method === 'OPTIONS' && !behavior.cachedMethods.has('OPTIONS')) return false;
  const codes = call.route.failoverCodes;
  if (answer !== undefined) return codes.has(answer.status);
  if (!call.edge.around.strictCriteria) return true;
  switch (failure) {
    case 'refused':
    case 'connect-timeout':
    case 'reset':
      return codes.has(503);
    case 'response-timeout':
    case 'completion-timeout':
      return codes.has(504);
    case 'dns':
    case 'tls':
    case undefined:
      return codes.has(502);
  }
}
