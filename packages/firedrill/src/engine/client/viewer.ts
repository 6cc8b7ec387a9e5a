import type { Instant, Probe, RequestEnd, RequestEnded } from '../../model/index.ts';
import { after, msBetween } from '../../model/index.ts';
import type { Account, Conversation, Exchange, HttpRequest, Moment, Outcome, Tls, Vantage } from '../conversation.ts';
import type { RandomStream } from '../random.ts';
import type { ResolvedName } from '../resolver.ts';
import type { KeptConnection } from './connection-pool.ts';
import type { User, Users } from './population.ts';
import type { Profile } from './profile.ts';
import { isIdempotent } from './profile.ts';

/** One stream of requests: a probe at one place with one method. */
export interface Viewer extends User {
  readonly probe: Probe;
  readonly place: string;
  readonly method: string;
  readonly host: string;
  readonly port: number;
  readonly tls: Tls | undefined;
  readonly request: HttpRequest;
  readonly vantage: Vantage;
  /** Who sends the requests, in turn; undefined: one user, the viewer itself. */
  readonly users: Users | undefined;
  readonly profile: Profile;
  readonly draws: RandomStream;
  /** Receives the end of each request, and the event that explains it. */
  readonly ended: (moment: Moment, ended: RequestEnded, cause: number) => void;
}

/** What the last attempt came to. */
interface Attempt {
  readonly end: RequestEnd;
  readonly status: number;
  readonly firstByteAt: Instant;
  readonly account: Account | undefined;
  readonly cause: number;
}

/** Sends at a steady rate until the end, each request on its own course. */
export function* viewerLife(viewer: Viewer, moment: Moment, firstAt: Instant, end: Instant): Conversation<void> {
  const intervalMs = 1000 / viewer.probe.ratePerSecond;
  const start = (own: Moment): Conversation<void> => viewerRequest(viewer, own);
  if (firstAt >= end) return;
  if (firstAt > moment.now) yield { kind: 'pause', until: firstAt };
  for (let n = 1; ; n++) {
    // Counted from the first, so that roundings do not add up.
    const until = after(firstAt, n * intervalMs);
    if (until >= end) break;
    yield { kind: 'spawn', start, until };
  }
  yield { kind: 'spawn', start };
}

/** One request of a client: resolve, ask, perhaps ask again, within its patience. */
export function* viewerRequest(viewer: Viewer, moment: Moment): Conversation<void> {
  const { profile, probe, host } = viewer;
  const user = viewer.users === undefined ? viewer : viewer.users.next();
  const { resolver, connections } = user;
  const sentAt = moment.now;
  const until = after(sentAt, probe.timeoutMs);
  for (let n = 1; ; n++) {
    let last = connections === undefined ? undefined : yield* askOnKept(viewer, user, moment, until);
    if (last === undefined) {
      const entry = resolver.held(host, moment.now) ?? (yield* resolver.resolve(host, moment, until));
      if (entry.found.kind === 'failed') {
        last = withoutAnswer('dns', moment, entry.cause);
      } else if (entry.found.addresses.length > 1 || connections !== undefined) {
        last = yield* askOneOf(viewer, user, entry, { moment, until, n });
      } else {
        const exchange = new ViewerExchange(viewer, entry.found.addresses[0] ?? '', moment.now, until);
        last = attemptOf((yield exchange) as Outcome, moment, entry.cause);
      }
    }
    const repeats = n < profile.attemptsMax && profile.repeats(last.end, last.status, viewer.method);
    const resumeAt = repeats ? after(moment.now, profile.backoffMs(n + 1, viewer.draws.next())) : until;
    if (resumeAt >= until) {
      const success = last.end === 'answered' && isSuccess(probe, last.status);
      return viewer.ended(moment, endedOf(viewer, last, sentAt, success), last.cause);
    }
    yield { kind: 'pause', until: resumeAt };
  }
}

/**
 * Over a connection that the client still has, wherever DNS leads by now (R53 RV-16). Undefined: there is none, or the other
 * side had closed it, which a client learns by sending; it then connects anew, if the request may be repeated (RFC 9110, 9.2.2).
 */
function* askOnKept(
  viewer: Viewer,
  { connections }: User,
  moment: Moment,
  until: Instant,
): Conversation<Attempt | undefined> {
  const kept = connections?.take(moment.now);
  if (connections === undefined || kept === undefined) return undefined;
  const exchange = new ViewerExchange(viewer, kept.to, moment.now, until, kept);
  const outcome = (yield exchange) as Outcome;
  if (outcome.kind === 'answered') connections.giveBack(kept, moment.now);
  else kept.isOpen = false;
  if (outcome.kind === 'unanswered' && outcome.why === 'reset' && isIdempotent(viewer.method)) return undefined;
  return attemptOf(outcome, moment, kept.cause);
}

/**
 * To the addresses of one answer, one after the other, until one accepts the connection; a repetition begins with the next.
 * One that stays mute is given up in favour of the next after a quarter of a second by clients that do so (R53 RV-03).
 */
