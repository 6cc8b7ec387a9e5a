import type { Instant } from '../../model/index.ts';
import { after } from '../../model/index.ts';
import type { Answered, Body, Conversation, CutBody, Moment } from '../conversation.ts';
import { askOrigins } from './ask-origins.ts';
import type { CachedAnswer } from './cache.ts';
import { keptError } from './cache.ts';
import { cacheControlOf, headersNotKept } from './cache-control.ts';
import { compressed, countedWhenCoded, normalizedEncoding } from './compression.ts';
import { isUnchanged, rangeStillHolds, refreshedHeaders, validatorsOf } from './conditions.ts';
import { EdgeCall } from './edge.ts';
import { CLOUDFRONT_FACTS } from './facts.ts';
import { failureOf } from './function-events.ts';
import type { Lifetime } from './freshness.ts';
import { ageSecondsIn, errorCachingMinTtl, errorTtlSecondsOf, lifetimeOf } from './freshness.ts';
import type { OriginResult } from './origin-attempts.ts';
import { headerOf } from '../headers.ts';
import { contentRangeOf, notModified, partOf, partOfPart, plainRange } from './ranges.ts';
import { accountOf, ageOf, cachedAccount, EdgeReply, failed } from './reply.ts';

/*
 * Requests whose answers are kept. `serve.ts` has looked into the cache already: what comes here is not there, or not
 * fresh.
 */

/** What is kept and fresh, or as much of it as the viewer wants. A hit never touches an origin (CF 1.2). */
export function fromCache(call: EdgeCall, held: CachedAnswer): EdgeReply {
  const account = cachedAccount(call, held, held.status >= 400 ? 'Error' : 'Hit', 0);
  const { replacement } = held;
  const shown = replacement === undefined ? asWished(call, held) : { ...held, status: replacement };
  const reply = new EdgeReply(call, shown, account, { ageSeconds: ageOf(held, call.moment.now) });
  reply.isErrorPage = replacement !== undefined;
  return reply;
}

/** What is not kept, or not fresh: from whoever asks for it already, from the origin, or stale. */
export function* serveUnkept(call: EdgeCall, key: string, held: CachedAnswer | undefined): Conversation<EdgeReply> {
  const { edge, moment } = call;
  const { cache } = edge;
  if (call.wish?.range !== undefined) {
    const part = keptPart(call, key);
    if (part !== undefined) return part;
  }
  const underWay = cache.fetching(key);
  if (held !== undefined && held.refreshedBesideUntil > moment.now) {
    if (underWay === undefined) yield { kind: 'spawn', start: (own) => leadFetch(besides(call, own), key, held) };
    return fromCache(call, held);
  }
  if (!sharesFetches(call, held)) return conclude(call, key, held, yield* askWith(call, held));
  if (underWay !== undefined) {
    // Longer than for the origin itself nobody waits for others.
    const patienceMs = call.route.primary.origin.responseTimeoutSeconds * 1000;
    yield { kind: 'wait', for: underWay, until: after(moment.now, patienceMs) };
    const now = cache.get(key);
    if (now !== undefined && now.freshUntil > moment.now) return fromCache(call, now);
    // Nothing came of it that others may have: so each asks for itself.
    return conclude(call, key, now, yield* askWith(call, now));
  }
  return yield* leadFetch(call, key, held);
}

/** Asks the origin, and lets those who wait for the same go on when it is kept, or is not going to be. */
function* leadFetch(call: EdgeCall, key: string, held: CachedAnswer | undefined): Conversation<EdgeReply> {
  const signal = call.edge.cache.beginFetch(key);
  const reply = conclude(call, key, held, yield* askWith(call, held));
  const { store } = reply;
  if (store === undefined) {
    signal.give(call.moment.now);
    return reply;
  }
  reply.store = (body, now) => {
    store(body, now);
    signal.give(now);
  };
  return reply;
}

