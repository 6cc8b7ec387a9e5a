import type { Arrival, Conversation, HttpRequest, Moment, Reply } from '../conversation.ts';
import { inTurn } from '../conversation.ts';
import { SWITCHING_PROTOCOLS } from '../tunnel.ts';
import { askOrigins } from './ask-origins.ts';
import { isReplaceable, withErrorPage } from './custom-error.ts';
import { EdgeCall } from './edge.ts';
import type { EdgeLocation } from './edge.ts';
import { atViewerRequest, atViewerResponse, failureOf } from './function-events.ts';
import { fromCache, serveUnkept } from './kept.ts';
import type { OriginResult } from './origin-attempts.ts';
import { chainOf } from './origin-request.ts';
import { accountOf, edgeAccount, EdgeReply, failed, redirectToHttps } from './reply.ts';
import type { CustomErrorPage, SiteBehavior } from './site.ts';
import { selects, withRootObject } from './site.ts';
import { strangerReply } from './stranger.ts';
import { countryOf, withViewerHeaders } from './viewer-headers.ts';
import { EdgeTunnel } from './websocket.ts';

/**
 * A viewer request at an edge location: refused, answered from the cache, or from an origin. Of a custom error page it is
 * CloudFront itself that asks: for that nobody is refused, and nothing takes the place of an error.
 */
export function serveAtEdge(
  edge: EdgeLocation,
  arrival: Arrival,
  moment: Moment,
  isForErrorPage = false,
): Conversation<Reply> {
  const site = edge.siteOf(arrival.request.host);
  if (site === undefined) return atOnce(strangerReply(edge));
  const target = withRootObject(site, arrival.request.target);
  const call = new EdgeCall(edge, site, edge.behaviorFor(site, target), target, arrival, moment);
  call.isForErrorPage = isForErrorPage;
  const refusal = isForErrorPage ? undefined : refuse(call);
  if (refusal !== undefined) return refused(call, refusal);
  const isKnownToEnd = call.behavior.isPlain && !isKept(call.behavior, arrival.request);
  return isKnownToEnd ? askOrigins(call, answerOf) : serveInStages(call);
}

/** Of refusals only that of a country may have a page in its place (CF 2.28a). */
function refused(call: EdgeCall, refusal: EdgeReply): Conversation<Reply> {
  const page = refusal.ownCause === 'country-not-served' ? call.site.errorPages?.get(refusal.status) : undefined;
  return page === undefined ? atOnce(refusal) : insteadOf(refusal, undefined, call, page);
}

function* atOnce(reply: Reply): Conversation<Reply> {
  return reply;
}

/** With a cache, with functions, with pages in the place of errors: as far as the behaviour has them. */
function* serveInStages(call: EdgeCall): Conversation<Reply> {
  const { edge, site, moment, isForErrorPage } = call;
  const { viewerRequest, viewerResponse } = call.behavior;
  if (viewerRequest !== undefined && !isForErrorPage) {
    const reply = yield* atViewerRequest(call, viewerRequest);
    // No function sees that answer (CF 5.2).
    if (reply !== undefined) return reply;
  }
  if (call.behavior.viewerHeaders !== undefined) call.request = withViewerHeaders(call, call.behavior.viewerHeaders);
  let reply: EdgeReply;
  let key: string | undefined;
  if (isKept(call.behavior, call.request)) {
    const kept = edge.keyOf(site, call.behavior, call.request, call.target);
    ({ key, wish: call.wish } = kept);
    call.key = key;
    // What is kept may change before.
    if (moment.isAhead === true) yield inTurn(moment);
    const held = edge.cache.get(key);
    const isFresh = held !== undefined && held.freshUntil > moment.now;
    reply = isFresh ? fromCache(call, held) : yield* serveUnkept(call, key, held);
  } else reply = yield* askOrigins(call, answerOf);
  if (isForErrorPage || reply.isErrorPage) return reply;
  const page = isReplaceable(reply) ? site.errorPages?.get(reply.status) : undefined;
  // A function that sees what the viewer gets sees no custom error page (CF 5.2).
  if (page !== undefined) return yield* insteadOf(reply, key, call, page);
  if (viewerResponse === undefined) return reply;
  const sent = yield* atViewerResponse(call, viewerResponse, reply);
  // What a failed function keeps from the viewer is not kept for others either.
  if (sent.store === undefined) reply.store?.(undefined, moment.now);
  return sent;
}

