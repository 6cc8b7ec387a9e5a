import type { AttemptFailure, Instant } from '../../model/index.ts';
import { after, msBetween } from '../../model/index.ts';
import type { Account, Answered, Arrival, Body, Conversation, Moment, Outcome, Reply } from '../conversation.ts';
import { inTurn } from '../conversation.ts';
import type { ResolvedName } from '../resolver.ts';
import type { CachedAnswer } from './cache.ts';
import { EdgeCall } from './edge.ts';
import type { EdgeLocation } from './edge.ts';
import type { FailedAnswer } from './custom-error.ts';
import { isReplaceable, withErrorPage } from './custom-error.ts';
import type { Cause } from './error-page.ts';
import { CAUSES } from './error-page.ts';
import { FAILOVER_METHODS } from './facts.ts';
import { errorCachingMinTtl, errorTtlSecondsOf, ttlSecondsOf } from './freshness.ts';
import type { OriginResult } from './origin-attempts.ts';
import { OriginAttempts } from './origin-attempts.ts';
import { atOriginRequest, atOriginResponse, atViewerRequest, atViewerResponse, failureOf } from './function-events.ts';
import { ageOf, EdgeReply, redirectToHttps } from './reply.ts';
import type { CustomErrorPage, SiteBehavior, SiteOrigin } from './site.ts';
import { withRootObject } from './site.ts';
import { strangerReply } from './stranger.ts';
import { withViewerHeaders } from './viewer-headers.ts';

/**
 * A viewer request at an edge location: refused, answered from the cache, or from an origin. Of a custom error page it is
 * CloudFront itself that asks: for that nobody is refused, and nothing takes the place of an error.
 */