/** The same request once more, while its viewer has been answered already (CF 2.11). */
function besides(call: EdgeCall, moment: Moment): EdgeCall {
  const { edge, site, behavior, target, arrival } = call;
  const { method, host, headers, body } = call.request;
  const own = new EdgeCall(edge, site, behavior, target, arrival, moment);
  own.key = call.key;
  own.route = call.route;
  own.request = {
    // An answer to HEAD fills nothing.
    method: method === 'HEAD' ? 'GET' : method,
    target: call.request.target,
    host,
    headers: headers.filter(([name]) => !CONDITIONAL.test(name)),
    body,
  };
  return own;
}

const CONDITIONAL = /^(?:if-.*|range)$/i;

/** Which requests wait for another's answer, and are waited for (CF 3.27). */
function sharesFetches(call: EdgeCall, held: CachedAnswer | undefined): boolean {
  const { behavior, request, wish, isForErrorPage } = call;
  // Whoever wants a page for an error may be the one that all others wait for.
  if (!behavior.collapses || isForErrorPage || held?.isShared === false) return false;
  return request.method === 'GET' && wish?.range === undefined;
}

/** Asks whether what is held still holds (CF 3.28), else for what the viewer wants of the object (CF 3.30). */
function askWith(call: EdgeCall, held: CachedAnswer | undefined): Conversation<OriginResult> {
  const { wish, behavior } = call;
  const mayBeValid = held !== undefined && held.status < 400 && !held.isForOutagesOnly && behavior.validates;
  const validators = mayBeValid ? validatorsOf(held.headers) : [];
  if (validators.length > 0) call.cacheHeaders = validators;
  else if (wish?.range !== undefined) {
    const ifRange = wish.ifRange === undefined ? [] : [['If-Range', wish.ifRange] as const];
    call.cacheHeaders = [['Range', wish.range], ...ifRange];
  }
  const { tiers } = call.edge.around;
  const tier = tiers?.regionalCacheFor(call);
  if (tiers !== undefined && tier !== undefined) return tiers.askRegionalCache(call, tier);
  return askOrigins(call, (_call, result) => result);
}

function conclude(call: EdgeCall, key: string, held: CachedAnswer | undefined, result: OriginResult): EdgeReply {
  const reply = decide(call, key, held, result);
  // A tier between keeps nothing of what is not passed on.
  if (reply.store === undefined) result.tier?.store?.(undefined, call.moment.now);
  return reply;
}

function decide(call: EdgeCall, key: string, held: CachedAnswer | undefined, result: OriginResult): EdgeReply {
  const { answer, made } = result;
  if (made?.kind === 'failed') return failureOf(call, made);
  if (held !== undefined && answer?.status === 304 && call.hasValidators) return refresh(call, key, held, result);
  // After both origins, a stale copy comes before an error (CF 2.8, 2.9, 9.4).
  if (held !== undefined && standsIn(call, held, result)) return staleInstead(call, held, result);
  if (answer === undefined) {
    // What CloudFront makes itself is kept for the error caching minimum TTL too (CF 2.1, 9.4).
    const reply = failed(call, result.failure ?? 'reset', result.cause);
    if (call.mayFailOver) return reply;
    reply.errorTtlSeconds = errorCachingMinTtl(reply.status, call.site.distribution.customErrorResponses);
    const { origin, endpoint } = reply.account;
    const headers = reply.headers.filter(([name]) => name === 'Server' || name === 'Content-Type');
    const error = { status: reply.status, headers, body: reply.body, origin, endpoint };
    call.edge.cache.put(key, keptError(error, reply.errorTtlSeconds, call.moment.now));
    return reply;
  }
  // The connection to the origin is closed (CF 3.32).
  if ((answer.body.bytes ?? 0) > CLOUDFRONT_FACTS.KEPT_OBJECT_BYTES_MAX.value)
    return failed(call, 'too-large', result.cause);
  return deliver(call, key, result, answer);
}

/** No answer in time counts as a 5xx here (CF 2.7). */
function standsIn(call: EdgeCall, held: CachedAnswer, { answer, made }: OriginResult): boolean {
  const { moment, mayFailOver } = call;
  if (made !== undefined || mayFailOver) return false;
  const hasFailed = answer === undefined || (answer.status >= 500 && !held.isForOutagesOnly);
  return hasFailed && held.standsInUntil > moment.now;
}

