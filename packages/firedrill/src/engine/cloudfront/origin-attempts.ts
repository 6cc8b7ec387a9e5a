import type { AttemptFailure, Instant } from '../../model/index.ts';
import { after, NEVER } from '../../model/index.ts';
import type { Answered, Exchange, HttpRequest, Outcome, Reply, Tls, Vantage } from '../conversation.ts';
import type { ResolvedName } from '../resolver.ts';
import type { EdgeCall } from './edge.ts';
import type { FunctionFailed, FunctionResponded, RequestChanged } from './edge-function.ts';
import { CLOUDFRONT_FACTS, RETRIED_METHODS } from './facts.ts';
import { headerBytes } from './lambda-headers.ts';
import type { OriginConnection, OriginConnections } from './origin-connections.ts';
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
  /** The same as an address, where it is known. */
  readonly address?: string;
  /** Set when a function has made the answer, or failed: no origin then has a say in it (CF 1.28). */
  readonly made: FunctionResponded | FunctionFailed | undefined;
  /** `seq` of the event that explains this: a failed attempt, or how the name came to point there. */
  readonly cause: number;
  /** What resolving its name took, in all. */
  readonly dnsMs: number;
  /** When the latest attempt began. */
  readonly askedAt: Instant;
  /** Whether that went over a connection that was open before (CF 4.18). */
  readonly isReused: boolean;
  /** Of a tier between: what X-Cache says of its answer, how old that is, and what is told of its body (CF 4.11). */
  readonly tier?: TierAnswer | undefined;
}

export type Layer = 'REC' | 'Origin Shield';

/** What a tier between an edge location and an origin says beside its answer. */
export interface TierAnswer {
  readonly result: string;
  /** The tier furthest from the viewer that had to do with it (CF 3.26). */
  readonly layer: Layer;
  /** Undefined: it comes from the origin. */
  readonly ageSeconds: number | undefined;
  readonly store: Reply['store'];
}

/**
 * The attempts at one origin, until it answers or they are used up (CF 1.11, 1.15, 9.6). Told what the name resolves to,
 * says what to send there; told the outcome, knows whether that was the last. The completion timeout bounds all
 * attempts together, for each origin anew (CF 1.18, 1.20).
 */
export class OriginAttempts implements OriginResult {
  readonly call: EdgeCall;
  /** Where the request goes; a function at origin-request may send it elsewhere (CF 5.9). */
  from: SiteOrigin;
  request: HttpRequest;
  readonly until: Instant;
  /** Whether the function at origin-request has run for this origin (CF 1.23). */
  isPrepared = false;
  /** The request as that function has left it; undefined: as it was. */
  changed: RequestChanged | undefined = undefined;
  answer: Answered | undefined = undefined;
  failure: Exclude<AttemptFailure, 'status'> | undefined = undefined;
  endpoint = '';
  made: FunctionResponded | FunctionFailed | undefined = undefined;
  cause = 0;
  areOver = false;
  dnsMs = 0;
  askedAt: Instant;
  tier: TierAnswer | undefined = undefined;
  private readonly failover: number;
  private count = 0;
  address = '';
  /** What the attempt under way goes over, where connections are kept; and whether it was open before. */
  connection: OriginConnection | undefined = undefined;
  isReused = false;

  /** @param failover the event that led here from the primary; 0 for the primary itself. */
  constructor(call: EdgeCall, to: SiteOrigin, failover = 0) {
    const { responseCompletionTimeoutSeconds: seconds } = to.origin;
    this.call = call;
    this.from = to;
    this.failover = failover;
    this.request = new OriginRequest(call, to);
    this.askedAt = call.moment.now;
    this.until = seconds === undefined ? NEVER : after(call.moment.now, seconds * 1000);
  }

  /** What a function at origin-request makes of the request, for all attempts to come (CF 1.27). */
  redirect(to: SiteOrigin, request: HttpRequest, changed: RequestChanged): void {
    this.changed = changed;
    this.from = to;
    this.request = request;
  }

