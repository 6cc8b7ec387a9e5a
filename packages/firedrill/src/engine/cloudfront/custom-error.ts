import type { Instant } from '../../model/index.ts';
import type { Arrival, Body, Conversation, Header, Headers, Reply } from '../conversation.ts';
import { keptError } from './cache.ts';
import type { EdgeCall } from './edge.ts';
import type { CustomErrorPage } from './site.ts';

/** An error on its way to the viewer. */
export interface FailedAnswer {
  /** What the viewer gets when no page is set for its status. */
  readonly reply: Reply;
  /** Where the error is to be kept; undefined: nowhere, or there already. */
  readonly key: string | undefined;
  /** For how long from now; 0: not at all. */
  readonly ttlSeconds: number;
}

/** Fetches a page through whichever behaviour its path leads to. */
export type FetchPage = (arrival: Arrival) => Conversation<Reply>;

/**
 * The page that the distribution has for an error takes its place, with the status that goes with it (CF 2.16, 2.17). Whatever the
 * viewer's method was, the page is asked for by GET, or by HEAD for HEAD. A page that cannot be had leaves the viewer with what
 * its origin answered (CF 2.18).
 */
export function* withErrorPage(
  call: EdgeCall,
  page: CustomErrorPage,
  failed: FailedAnswer,
  fetch: FetchPage,
): Conversation<Reply> {
  const because = failed.reply.account.cause;
  const { kind, status, headers, body, store, account } = yield* fetch(arrivalFor(call.arrival, page.path));
  // Still an error to whoever counts them, whatever its status says (CF 2.22, 2.36).
  const counted = { ...account, attempts: call.attempts + account.attempts, result: 'Error' };
  const isPage = status >= 200 && status < 300;
  return {
    kind,
    status: isPage ? page.status : status,
    headers: headers.map(shownAsError),
    body,
    store: withoutTheError(failed, storeOf(call, page, failed, { status, headers, store }, isPage)),
    account: { ...counted, cause: isPage || account.cause === 0 ? because : account.cause },
  };
}

/** The error itself is read by nobody; whoever waits for it is told so. */
function withoutTheError({ reply: { store: own } }: FailedAnswer, store: Reply['store']): Reply['store'] {
  if (own === undefined) return store;
  return (body, now) => {
    store?.(body, now);
    own(undefined, now);
  };
}

/** Not what a limit of CloudFront's own is the cause of (CF 2.20). */
export function isReplaceable({ account }: Reply): boolean {
  return !OF_LIMITS.has(account.result);
}

const OF_LIMITS: ReadonlySet<string> = new Set(['LambdaLimitExceeded', 'FunctionThrottledError']);

function shownAsError(header: Header): Header {
  return header[0] === 'X-Cache' ? ['X-Cache', 'Error from cloudfront'] : header;
}

/** The viewer's request turned to the page: nothing of it that asks for a part, sets a condition, or sends a body. */
function arrivalFor(arrival: Arrival, path: string): Arrival {
  const { request } = arrival;
  const headers = request.headers.filter(([name]) => !LEFT_OUT.test(name));
  const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
  return { ...arrival, request: { method, target: path, host: request.host, headers, body: undefined } };
}

const LEFT_OUT = /^(?:if-.*|range|content-.*|expect|transfer-encoding)$/i;

type Fetched = Pick<Reply, 'status' | 'headers' | 'store'>;

/**
 * Error and page are kept together for as long as the error is, unless a behaviour of its own governs the page (CF 2.19);
 * then, and when there is no page to be had, the error alone is, and the page asked for each time.
 */
function storeOf(
  call: EdgeCall,
  page: CustomErrorPage,
  failed: FailedAnswer,
  { headers, store }: Fetched,
  isPage: boolean,
): Reply['store'] {
  const { key, ttlSeconds } = failed;
  if (key === undefined || ttlSeconds <= 0) return store;
  if (page.hasOwnBehavior || !isPage) {
    keep(call, key, failed, { now: call.moment.now, headers: [], body: { bytes: 0 } });
    return store;
  }
  // A HEAD brings no body to keep for the GET that shares its key (CF 3.6).
  if (call.arrival.request.method === 'HEAD') return store;
  return (body, now) => {
    store?.(body, now);
    if (body !== undefined) keep(call, key, failed, { now, headers, body, replacement: page.status });
  };
}

interface Shown {
  readonly now: Instant;
  readonly headers: Headers;
  readonly body: Body;
  readonly replacement?: number;
}

function keep(call: EdgeCall, key: string, failed: FailedAnswer, { now, ...shown }: Shown): void {
  const { status, account } = failed.reply;
  const { origin, endpoint } = account;
  call.edge.cache.put(key, keptError({ status, ...shown, origin, endpoint }, failed.ttlSeconds, now));
}