export function* serveAtEdge(
  edge: EdgeLocation,
  arrival: Arrival,
  moment: Moment,
  isForErrorPage = false,
): Conversation<Reply> {
  const site = edge.siteOf(arrival.request.host);
  if (site === undefined) return strangerReply(edge);
  const target = withRootObject(site, arrival.request.target);
  const call = new EdgeCall(edge, site, edge.behaviorFor(site, target), target, arrival, moment);
  const refusal = isForErrorPage ? undefined : refuse(call);
  if (refusal !== undefined) return refusal;
  const { viewerRequest, originRequest, originResponse, viewerResponse } = call.behavior;
  if (viewerRequest !== undefined && !isForErrorPage) {
    const reply = yield* atViewerRequest(call, viewerRequest);
    // No function sees that answer (CF 5.2).
    if (reply !== undefined) return reply;
  }
  if (call.behavior.viewerHeaders !== undefined) call.request = withViewerHeaders(call, call.behavior.viewerHeaders);
  const { request } = call;
  const key = isKept(call.behavior, request.method) ? edge.keyOf(site, call.behavior, request, call.target) : undefined;
  // What is kept may change before.
  if (key !== undefined && moment.isAhead === true) yield inTurn(moment);
  const held = key === undefined ? undefined : edge.cache.get(key, moment.now);
  // A hit never touches an origin (CF 1.2).
  if (held !== undefined && held.freshUntil > moment.now) {
    const hit = fromCache(call, held);
    if (isForErrorPage || held.replacement !== undefined) return hit;
    const page = site.errorPages?.get(held.status);
    if (page !== undefined) return yield* insteadOf({ reply: hit, key: undefined, ttlSeconds: 0 }, call, page);
    return viewerResponse === undefined ? hit : yield* atViewerResponse(call, viewerResponse, hit);
  }

  // The primary, then the secondary if the primary's outcome calls for it; nothing is remembered of earlier
  // requests (CF 1.9, 1.10).
  let attempts = new OriginAttempts(call, call.behavior.primary);
  let { secondary } = call.behavior;
  while (!attempts.areOver) {
    // Names are resolved at fetch time and kept for their TTL (CF 4.14).
    const name = attempts.from.origin.domainName;
    const resolved = edge.resolver.held(name, moment.now) ?? (yield* lookUp(call, attempts, name));
    if (originRequest !== undefined && !attempts.isPrepared && resolved.found.kind !== 'failed') {
      yield* atOriginRequest(call, originRequest, attempts);
      // A name that the function has put there is resolved in its turn (CF 4.15).
      if (attempts.areOver || attempts.from.origin.domainName !== name) continue;
    }
    const exchange = attempts.next(resolved);
    let isReported = true;
    if (exchange !== undefined) {
      const outcome = (yield exchange) as Outcome;
      isReported = attempts.isReported(outcome);
      if (isReported && moment.isAhead === true) yield inTurn(moment);
      attempts.conclude(outcome, isReported);
    }
    if (!attempts.areOver) continue;
    let isLeft = secondary !== undefined && isReported && failsOver(call, attempts);
    if (originResponse !== undefined && attempts.answer !== undefined) {
      yield* atOriginResponse(call, originResponse, attempts, attempts.answer);
      if (edge.around.functionDecidesFailover) isLeft = attempts.made === undefined && failsOver(call, attempts);
    }
    if (isLeft && secondary !== undefined) {
      attempts = new OriginAttempts(call, secondary, reportFailover(call, attempts, secondary));
      secondary = undefined;
    }
  }

  // After both origins, a stale copy comes before an error (CF 2.8, 2.9, 9.4).
  const reply =
    held !== undefined && isServerError(attempts) && held.keptUntil > moment.now
      ? staleInstead(call, held, attempts)
      : deliver(call, attempts, key);
  if (isForErrorPage) return reply;
  const page = isReplaceable(reply) ? site.errorPages?.get(reply.status) : undefined;
  // A function that sees what the viewer gets sees no custom error page (CF 5.2).
  if (page !== undefined)
    return yield* insteadOf({ reply, key, ttlSeconds: errorLifetimeOf(call, attempts, key) }, call, page);
  return viewerResponse === undefined ? reply : yield* atViewerResponse(call, viewerResponse, reply);
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

function insteadOf(failed: FailedAnswer, call: EdgeCall, page: CustomErrorPage): Conversation<Reply> {
  return withErrorPage(call, page, failed, (arrival) => serveAtEdge(call.edge, arrival, call.moment, true));
}

/** Refusals that need no origin (CF 2.28, 4.3, 4.4, 4.22). */
function refuse(call: EdgeCall): Reply | undefined {
  const { arrival, behavior } = call;
  const { method, host, body } = arrival.request;
  if (!arrival.tls && behavior.behavior.viewerProtocolPolicy === 'redirect-to-https') {
    // There is no 307 before HTTP/1.1 (CF 4.4).
    if (arrival.httpVersion === '1.0' && method !== 'GET' && method !== 'HEAD') return failed(call, 'https-only', 0);
    return new EdgeReply(call, redirectToHttps(host, arrival.request.target, method), edgeAccount(call, 'Redirect', 0));
  }
  if (!arrival.tls && behavior.behavior.viewerProtocolPolicy === 'https-only') return failed(call, 'https-only', 0);
  if (!behavior.allowedMethods.has(method)) return failed(call, 'method-not-allowed', 0);
  if (method === 'GET' && body !== undefined && body.bytes !== 0) return failed(call, 'get-with-body', 0);
  return undefined;
}

/** Whether answers to this method are looked for in the cache at all (CF 3.6, 3.16). */
function isKept(behavior: SiteBehavior, method: string): boolean {
  return behavior.keeps && behavior.cachedMethods.has(method);
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
  const codes = behavior.failoverCodes;
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

/** No answer in time counts as a 5xx here (CF 2.7). */
function isServerError({ answer, made }: OriginResult): boolean {
  if (made !== undefined) return false;
  return answer === undefined || answer.status >= 500;
}

function deliver(call: EdgeCall, result: OriginResult, key: string | undefined): EdgeReply {
  const { answer, failure, made } = result;
  if (made?.kind === 'failed') return failureOf(call, made);
  if (answer === undefined) {
    const reply = failed(call, failure ?? 'reset', result.cause);
    if (key !== undefined) keepError(call, key, reply);
    return reply;
  }
  call.upstream = result;
  const account = accountOf(call, result, made?.result ?? (answer.status >= 400 ? 'Error' : 'Miss'));
  const ttlSeconds = key === undefined ? 0 : lifetimeOf(call, answer);
  // A HEAD brings no body to keep for the GET that shares its key (CF 3.6).
  if (key === undefined || ttlSeconds <= 0 || call.request.method === 'HEAD')
    return new EdgeReply(call, answer, account);
  const store = (body: Body, now: Instant): void => keep(call, key, result, answer, { body, now, ttlSeconds });
  return new EdgeReply(call, answer, account, { store });
}

/** Answers to a range and to a condition. */
const NOT_WHOLE: ReadonlySet<number> = new Set([206, 304]);

function lifetimeOf(call: EdgeCall, answer: Answered): number {
  const { cachePolicy } = call.behavior.behavior;
  // Neither is the object that the key stands for (CF 3.28, 3.30).
  if (NOT_WHOLE.has(answer.status)) return 0;
  if (answer.status < 400) return ttlSecondsOf(answer.headers, cachePolicy);
  return errorTtlSecondsOf(answer.status, answer.headers, cachePolicy, call.site.distribution.customErrorResponses);
}

/** For how long an error is kept, whoever made it (CF 2.1, 2.5). */
function errorLifetimeOf(call: EdgeCall, { answer, failure, made }: OriginResult, key: string | undefined): number {
  if (key === undefined || made?.kind === 'failed') return 0;
  if (answer !== undefined) return lifetimeOf(call, answer);
  return errorCachingMinTtl(CAUSES[failure ?? 'reset'][0], call.site.distribution.customErrorResponses);
}

function keep(
  call: EdgeCall,
  key: string,
  result: OriginResult,
  answer: Answered,
  { body, now, ttlSeconds }: { readonly body: Body; readonly now: Instant; readonly ttlSeconds: number },
): void {
  const stale = answer.status < 400 ? call.behavior.behavior.cachePolicy.maxTtlSeconds : 0;
  call.edge.cache.put(key, {
    status: answer.status,
    headers: answer.headers,
    body,
    storedAt: now,
    freshUntil: after(now, ttlSeconds * 1000),
    keptUntil: after(now, Math.max(stale, ttlSeconds) * 1000),
    origin: result.from.origin.id,
    endpoint: result.endpoint,
  });
}

/** Errors that CloudFront makes itself are kept for the error caching minimum TTL too (CF 2.1, 9.4). */
function keepError(call: EdgeCall, key: string, reply: Reply): void {
  const ttl = errorCachingMinTtl(reply.status, call.site.distribution.customErrorResponses);
  const { now } = call.moment;
  const freshUntil = after(now, ttl * 1000);
  const headers = reply.headers.filter(([name]) => name === 'Server' || name === 'Content-Type');
  const { status, body } = reply;
  call.edge.cache.put(key, {
    status,
    headers,
    body,
    storedAt: now,
    freshUntil,
    keptUntil: freshUntil,
    origin: '',
    endpoint: 'edge',
  });
}

function fromCache(call: EdgeCall, held: CachedAnswer): EdgeReply {
  const account = cachedAccount(call, held, held.status >= 400 ? 'Error' : 'Hit', 0);
  const shown = held.replacement === undefined ? held : { ...held, status: held.replacement };
  return new EdgeReply(call, shown, account, { ageSeconds: ageOf(held, call.moment.now) });
}

/** Goes on for the error caching minimum TTL before the origin is asked again, never past the maximum TTL (CF 2.8, 2.10). */
function staleInstead(call: EdgeCall, held: CachedAnswer, result: OriginResult): EdgeReply {
  const { now } = call.moment;
  const ttl = errorCachingMinTtl(result.answer?.status ?? 504, call.site.distribution.customErrorResponses);
  const askedAgain = after(now, ttl * 1000);
  held.freshUntil = askedAgain < held.keptUntil ? askedAgain : held.keptUntil;
  return new EdgeReply(call, held, cachedAccount(call, held, 'Hit', result.cause), { ageSeconds: ageOf(held, now) });
}

function failed(call: EdgeCall, cause: Cause, because: number): EdgeReply {
  return new EdgeReply(call, cause, edgeAccount(call, 'Error', because));
}

function accountOf(call: EdgeCall, { from, endpoint, cause }: OriginResult, result: string): Account {
  return { edge: call.edge.label, origin: from.origin.id, endpoint, attempts: call.attempts, result, cause };
}

function cachedAccount(call: EdgeCall, held: CachedAnswer, result: string, cause: number): Account {
  return {
    edge: call.edge.label,
    origin: held.origin,
    endpoint: held.endpoint,
    attempts: call.attempts,
    result,
    cause,
  };
}

function edgeAccount(call: EdgeCall, result: string, cause: number): Account {
  return { edge: call.edge.label, origin: '', endpoint: 'edge', attempts: call.attempts, result, cause };
}