  /** A function has answered in the origin's place, or has failed: there are no attempts any more. */
  end(made: FunctionResponded | FunctionFailed): void {
    this.made = made;
    this.areOver = true;
    this.failure = undefined;
    if (made.kind === 'failed') {
      this.answer = undefined;
      return;
    }
    const { status, headers, body } = made;
    this.endpoint = 'edge';
    this.answer = { kind: 'answered', status, headers, body, firstByteAt: this.call.moment.now, account: undefined };
  }

  /** A tier between has made the attempts. */
  adopt({ from, answer, failure, endpoint, made, cause, dnsMs, askedAt, tier }: OriginResult): void {
    Object.assign(this, { from, answer, failure, endpoint, made, cause, dnsMs, askedAt, tier });
    this.areOver = true;
  }

  /** The next attempt, by what the origin's name resolves to; undefined when it does not, which ends them all. */
  next({ found, cause }: ResolvedName): Exchange | undefined {
    const { call } = this;
    this.count += 1;
    if (found.kind === 'failed') {
      this.endpoint = '';
      this.address = '';
      // What was cut off by the completion timeout is a timeout, whatever was waited for (CF 1.18).
      this.fail(call.moment.now >= this.until ? 'completion-timeout' : 'dns');
      return undefined;
    }
    this.address = found.addresses[0] ?? '';
    this.endpoint = call.edge.endpointLabel(this.address);
    // A request that was failed over is here because of that, whatever led the name to where it is.
    this.cause = this.failover === 0 ? cause : this.failover;
    call.attempts += 1;
    this.askedAt = call.moment.now;
    if (call.edge.connections !== undefined) {
      const idleMs = this.from.origin.keepaliveTimeoutSeconds * 1000;
      this.isReused = false;
      this.connection = { isOpen: false, idleMs, to: this.address, cause, usedAt: call.moment.now };
    }
    return new OriginExchange(this, this.address);
  }

  /** The first attempt on a connection that is open already (CF 4.18); undefined: there is none, or it is not the first. */
  reuse(connections: OriginConnections | undefined): Exchange | undefined {
    const { call } = this;
    if (this.count > 0 || this.isReused) return undefined;
    const kept = connections?.take(this.connectionKey, call.moment.now);
    if (kept === undefined) return undefined;
    this.isReused = true;
    this.connection = kept;
    this.count += 1;
    this.address = kept.to;
    this.endpoint = call.edge.endpointLabel(kept.to);
    this.cause = this.failover === 0 ? kept.cause : this.failover;
    call.attempts += 1;
    this.askedAt = call.moment.now;
    return new OriginExchange(this, kept.to);
  }

  /**
   * Whether a connection that was kept had been ended meanwhile: what may be repeated then begins anew, as if it had not been
   * there (RFC 9110, 9.2.2).
   */
  wasOver(outcome: Outcome): boolean {
    if (!this.isReused || outcome.kind === 'answered' || outcome.why !== 'reset') return false;
    if (!IDEMPOTENT_METHODS.has(this.request.method)) return false;
    this.count -= 1;
    this.call.attempts -= 1;
    return true;
  }

  /**
   * An answer that CloudFront does not take is none: as if the connection had been reset (CF 2.38). Its headers are too large
   * (CF 7.2), or its status is no last word (RFC 9110, 15).
   */
  taken(outcome: Outcome): Outcome {
    if (outcome.kind === 'unanswered') return outcome;
    const { status, headers } = outcome;
    const { from } = this;
    if (headers !== from.lastTaken) {
      if (headerBytes(headers) > CLOUDFRONT_FACTS.RESPONSE_HEADER_BYTES.value) return NOT_TAKEN;
      from.lastTaken = headers;
    }
    return status > 599 ? NOT_TAKEN : outcome;
  }

