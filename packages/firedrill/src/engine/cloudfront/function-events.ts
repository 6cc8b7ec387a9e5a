import type { Answered, Conversation, Headers, HttpRequest, Reply } from '../conversation.ts';
import { inTurn } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import type { EdgeCall, FailedFunction } from './edge.ts';
import type {
  EdgeFunction,
  FunctionFailed,
  FunctionResponded,
  RequestChanged,
  RequestVerdict,
  ResponseVerdict,
} from './edge-function.ts';
import { lambdaRequestVerdict, lambdaResponseVerdict } from './lambda-at-edge.ts';
import { viewerRequestVerdict, viewerResponseVerdict } from './cloudfront-function.ts';
import type { OriginAttempts } from './origin-attempts.ts';
import { withCustomHeaders } from './origin-request.ts';
import { edgeAccount, EdgeReply } from './reply.ts';
import { withRootObject } from './site.ts';

/*
 * The four events at which functions run, of either kind. Each hook runs the function that the behaviour has there, and does
 * what comes of it; `serve.ts` calls none where there is no function. What a kind of function is given, may change and is
 * refused for stands in its own files.
 */

/** Every request, before the cache is looked at (CF 5.1). @returns the answer, when the function has ended the request. */
export function* atViewerRequest(call: EdgeCall, fn: EdgeFunction): Conversation<Reply | undefined> {
  const verdict = yield* told(call, fn, { event: 'viewer-request', cause: 0 }, yield* requestVerdict(call, fn));
  switch (verdict.kind) {
    case 'pass':
      return undefined;
    case 'changed':
      call.request = changedRequest(call.request, verdict, '');
      call.target = withRootObject(call.site, call.request.target);
      return undefined;
    case 'responded':
      return responseOf(call, verdict);
    case 'failed':
      return failureOf(call, verdict);
  }
}

/**
 * Once for each member of an origin group that is asked (CF 1.23), after its name has been resolved (CF 4.15). What is changed
 * holds for this member alone (CF 1.27).
 */
export function* atOriginRequest(call: EdgeCall, fn: EdgeFunction, attempts: OriginAttempts): Conversation<void> {
  attempts.isPrepared = true;
  const given = yield* requestVerdict(call, fn, attempts);
  const verdict = yield* told(call, fn, { event: 'origin-request', cause: attempts.cause }, given);
  switch (verdict.kind) {
    case 'pass':
      return;
    case 'changed': {
      const to = verdict.origin ?? attempts.from;
      const headers = withCustomHeaders(verdict.headers, call, to);
      attempts.redirect(to, changedRequest(attempts.request, { ...verdict, headers }, to.origin.originPath), verdict);
      return;
    }
    case 'responded':
      return attempts.end({ ...verdict, headers: withServer(verdict.headers) });
    case 'failed':
      attempts.end(verdict);
  }
}

/** After every answer of an origin, errors too (CF 1.26), before it is kept. */
export function* atOriginResponse(
  call: EdgeCall,
  fn: EdgeFunction,
  attempts: OriginAttempts,
  answer: Answered,
): Conversation<void> {
  const given = yield* responseVerdict(call, fn, answer, attempts);
  const verdict = yield* told(call, fn, { event: 'origin-response', cause: attempts.cause }, given);
  switch (verdict.kind) {
    case 'pass':
      return;
    case 'changed': {
      const { status, headers, body = answer.body } = verdict;
      const { firstByteAt, account } = answer;
      attempts.answer = { kind: 'answered', status, headers, body, firstByteAt, account };
      return;
    }
    case 'failed':
      attempts.end(verdict);
  }
}

/** Before the viewer gets its answer, from the cache or not; not for errors (CF 5.2). */
export function* atViewerResponse(call: EdgeCall, fn: EdgeFunction, reply: EdgeReply): Conversation<Reply> {
  // Nobody has an answer of its own any more once a WebSocket has come about (CF 4.21).
  if (reply.status >= 400 || reply.tunnel !== undefined) return reply;
  const given = yield* responseVerdict(call, fn, { status: reply.status, headers: reply.shownHeaders });
  const verdict = yield* told(call, fn, { event: 'viewer-response', cause: 0 }, given);
  switch (verdict.kind) {
    case 'pass':
      return reply;
    case 'changed':
      return reply.changed(verdict);
    case 'failed':
      return failureOf(call, verdict);
  }
}

/** Puts a failure on the timeline; whatever else a function has done is no event of its own. */
function* told<Verdict extends RequestVerdict | ResponseVerdict>(
  call: EdgeCall,
  fn: EdgeFunction,
  where: Pick<FailedFunction, 'event' | 'cause'>,
  verdict: Verdict,
): Conversation<Verdict> {
  if (verdict.kind !== 'failed') return verdict;
  if (call.moment.isAhead === true) yield inTurn(call.moment);
  const { result, because = where.cause } = verdict;
  // What code says of its errors may be of any length.
  const says = verdict.says.slice(0, SAYS_CHARACTERS_MAX);
  const failed = { ...where, cause: because, function: nameOf(fn), result, says };
  return { ...verdict, because: call.edge.around.functionFailed(call.edge, call, failed) };
}

/** So much of an error's text is on the timeline. */
const SAYS_CHARACTERS_MAX = 1000;

function nameOf(fn: EdgeFunction): string {
  return fn.kind === 'lambda' ? fn.function.name : fn.name;
}

/** By the kind of the function; `attempts` at origin events only. */
function* requestVerdict(call: EdgeCall, fn: EdgeFunction, attempts?: OriginAttempts): Conversation<RequestVerdict> {
  switch (fn.kind) {
    case 'lambda':
      return yield* lambdaRequestVerdict(call, fn, attempts);
    case 'cloudfront-function':
      return yield* viewerRequestVerdict(call, fn);
  }
}

/** By the kind of the function; `attempts` at origin events only. */
function* responseVerdict(
  call: EdgeCall,
  fn: EdgeFunction,
  response: Pick<Answered, 'status' | 'headers'>,
  attempts?: OriginAttempts,
): Conversation<ResponseVerdict> {
  switch (fn.kind) {
    case 'lambda':
      return yield* lambdaResponseVerdict(call, fn, response, attempts);
    case 'cloudfront-function':
      return yield* viewerResponseVerdict(call, fn, response);
  }
}

function changedRequest(
  { method, upgrade }: HttpRequest,
  { uri, querystring, host, headers, body }: RequestChanged,
  originPath: string,
): HttpRequest {
  const target = `${originPath}${uri}${querystring === '' ? '' : `?${querystring}`}`;
  return { method, target, host, headers, body, upgrade };
}

function responseOf(call: EdgeCall, { status, headers, body, result }: FunctionResponded): Reply {
  return new EdgeReply(call, { status, headers: withServer(headers), body }, edgeAccount(call, result, 0));
}

/** What a function has answered comes from CloudFront, unless it says otherwise (CF 2.32). */
function withServer(headers: Headers): Headers {
  return headerOf(headers, 'server') === undefined ? [['Server', 'CloudFront'], ...headers] : headers;
}

/** The error that a viewer gets for a function that has failed (CF 5.19). */
export function failureOf(call: EdgeCall, { cause, result, because = 0 }: FunctionFailed): EdgeReply {
  return new EdgeReply(call, cause, edgeAccount(call, result, because));
}
