import type { Instant } from '../../model/index.ts';
import { secondsBetween } from '../../model/index.ts';
import type { Account, Body, Header, Headers, Reply, TextBody, Tunnel } from '../conversation.ts';
import { connectionOptionsOf, HOP_BY_HOP } from '../headers.ts';
import type { CachedAnswer } from './cache.ts';
import type { EdgeCall } from './edge.ts';
import type { ResponseChanged } from './edge-function.ts';
import type { Cause } from './error-page.ts';
import { CAUSES, errorPage } from './error-page.ts';
import type { OriginResult } from './origin-attempts.ts';
import { underPolicy } from './response-headers.ts';
import type { ShownHeaders } from './site.ts';
import { variesBy } from './vary.ts';

/** What is passed on to the viewer: an answer of an origin, a kept one, a part of either, or one of our own. */
type Source = Pick<Reply, 'status' | 'headers' | 'body'>;

/** What an edge answers, with the headers that it always sets (CF 3.44), worked out when read. */
export class EdgeReply implements Reply {
  readonly kind = 'reply';
  readonly status: number;
  readonly account: Account;
  /** Set by who keeps the answer. */
  store: Reply['store'] = undefined;
  /** Of a WebSocket that has come about (CF 4.21). */
  tunnel: Tunnel | undefined = undefined;
  /** Of an error that is to be kept, or would be if no page took its place: for how long (CF 2.1, 2.5). */
  errorTtlSeconds = 0;
  /** It is the page that took the place of an error, from the cache (CF 2.19). */
  isErrorPage = false;
  private readonly call: EdgeCall;
  readonly ageSeconds: number | undefined;
  private readonly source: Source | Cause;

  constructor(call: EdgeCall, source: Source | Cause, account: Account, more?: { readonly ageSeconds?: number }) {
    this.call = call;
    this.source = source;
    this.account = account;
    this.ageSeconds = more?.ageSeconds;
    this.status = typeof source === 'string' ? CAUSES[source][0] : source.status;
  }

  get body(): Reply['body'] {
    if (typeof this.source === 'string') return errorPage(this.source, this.call.requestId);
    return this.source.body;
  }

  /** Of an error of CloudFront's own: why. */
  get ownCause(): Cause | undefined {
    return typeof this.source === 'string' ? this.source : undefined;
  }

  /** As they came from the origin or out of the cache. */
  get sourceHeaders(): Headers {
    return typeof this.source === 'string' ? [] : this.source.headers;
  }

  get headers(): Headers {
    return this.underPolicy([...this.shownHeaders, ...this.hiddenHeaders]);
  }

  private underPolicy(headers: Headers): Headers {
    const { responseHeadersPolicy: policy } = this.call.behavior.behavior;
    return policy === undefined ? headers : underPolicy(headers, policy, this.call, this.account.result);
  }

  /** Those that no function at the edge gets to see (CF 5.14). */
  private get hiddenHeaders(): Header[] {
    return [
      ['X-Cache', `${this.account.result} from cloudfront`],
      ['X-Amz-Cf-Pop', this.call.edge.pop],
      ['X-Amz-Cf-Id', this.call.requestId],
    ];
  }

  /** All others: what a function at viewer-response gets to see. */
  get shownHeaders(): Headers {
    const own: Header[] = [['Via', `1.1 ${this.call.viaName} (CloudFront)`]];
    if (this.ageSeconds !== undefined) own.push(['Age', String(this.ageSeconds)]);
    if (typeof this.source === 'string') return [['Server', 'CloudFront'], ['Content-Type', 'text/html'], ...own];
    const { shown, hasAge } = this.passedOn(this.source.headers);
    // One age there is: of what comes straight from an origin, what that says.
    if (!hasAge || this.ageSeconds === undefined) return [...shown, ...own];
    return [...shown.filter(([name]) => name.toLowerCase() !== 'age'), ...own];
  }

  /** What of an origin's headers goes on to the viewer. */
  private passedOn(from: Headers): Pick<ShownHeaders, 'shown' | 'hasAge'> {
    const { behavior } = this.call;
    // What a function answers is no origin's.
    const dropsCookies = !behavior.forwardsCookies && this.account.origin !== '';
    const { lastShown: last } = behavior;
    if (last !== undefined && last.from === from && last.dropsCookies === dropsCookies) return last;
    const ofConnection = connectionOptionsOf(from);
    const shown: Header[] = [];
    let isVarying = false;
    let hasAge = false;
    for (const header of from) {
      const lower = header[0].toLowerCase();
      if (lower === 'age') hasAge = true;
      if (lower === 'vary') isVarying = true;
      else if (!NOT_PASSED_ON.has(lower) && !ofConnection.has(lower) && !(dropsCookies && lower === 'set-cookie'))
        shown.push(header);
    }
    if (isVarying) shown.push(...variesBy(from, behavior));
    behavior.lastShown = { from, dropsCookies, shown, hasAge };
    return behavior.lastShown;
  }

  /** The same as a function at viewer-response leaves it; what is kept in the cache is not changed by it (CF 5.1). */
  changed({ status, headers, body }: ResponseChanged): Reply {
    const { account, store, hiddenHeaders } = this;
    const isOwnBody = body === undefined;
    return {
      kind: 'reply',
      status,
      headers: this.underPolicy([...headers, ...hiddenHeaders]),
      body: body ?? this.body,
      account,
      // Of what nobody reads, nothing is kept.
      store: isOwnBody || store === undefined ? store : (_body, now) => store(undefined, now),
    };
  }
}

/** An answer that no origin gave: made here, or by a function. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body | TextBody;
}

/** From http to https; the location is the same but for its scheme (CF 4.4). */
export function redirectToHttps(host: string, target: string, method: string): OwnAnswer {
  const text = '<html><body>Moved to HTTPS.</body></html>\n';
  return {
    status: method === 'GET' || method === 'HEAD' ? 301 : 307,
    headers: [
      ['Server', 'CloudFront'],
      ['Content-Type', 'text/html'],
      ['Location', `https://${host}${target}`],
    ],
    body: { bytes: text.length, text },
  };
}

/** Seconds that a kept answer is old, whole ones as in an Age header. */
export function ageOf(answer: CachedAnswer, now: Instant): number {
  return answer.initialAgeSeconds + Math.max(0, Math.floor(secondsBetween(answer.storedAt, now)));
}

/** What the origin sent of these, CloudFront sets anew or drops. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'x-cache', 'x-amz-cf-pop', 'x-amz-cf-id', 'via']);

/** An error of CloudFront's own. */
export function failed(call: EdgeCall, cause: Cause, because: number): EdgeReply {
  return new EdgeReply(call, cause, edgeAccount(call, 'Error', because));
}

/** Who gave an answer that an origin was asked for. */
export function accountOf(call: EdgeCall, { from, endpoint, cause }: OriginResult, result: string): Account {
  return { edge: call.edge.label, origin: from.origin.id, endpoint, attempts: call.attempts, result, cause };
}

/** The same of an answer that was kept: it is still the origin's. */
export function cachedAccount(call: EdgeCall, held: CachedAnswer, result: string, cause: number): Account {
  const { origin, endpoint } = held;
  return { edge: call.edge.label, origin, endpoint, attempts: call.attempts, result, cause };
}

/** The same of an answer that the edge made itself. */
export function edgeAccount(call: EdgeCall, result: string, cause: number): Account {
  return { edge: call.edge.label, origin: '', endpoint: 'edge', attempts: call.attempts, result, cause };
}
