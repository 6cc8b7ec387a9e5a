import type { Arrival, Header, Headers, HttpRequest, Body } from '../conversation.ts';
import { forwardedFor } from '../forwarded-headers.ts';
import { connectionOptionsOf, HOP_BY_HOP, valuesOf } from '../headers.ts';
import { normalizedEncoding } from './compression.ts';
import { cookiesOf, nameOf, selectsCookie } from './cookies.ts';
import type { EdgeCall } from './edge.ts';
import { signed } from './origin-access.ts';
import type { SiteBehavior, SiteOrigin } from './site.ts';
import { selects, selectsHeader } from './site.ts';

/** Never sent on, whatever a policy says (CF 3.40). */
const STRIPPED: ReadonlySet<string> = new Set(['expect', 'x-forwarded-proto', 'x-real-ip']);

/** Replaced by CloudFront's own (CF 3.39). */
const REPLACED: ReadonlySet<string> = new Set(['x-forwarded-for', 'via', 'x-amz-cf-id']);

/** Whole families that are never sent on (CF 3.40). */
const STRIPPED_PREFIXES = ['proxy-', 'x-edge-'];

/** What the cache says itself when it asks (CF 3.28, 3.30). */
const ASKED_BY_THE_CACHE = /^(?:if-.*|range)$/i;

/** Describe the body and go with it. */
const OF_THE_BODY: ReadonlySet<string> = new Set(['content-type', 'content-length', 'content-encoding']);

/** For these a viewer's request for a part needs no policy. */
const OF_A_PART: ReadonlySet<string> = new Set(['range', 'if-range']);

/**
 * The request as it goes to an origin. Path, query and headers are worked out when they are read: a
 * simulated origin mostly does not.
 */
export class OriginRequest implements HttpRequest {
  private readonly call: EdgeCall;
  private readonly to: SiteOrigin;

  constructor(call: EdgeCall, to: SiteOrigin) {
    this.call = call;
    this.to = to;
  }

  get method(): string {
    return this.call.request.method;
  }

  get upgrade(): HttpRequest['upgrade'] {
    return this.call.request.upgrade;
  }

  get body(): Body | undefined {
    return this.call.request.body;
  }

  /** The origin's domain name unless the viewer's Host is forwarded (CF 3.38). */
  get host(): string {
    const { call, to } = this;
    return to.host ?? (call.behavior.forwardsHost ? call.request.host : to.origin.domainName);
  }

  /** Origin path, path, and the query strings that a policy selects (CF 3.7, 4.9). */
  get target(): string {
    const { to, call } = this;
    if (to.lastTarget !== call.target || to.lastBehavior !== call.behavior) {
      to.lastTarget = call.target;
      to.lastBehavior = call.behavior;
      to.lastSent = to.origin.originPath + selectedTarget(call.target, call.behavior);
    }
    return to.lastSent;
  }

  get headers(): Headers {
    // Own headers of the origin overwrite the viewer's of the same name (CF 3.42).
    return withCustomHeaders(this.passedHeaders, this.call, this.to);
  }

  /** Without what the origin itself is configured to be sent. */
  get passedHeaders(): Header[] {
    const { request, arrival, viaName } = this.call;
    return [
      ...this.selectedHeaders,
      // Always added or rewritten (CF 3.39).
      ['Via', [...chainOf(arrival), `${arrival.httpVersion} ${viaName} (CloudFront)`].join(', ')],
      ['X-Forwarded-For', forwardedFor(request.headers, arrival.from.address)],
    ];
  }

  /** Those that say nothing of the way that this request has come. */
  private get selectedHeaders(): readonly Header[] {
    const { call, to } = this;
    const { request, behavior, cacheHeaders } = call;
    if (cacheHeaders !== undefined || request.body !== undefined) return selectedHeadersOf(call);
    const { headers: from, method } = request;
    const { lastSelected: last } = to;
    if (last !== undefined && last.from === from && last.behavior === behavior && last.method === method)
      return last.selected;
    const selected = selectedHeadersOf(call);
    to.lastSelected = { from, behavior, method, selected };
    return selected;
  }
}

