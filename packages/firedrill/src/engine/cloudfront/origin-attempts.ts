import type { AttemptFailure, Instant } from '../../model/index.ts';
import { after, NEVER } from '../../model/index.ts';
import type { Answered, Conversation, Exchange, HttpRequest, Outcome, Tls, Vantage } from '../conversation.ts';
import type { EdgeCall } from './edge.ts';
import { RETRIED_METHODS } from './facts.ts';
import { OriginRequest } from './origin-request.ts';
import type { SiteOrigin } from './site.ts';

/** What came of all attempts at one origin. */
export interface OriginResult {
  readonly from: SiteOrigin;
  readonly answer: Answered | undefined;
  /** Undefined when there is an answer. */
  readonly failure: Exclude<AttemptFailure, 'status'> | undefined;
  /** Where it went last, as `eu-west-1`; empty when the name did not resolve. */
  readonly endpoint: string;
  /** `seq` of the event that explains this: a failed attempt, or how the name came to point there. */
  readonly cause: number;
}

/**
 * Tries one origin until it answers or the attempts are used up (CF 1.11, 1.15, 9.6). The completion timeout
 * bounds all attempts together, for each origin anew (CF 1.18, 1.20).
 */
export function* tryOrigin(call: EdgeCall, to: SiteOrigin): Conversation<OriginResult> {
  const { edge, moment } = call;
  const { origin } = to;
  const until =
    origin.responseCompletionTimeoutSeconds === undefined
      ? NEVER
      : after(moment.now, origin.responseCompletionTimeoutSeconds * 1000);
  const request = new OriginRequest(call, to);
  for (let attempt = 1; ; attempt++) {
    // Names are resolved at fetch time and kept for their TTL (CF 4.14).
    const entry =
      edge.resolver.held(origin.domainName, moment.now) ??
      (yield* edge.resolver.resolve(origin.domainName, moment, until));
    if (entry.found.kind === 'failed') {
      const cause = edge.report(call, { to, endpoint: '', attempt, why: 'dns', status: 0, address: '' });
      return { from: to, answer: undefined, failure: 'dns', endpoint: '', cause };
    }
    const address = entry.found.addresses[0] ?? '';
    const endpoint = edge.endpointLabel(address);
    call.attempts += 1;
    const outcome = (yield new OriginExchange(call, to, address, request, until)) as Outcome;
    if (outcome.kind === 'answered') {
      const { status } = outcome;
      const isError = status >= 500 || call.behavior.failoverCodes.has(status);
      const cause = isError
        ? edge.report(call, { to, endpoint, attempt, why: 'status', status, address })
        : entry.cause;
      return { from: to, answer: outcome, failure: undefined, endpoint, cause };
    }
    const cause = edge.report(call, { to, endpoint, attempt, why: outcome.why, status: 0, address });
    if (!isTriedAgain(outcome.why, call.arrival.request.method) || attempt >= origin.connectionAttempts) {
      return { from: to, answer: undefined, failure: outcome.why, endpoint, cause };
    }
  }
}

/**
 * A connection that does not come about is tried again, whatever the method; a response timeout for GET and
 * HEAD only (CF 1.11, 1.15). TLS failures, resets and an expired completion timeout are final.
 */
function isTriedAgain(why: Exclude<AttemptFailure, 'status'>, method: string): boolean {
  if (why === 'refused' || why === 'connect-timeout') return true;
  return why === 'response-timeout' && RETRIED_METHODS.has(method);
}

/** One attempt, on a connection of its own. */
class OriginExchange implements Exchange {
  readonly kind = 'exchange';
  readonly from: Vantage;
  readonly to: string;
  readonly port: number;
  readonly tls: Tls | undefined;
  readonly request: HttpRequest;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly until: Instant;

  constructor(call: EdgeCall, to: SiteOrigin, address: string, request: HttpRequest, until: Instant) {
    const { origin } = to;
    const https =
      origin.protocolPolicy === 'https-only' || (origin.protocolPolicy === 'match-viewer' && call.arrival.tls);
    this.from = call.edge.vantage;
    this.to = address;
    this.port = https ? origin.httpsPort : origin.httpPort;
    this.tls = https ? tlsOf(call, to) : undefined;
    this.request = request;
    this.connectTimeoutMs = origin.connectionTimeoutSeconds * 1000;
    this.responseTimeoutMs = origin.responseTimeoutSeconds * 1000;
    this.until = until;
  }
}

/** Server name and certificate follow the Host that is used (CF 4.20). */
function tlsOf(call: EdgeCall, to: SiteOrigin): Tls {
  if (!call.behavior.forwardsHost) return to.tls;
  const { host } = call.arrival.request;
  return { serverName: host, verifyNames: [to.origin.domainName, host] };
}