/** Goes on for the error caching minimum TTL before the origin is asked again, never past what it may (CF 2.8, 2.10, 2.12). */
function staleInstead(call: EdgeCall, held: CachedAnswer, result: OriginResult): EdgeReply {
  const { now } = call.moment;
  if (!held.isForOutagesOnly) {
    const ttl = errorCachingMinTtl(result.answer?.status ?? 504, call.site.distribution.customErrorResponses);
    const askedAgain = after(now, ttl * 1000);
    held.freshUntil = askedAgain < held.standsInUntil ? askedAgain : held.standsInUntil;
  }
  const account = cachedAccount(call, held, 'Hit', result.cause);
  return new EdgeReply(call, asWished(call, held), account, { ageSeconds: ageOf(held, now) });
}

/** The origin says that what is held still holds: it begins anew (CF 3.28). */
function refresh(call: EdgeCall, key: string, held: CachedAnswer, result: OriginResult): EdgeReply {
  const { now } = call.moment;
  const said = result.answer === undefined ? [] : dated(call, result.answer).headers;
  const headers = refreshedHeaders(held.headers, said);
  const refreshed = keptAnswer(call, result, { status: held.status, headers }, { body: held.body, now });
  call.edge.cache.put(key, refreshed);
  call.upstream = result;
  const account = accountOf(call, result, 'RefreshHit');
  return new EdgeReply(call, asWished(call, refreshed), account, {
    ageSeconds: result.tier?.ageSeconds ?? refreshed.initialAgeSeconds,
  });
}

function deliver(call: EdgeCall, key: string, result: OriginResult, answer: Answered): EdgeReply {
  const { made, tier } = result;
  const account = accountOf(call, result, tier?.result ?? made?.result ?? (answer.status >= 400 ? 'Error' : 'Miss'));
  call.upstream = result;
  const sent = coded(call, dated(call, answer));
  const shown = call.cacheHeaders === undefined || call.hasValidators ? asWished(call, sent) : sent;
  const reply = new EdgeReply(
    call,
    shown,
    account,
    tier?.ageSeconds === undefined ? undefined : { ageSeconds: tier.ageSeconds },
  );
  reply.store = tier?.store;
  const isFailover = call.mayFailOver && call.route.failoverCodes.has(answer.status);
  if (answer.status >= 400 && !isFailover) reply.errorTtlSeconds = errorTtlOf(call, result, answer);
  // A HEAD brings no body to keep for the GET that shares its key (CF 3.6).
  if (call.request.method === 'HEAD' || !isKept(call, answer, reply.errorTtlSeconds)) return reply;
  // Of a part that a tier has cut out of what it keeps, the whole is there.
  if (isCut(answer.body)) return reply;
  reply.store = (body, now) => {
    tier?.store?.(body, now);
    if (body === undefined) return;
    const whole = countedWhenCoded(isCut(body) ? body.of : body);
    const kept = keptAnswer(call, result, sent, { body: whole, now });
    if (answer.status === 206) call.edge.cache.putPart(key, kept);
    else call.edge.cache.put(key, kept);
  };
  return reply;
}

/** What came without a date came now, and is passed on and kept so (RFC 9110, 6.6.1). */
function dated({ edge, moment }: EdgeCall, answer: Answered): Answered {
  const { kind, status, headers, body, firstByteAt, account } = answer;
  if (headerOf(headers, 'date') !== undefined) return answer;
  const date = edge.around.httpDate(moment.now);
  return { kind, status, headers: [...headers, ['Date', date]], body, firstByteAt, account };
}

/** Compressed, where the viewer takes it and the answer is kept (CF 3.33). */
function coded({ behavior: { encodings }, request, arrival }: EdgeCall, answer: Answered): Answered {
  if (encodings?.compresses !== true || arrival.httpVersion === '1.0') return answer;
  return compressed(answer, normalizedEncoding(request.headers, encodings));
}

/** A 304 is no object; a part is kept when it is clear which part it is (CF 3.28, 3.30). */
function isKept(call: EdgeCall, { status, headers }: Answered, errorTtlSeconds: number): boolean {
  if (status === 304) return false;
  if (status === 206) return call.cacheHeaders !== undefined && contentRangeOf(headers) !== undefined;
  return status < 400 || errorTtlSeconds > 0;
}