/** What policies select of a viewer's headers, what the cache asks for, and what is never missing. */
function selectedHeadersOf({ request, behavior, cacheHeaders }: EdgeCall): Header[] {
  const ofConnection = connectionOptionsOf(request.headers);
  const headers: Header[] = request.headers.filter(
    ([name]) =>
      !ofConnection.has(name.toLowerCase()) &&
      passes(name.toLowerCase(), behavior, request) &&
      (behavior.encodings === undefined || name.toLowerCase() !== 'accept-encoding') &&
      (cacheHeaders === undefined || !ASKED_BY_THE_CACHE.test(name)),
  );
  if (cacheHeaders !== undefined) headers.push(...cacheHeaders);
  const { encodings } = behavior;
  const encoding = encodings === undefined ? undefined : normalizedEncoding(request.headers, encodings);
  if (encoding !== undefined) headers.push(['Accept-Encoding', encoding]);
  const cookies = selectedCookies(request.headers, behavior);
  if (cookies !== '') headers.push(['Cookie', cookies]);
  // Always added (CF 3.39).
  if (!headers.some(([name]) => name.toLowerCase() === 'user-agent')) headers.push(['User-Agent', 'Amazon CloudFront']);
  return headers;
}

/** The distributions that a request has come through, as its Via tells; a viewer that is none has come through none. */
export function chainOf({ from, request }: Arrival): readonly string[] {
  if (!from.name.startsWith('edge:')) return [];
  const via = valuesOf(request.headers, 'via').join(', ');
  return via.split(', ').filter((each) => each.endsWith(' (CloudFront)'));
}

/** Headers with the origin's own in place of those of the same name, and the request's id (CF 3.39, 3.42). */
export function withCustomHeaders(headers: Headers, call: EdgeCall, to: SiteOrigin): Headers {
  const custom = Object.entries(to.origin.customHeaders);
  const names = new Set(custom.map(([name]) => name.toLowerCase()));
  const kept = names.size === 0 ? headers : headers.filter(([name]) => !names.has(name.toLowerCase()));
  const sent: Headers = [...kept, ['X-Amz-Cf-Id', call.requestId], ...custom];
  return to.signature === undefined ? sent : signed(sent, to.signature);
}

/** With policies nothing passes but what one of them lists, and what belongs to the body (CF 3.7, 3.40, 3.41). */
function passes(name: string, { behavior, keeps }: SiteBehavior, request: HttpRequest): boolean {
  if (HOP_BY_HOP.has(name) || STRIPPED.has(name) || REPLACED.has(name) || name === 'host' || name === 'cookie')
    return false;
  if (STRIPPED_PREFIXES.some((prefix) => name.startsWith(prefix))) return false;
  if (request.body !== undefined && OF_THE_BODY.has(name)) return true;
  // Of what is not in the cache the origin is asked for the part; where there is a cache, that asks (CF 3.30).
  if (!keeps && request.method === 'GET' && OF_A_PART.has(name)) return true;
  if (behavior.cachePolicy.forwardsOthers === true && behavior.originRequestPolicy === undefined)
    return selectsHeader(behavior.cachePolicy.headers, name) || isOther(name, request.method);
  return (
    selectsHeader(behavior.cachePolicy.headers, name) ||
    (behavior.originRequestPolicy !== undefined && selectsHeader(behavior.originRequestPolicy.headers, name))
  );
}

/** Only where they are listed, by the older settings too (CF 3.40). */
const STRIPPED_UNLESS_LISTED =
  /^(?:accept|accept-charset|accept-encoding|accept-language|referer|x-http-method-override)$/;

/** What belongs to the cache, or is CloudFront's own to say. */
const NOT_OTHERS = /^(?:if-.*|range|user-agent|cloudfront-.*)$/;

/** What passes by the settings from before there were policies, without anybody having listed it (CF 3.41). */
function isOther(name: string, method: string): boolean {
  if (STRIPPED_UNLESS_LISTED.test(name) || NOT_OTHERS.test(name)) return false;
  return name !== 'authorization' || (method !== 'GET' && method !== 'HEAD');
}

/** The cookies that a policy selects, by name; the headers of a policy have no say in it (CF 3.7, 3.11). */
function selectedCookies(headers: Headers, { behavior }: SiteBehavior): string {
  return cookiesOf(headers)
    .filter((cookie) => {
      const name = nameOf(cookie);
      return (
        selectsCookie(behavior.cachePolicy, name) ||
        (behavior.originRequestPolicy !== undefined && selects(behavior.originRequestPolicy.cookies, name))
      );
    })
    .join('; ');
}

function selectedTarget(target: string, { behavior }: SiteBehavior): string {
  const at = target.indexOf('?');
  if (at < 0) return target;
  const taken = target
    .slice(at + 1)
    .split('&')
    .filter((pair) => {
      const name = nameOf(pair);
      return (
        selects(behavior.cachePolicy.queryStrings, name) ||
        (behavior.originRequestPolicy !== undefined && selects(behavior.originRequestPolicy.queryStrings, name))
      );
    });
  return taken.length === 0 ? target.slice(0, at) : `${target.slice(0, at)}?${taken.join('&')}`;
}