function* askOneOf(
  viewer: Viewer,
  { connections }: User,
  { found, cause }: ResolvedName,
  { moment, until, n }: { readonly moment: Moment; readonly until: Instant; readonly n: number },
): Conversation<Attempt> {
  const addresses = found.kind === 'found' ? found.addresses : [];
  return attemptOf(
    yield* exchangeWithOneOf(viewer, connections, { addresses, cause, moment, until, n }),
    moment,
    cause,
  );
}

/** Where one of several addresses may do, what comes of the first that accepts the connection, or of the last. */
export function* exchangeWithOneOf(
  viewer: Viewer,
  connections: User['connections'],
  { addresses, cause, moment, until, n }: Trial,
): Conversation<Outcome> {
  let outcome: Outcome = { kind: 'unanswered', why: 'connect-timeout' };
  for (let i = 0; i < addresses.length; i++) {
    const to = addresses[(n - 1 + i) % addresses.length] ?? '';
    const isLast = i === addresses.length - 1;
    const connection = connections?.open(to, cause, moment.now);
    const connectMs = isLast ? undefined : viewer.profile.nextAddressMs;
    outcome = (yield new ViewerExchange(viewer, to, moment.now, until, connection, connectMs)) as Outcome;
    if (outcome.kind === 'answered') {
      if (connection !== undefined) connections?.giveBack(connection, moment.now);
      break;
    }
    if (!NOT_CONNECTED.has(outcome.why) || moment.now >= until) break;
  }
  return outcome;
}

interface Trial {
  readonly addresses: readonly string[];
  readonly cause: number;
  readonly moment: Moment;
  readonly until: Instant;
  /** The how manieth attempt of a request. */
  readonly n: number;
}

/** What tells a client that an address is of no use, before it has sent anything. */
const NOT_CONNECTED: ReadonlySet<string> = new Set(['refused', 'connect-timeout']);

function attemptOf(outcome: Outcome, moment: Moment, cause: number): Attempt {
  if (outcome.kind === 'unanswered') return withoutAnswer(endOf(outcome.why), moment, cause);
  const { status, account, firstByteAt } = outcome;
  const explained = account === undefined || account.cause === 0 ? cause : account.cause;
  return { end: 'answered', status, account, firstByteAt, cause: explained };
}

function withoutAnswer(end: RequestEnd, moment: Moment, cause: number): Attempt {
  return { end, status: 0, firstByteAt: moment.now, account: undefined, cause };
}

/** Light, for many of them are under way at a time. */
class ViewerExchange implements Exchange {
  readonly kind = 'exchange';
  readonly to: string;
  readonly until: Instant;
  readonly connection: KeptConnection | undefined;
  /** All that is left of the client's patience. */
  readonly responseTimeoutMs: number;
  private readonly viewer: Viewer;
  private readonly ownConnectTimeoutMs: number | undefined;

  constructor(
    viewer: Viewer,
    to: string,
    now: Instant,
    until: Instant,
    connection?: KeptConnection,
    connectTimeoutMs?: number,
  ) {
    this.viewer = viewer;
    this.to = to;
    this.responseTimeoutMs = msBetween(now, until);
    this.ownConnectTimeoutMs = connectTimeoutMs;
    this.until = until;
    this.connection = connection;
  }

  /** A WebSocket has no whole. */
  get wholeBody(): boolean {
    return this.viewer.request.upgrade === undefined;
  }

  get connectTimeoutMs(): number {
    return Math.min(this.ownConnectTimeoutMs ?? this.responseTimeoutMs, this.responseTimeoutMs);
  }

  get from(): Vantage {
    return this.viewer.vantage;
  }

  get port(): number {
    return this.viewer.port;
  }

  get tls(): Tls | undefined {
    return this.viewer.tls;
  }

  get request(): HttpRequest {
    return this.viewer.request;
  }
}

/** What it comes to for a client that there was no answer. */
export function endOf(why: Extract<Outcome, { kind: 'unanswered' }>['why']): RequestEnd {
  switch (why) {
    case 'refused':
    case 'reset':
    case 'tls':
      return why;
    case 'connect-timeout':
    case 'response-timeout':
    case 'completion-timeout':
      return 'timeout';
  }
}

/** What is told of a request, or of a part of a WebSocket. */
export function endedOf(
  { probe, method, place }: Viewer,
  { end, status, account, firstByteAt }: Omit<Attempt, 'cause'>,
  sentAt: Instant,
  success: boolean,
): RequestEnded {
  return {
    probe: probe.name,
    method,
    place,
    edge: account?.edge ?? '',
    sentAt,
    end,
    status,
    success,
    ttfbMs: msBetween(sentAt, firstByteAt),
    origin: account?.origin ?? '',
    endpoint: account?.endpoint ?? '',
    attempts: account?.attempts ?? 0,
    result: account?.result ?? '',
  };
}

/** Below 500, unless the drill is stricter. */
function isSuccess({ successStatuses }: Probe, status: number): boolean {
  return successStatuses === undefined ? status < 500 : successStatuses.includes(status);
}