function errorTtlOf(
  { behavior, site }: EdgeCall,
  { from }: OriginResult,
  { status, headers }: Pick<Answered, 'status' | 'headers'>,
): number {
  return errorTtlSecondsOf(
    status,
    headers,
    behavior.behavior.cachePolicy,
    site.distribution.customErrorResponses,
    from.origin.kind,
  );
}

function isCut(body: Body): body is CutBody {
  return 'pieces' in body;
}

function keptAnswer(
  call: EdgeCall,
  result: OriginResult,
  { status, headers }: Pick<Answered, 'status' | 'headers'>,
  { body, now }: { readonly body: Body; readonly now: Instant },
): CachedAnswer {
  const { cachePolicy } = call.behavior.behavior;
  const lifetime =
    status < 400 ? lifetimeOf(headers, cachePolicy) : errorLifetime(errorTtlOf(call, result, { status, headers }));
  const left = headersNotKept(cacheControlOf(headers));
  const initialAgeSeconds = ageSecondsIn(headers) ?? 0;
  // Its time began when the tier that gave it had it (RFC 9111, 4.2.3).
  const keptBySeconds = Math.max(0, (result.tier?.ageSeconds ?? initialAgeSeconds) - initialAgeSeconds);
  const storedAt = after(now, keptBySeconds * -1000);
  const freshUntil = after(storedAt, lifetime.freshSeconds * 1000);
  return {
    status,
    headers: left.size === 0 ? headers : headers.filter(([name]) => !left.has(name.toLowerCase())),
    body,
    storedAt,
    initialAgeSeconds,
    freshUntil,
    refreshedBesideUntil: after(freshUntil, lifetime.staleWhileRevalidateSeconds * 1000),
    standsInUntil: standsInUntil(status, lifetime, cachePolicy.maxTtlSeconds, storedAt),
    isForOutagesOnly: lifetime.isForOutagesOnly,
    isShared: lifetime.freshSeconds > 0,
    origin: result.from.origin.id,
    endpoint: result.endpoint,
  };
}

function errorLifetime(freshSeconds: number): Lifetime {
  return { freshSeconds, isForOutagesOnly: false, staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 };
}

/** Errors never stand in for another. Unasked it is the maximum TTL that bounds it, from the beginning (CF 2.10). */
function standsInUntil(status: number, lifetime: Lifetime, maxTtlSeconds: number, now: Instant): Instant {
  const { freshSeconds, staleIfErrorSeconds } = lifetime;
  if (status >= 400) return now;
  if (staleIfErrorSeconds === undefined) return after(now, Math.max(maxTtlSeconds, freshSeconds) * 1000);
  return after(now, (freshSeconds + staleIfErrorSeconds) * 1000);
}

type Source = Pick<Answered, 'status' | 'headers' | 'body'>;

/** 304 for a viewer that has it already, the part that a viewer wants, or what there is (CF 3.12, 3.28, 3.30, 3.31). */
function asWished(call: EdgeCall, whole: Source): Source {
  const { wish } = call;
  if (wish === undefined || whole.status !== 200) return whole;
  if (call.behavior.validates && isUnchanged(wish, whole.headers)) return notModified(whole);
  if (wish.range === undefined || !rangeStillHolds(wish, whole.headers)) return whole;
  return partOf(whole, wish.range) ?? whole;
}

/** A range that lies in a part that is kept and fresh (CF 3.30). */
function keptPart(call: EdgeCall, key: string): EdgeReply | undefined {
  const { wish, moment, edge } = call;
  const wanted = plainRange(wish?.range ?? '');
  if (wanted === undefined || wish === undefined) return undefined;
  for (const part of edge.cache.partsOf(key)) {
    if (part.freshUntil <= moment.now || !rangeStillHolds(wish, part.headers)) continue;
    const answer = partOfPart(part, wanted);
    if (answer === undefined) continue;
    return new EdgeReply(call, answer, cachedAccount(call, part, 'Hit', 0), { ageSeconds: ageOf(part, moment.now) });
  }
  return undefined;
}