/** What a viewer gets for what is kept for nobody. */
function answerOf(call: EdgeCall, result: OriginResult): EdgeReply {
  const { answer, failure, made } = result;
  if (made?.kind === 'failed') return failureOf(call, made);
  if (answer === undefined) return failed(call, failure ?? 'reset', result.cause);
  call.upstream = result;
  // A WebSocket is logged as a Miss (CF 4.21).
  const account = accountOf(call, result, made?.result ?? (answer.status >= 400 ? 'Error' : 'Miss'));
  const reply = new EdgeReply(call, answer, account);
  if (answer.status === SWITCHING_PROTOCOLS) reply.tunnel = new EdgeTunnel(call, result);
  return reply;
}

function insteadOf(
  reply: EdgeReply,
  key: string | undefined,
  call: EdgeCall,
  page: CustomErrorPage,
): Conversation<Reply> {
  const failure = { reply, key, ttlSeconds: reply.errorTtlSeconds };
  return withErrorPage(call, page, failure, (arrival) => serveAtEdge(call.edge, arrival, call.moment, true));
}

/** Refusals that need no origin (CF 2.28, 2.28a, 4.3, 4.4, 4.22). */
function refuse(call: EdgeCall): EdgeReply | undefined {
  const { arrival, behavior } = call;
  const { method, host, body } = arrival.request;
  if (!arrival.tls && behavior.behavior.viewerProtocolPolicy === 'redirect-to-https') {
    // There is no 307 before HTTP/1.1 (CF 4.4).
    if (arrival.httpVersion === '1.0' && method !== 'GET' && method !== 'HEAD') return failed(call, 'https-only', 0);
    return new EdgeReply(call, redirectToHttps(host, arrival.request.target, method), edgeAccount(call, 'Redirect', 0));
  }
  if (!arrival.tls && behavior.behavior.viewerProtocolPolicy === 'https-only') return failed(call, 'https-only', 0);
  if (!isServedIn(call)) return failed(call, 'country-not-served', 0);
  if (arrival.request.target.length > TARGET_CHARACTERS_MAX) return failed(call, 'long-target', 0);
  // Whoever comes from a viewer has come through none.
  if (arrival.from.name.startsWith('edge:') && chainOf(arrival).length >= CHAINED_MAX)
    return failed(call, 'long-chain', 0);
  if (!behavior.allowedMethods.has(method)) return failed(call, 'method-not-allowed', 0);
  if (method === 'GET' && body !== undefined && body.bytes !== 0) return failed(call, 'get-with-body', 0);
  return undefined;
}

/** Whoever is nobody knows where is served, too (CF 2.28a). */
function isServedIn({ site, arrival }: EdgeCall): boolean {
  const { countries } = site.distribution;
  if (countries === undefined) return true;
  const country = countryOf(arrival.from);
  return country === undefined || selects(countries, country);
}

/** Length of an address (CF 7.2), and distributions before one that a request may have come through (CF 7.3). */
const TARGET_CHARACTERS_MAX = 8192;
const CHAINED_MAX = 2;

/** Whether answers to this method are looked for in the cache at all (CF 3.6, 3.16); a WebSocket is no answer. */
function isKept(behavior: SiteBehavior, { method, upgrade }: HttpRequest): boolean {
  return behavior.keeps && upgrade === undefined && behavior.cachedMethods.has(method);
}