  /** Connections are shared by what goes to one host in one way (CF 4.20). */
  private get connectionKey(): string {
    const { domainName, httpPort, httpsPort } = this.from.origin;
    return isHttps(this.from, this.call)
      ? `${domainName}:${httpsPort} ${this.request.host}`
      : `${domainName}:${httpPort}`;
  }

  /** What came of the attempt that {@link next} gave, and whether the timeline hears of it. */
  conclude(outcome: Outcome, isReported: boolean): void {
    if (outcome.kind === 'unanswered') return this.fail(outcome.why);
    this.answer = outcome;
    this.areOver = true;
    const { connection, call } = this;
    if (connection !== undefined) call.edge.connections?.giveBack(this.connectionKey, connection, call.moment.now);
    if (isReported) this.cause = this.report('status', outcome.status);
  }

  /** Whether the timeline hears of it: of what brought no usable answer. */
  isReported(outcome: Outcome): boolean {
    return outcome.kind === 'unanswered' || outcome.status >= 500 || this.call.route.failoverCodes.has(outcome.status);
  }

  private fail(why: Exclude<AttemptFailure, 'status'>): void {
    this.cause = this.report(why, 0);
    this.areOver = !isTriedAgain(why, this.request.method) || this.count >= this.from.origin.connectionAttempts;
    if (this.areOver) this.failure = why;
  }

  private report(why: AttemptFailure, status: number): number {
    const { call, from: to, endpoint, address, count: attempt } = this;
    return call.edge.report(call, { to, endpoint, attempt, why, status, address });
  }
}

/**
 * A connection that does not come about is tried again, whatever the method; a response timeout for GET and HEAD only
 * (CF 1.11, 1.15). Names that do not resolve, TLS failures, resets and an expired completion timeout are final.
 */
function isTriedAgain(why: Exclude<AttemptFailure, 'status'>, method: string): boolean {
  if (why === 'refused' || why === 'connect-timeout') return true;
  return why === 'response-timeout' && RETRIED_METHODS.has(method);
}

const NOT_TAKEN: Outcome = { kind: 'unanswered', why: 'reset' };

/** Methods that may be sent again when it is not known what became of them (RFC 9110, 9.2.2). */
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** One attempt. Light, for many of them are under way at a time. */
class OriginExchange implements Exchange {
  readonly kind = 'exchange';
  readonly to: string;
  private readonly attempts: OriginAttempts;

  constructor(attempts: OriginAttempts, address: string) {
    this.attempts = attempts;
    this.to = address;
  }

  get connection(): OriginConnection | undefined {
    return this.attempts.connection;
  }

  get from(): Vantage {
    return this.attempts.call.edge.vantage;
  }

  get port(): number {
    const { origin } = this.attempts.from;
    return this.isHttps ? origin.httpsPort : origin.httpPort;
  }

  /** Server name and certificate follow the Host that is used (CF 4.20). */
  get tls(): Tls | undefined {
    if (!this.isHttps) return undefined;
    const { from, request } = this.attempts;
    const { host } = request;
    if (from.fixesTls || host === from.origin.domainName) return from.tls;
    return { serverName: host, verifyNames: [from.origin.domainName, host] };
  }

  get request(): HttpRequest {
    return this.attempts.request;
  }

  get connectTimeoutMs(): number {
    return this.attempts.from.origin.connectionTimeoutSeconds * 1000;
  }

  get responseTimeoutMs(): number {
    return this.attempts.from.origin.responseTimeoutSeconds * 1000;
  }

  get until(): Instant {
    return this.attempts.until;
  }

  private get isHttps(): boolean {
    return isHttps(this.attempts.from, this.attempts.call);
  }
}

/** Whether an origin is spoken to over TLS (CF 4.10). */
export function isHttps({ origin: { protocolPolicy } }: SiteOrigin, { arrival }: EdgeCall): boolean {
  return protocolPolicy === 'https-only' || (protocolPolicy === 'match-viewer' && arrival.tls);
}
