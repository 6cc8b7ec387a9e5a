import type { Instant, RequestEnd, WebSocketPart, WebSocketUse } from '../../model/index.ts';
import { after, assert, NEVER } from '../../model/index.ts';
import type { Account, Body, Conversation, Moment, Outcome, Talked } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import { SWITCHING_PROTOCOLS, webSocketAccept } from '../tunnel.ts';
import type { User } from './population.ts';
import type { Viewer } from './viewer.ts';
import { endedOf, endOf, exchangeWithOneOf } from './viewer.ts';

/** What came of a handshake. */
interface Handshake {
  readonly end: RequestEnd;
  readonly status: number;
  readonly account: Account | undefined;
  readonly cause: number;
  /** What goes over the WebSocket; undefined: there is none. */
  readonly over: Body | undefined;
}

/** A part of a WebSocket, told when it is over. */
interface Part {
  readonly part: WebSocketPart;
  readonly sentAt: Instant;
  readonly end: RequestEnd;
  readonly status: number;
  readonly success: boolean;
}

/**
 * A client that keeps a WebSocket open until the end of its drill: whenever it has lost it, it begins another one, since nobody brings
 * it back (CF 4.21d). Each handshake is told of, each message that is to be answered, and each loss. The moments of messages count from
 * `firstAt`, whatever becomes of the WebSocket: one for which there is none has failed.
 */
export function* webSocketLife(
  viewer: Viewer,
  user: User,
  moment: Moment,
  { firstAt, end }: { readonly firstAt: Instant; readonly end: Instant },
): Conversation<void> {
  const use = viewer.probe.webSocket;
  assert(use !== undefined, 'a probe with WebSockets says what becomes of them');
  const beat = new Beat(firstAt, use);
  const client: Client = { viewer, use, beat, end, made: NOTHING_MADE };
  let beginAt = firstAt;
  while (beginAt < end) {
    if (beginAt > moment.now) yield { kind: 'pause', until: beginAt };
    tellMissed(client, moment);
    const sentAt = moment.now;
    const made = yield* shakeHands(viewer, user, moment);
    client.made = made;
    const success = made.over !== undefined;
    tell(client, moment, { part: 'handshake', sentAt, end: made.end, status: made.status, success });
    let left: Left = 'lost';
    if (made.over !== undefined) {
      // What was due during the handshake can be said now.
      beat.skipTo(moment.now);
      left = yield* stay(client, made.over, moment);
      if (left === 'over') return;
      beat.skipTo(moment.now);
    }
    client.made = { ...NOTHING_MADE, cause: made.cause };
    tellMissed(client, moment);
    beginAt = left === 'closed' ? moment.now : after(moment.now, use.reconnectMs);
  }
}

/** A client, and the WebSocket that it has. */
interface Client {
  readonly viewer: Viewer;
  readonly use: WebSocketUse;
  readonly beat: Beat;
  /** Of the drill. */
  readonly end: Instant;
  made: Handshake;
}

const NOTHING_MADE: Handshake = { end: 'closed', status: 0, account: undefined, cause: 0, over: undefined };

/** The moments at which a client has something to say. */
class Beat {
  private readonly firstAt: Instant;
  private readonly intervalMs: number | undefined;
  private nth = 1;

  constructor(firstAt: Instant, { messageIntervalMs }: WebSocketUse) {
    this.firstAt = firstAt;
    this.intervalMs = messageIntervalMs;
  }

  get next(): Instant {
    // Counted from the first, so that roundings do not add up.
    return this.intervalMs === undefined ? NEVER : after(this.firstAt, this.nth * this.intervalMs);
  }

  step(): void {
    this.nth += 1;
  }

  skipTo(now: Instant): void {
    while (this.next <= now) this.nth += 1;
  }
}

/** Resolve, connect, and ask for a WebSocket; anything but a 101 is none. */
function* shakeHands(viewer: Viewer, { resolver }: User, moment: Moment): Conversation<Handshake> {
  const { host, probe } = viewer;
  const until = after(moment.now, probe.timeoutMs);
  const { found, cause } = resolver.held(host, moment.now) ?? (yield* resolver.resolve(host, moment, until));
  if (found.kind === 'failed') return { ...NOTHING_MADE, end: 'dns', cause };
  const { addresses } = found;
  const outcome: Outcome = yield* exchangeWithOneOf(viewer, undefined, { addresses, cause, moment, until, n: 1 });
  if (outcome.kind === 'unanswered') return { ...NOTHING_MADE, end: endOf(outcome.why), cause };
  const { status, account, body, headers } = outcome;
  const explained = account === undefined || account.cause === 0 ? cause : account.cause;
  const made: Handshake = { end: 'answered', status, account, cause: explained, over: undefined };
  if (status !== SWITCHING_PROTOCOLS) return made;
  const key = headerOf(viewer.request.headers, 'sec-websocket-key') ?? '';
  if (headerOf(headers, 'sec-websocket-accept') === webSocketAccept(key)) return { ...made, over: body };
  // Whoever took it does not speak the protocol (RFC 6455, 4.1).
  yield { kind: 'hang-up', over: body, isAbrupt: true };
  return made;
}

/** How a client comes to have its WebSocket no more; `over`: its drill is. */
type Left = 'lost' | 'closed' | 'over';

/** On a WebSocket, from its beginning to its end. */
function* stay(client: Client, over: Body, moment: Moment): Conversation<Left> {
  const { viewer, use, beat, end } = client;
  const closesAt = use.lifetimeMs === undefined ? NEVER : after(moment.now, use.lifetimeMs);
  for (;;) {
    const until = earliest(beat.next, closesAt, end);
    const { came } = (yield { kind: 'talk', over, hears: false, until }) as Talked;
    if (came === 'closed' || came === 'reset') {
      tell(client, moment, { part: 'loss', sentAt: moment.now, end: came, status: 0, success: false });
      return 'lost';
    }
    if (moment.now >= end) return 'over';
    if (moment.now >= closesAt) {
      yield { kind: 'hang-up', over, isAbrupt: false };
      return 'closed';
    }
    beat.step();
    const sentAt = moment.now;
    const patience = use.isAnswered ? after(sentAt, viewer.probe.timeoutMs) : sentAt;
    const said = (yield {
      kind: 'talk',
      over,
      says: MESSAGE,
      hears: use.isAnswered,
      until: earliest(patience, end),
    }) as Talked;
    if (!use.isAnswered) continue;
    if (moment.now >= end && said.came === 'nothing') return 'over';
    const success = said.came === 'message';
    const status = success ? SWITCHING_PROTOCOLS : 0;
    tell(client, moment, { part: 'message', sentAt, end: ANSWERS[said.came], status, success });
    // While one is under way, no other one is sent.
    beat.skipTo(moment.now);
    if (success) continue;
    if (said.came === 'nothing') yield { kind: 'hang-up', over, isAbrupt: true };
    return 'lost';
  }
}

const MESSAGE = 'firedrill';

const ANSWERS = { message: 'answered', nothing: 'timeout', closed: 'closed', reset: 'reset' } as const;

/** Messages that were due by now, and for which there was no WebSocket. */
function tellMissed(client: Client, moment: Moment): void {
  const { beat, use } = client;
  for (; beat.next <= moment.now; beat.step())
    if (use.isAnswered)
      tell(client, moment, { part: 'message', sentAt: beat.next, end: 'closed', status: 0, success: false });
}

function tell({ viewer, made }: Client, moment: Moment, { part, sentAt, end, status, success }: Part): void {
  const { account, cause } = made;
  const ended = endedOf(viewer, { end, status, account, firstByteAt: moment.now }, sentAt, success);
  // Origins have been tried for the handshake, and for nothing after it.
  const after101 = part === 'handshake' ? {} : { attempts: 0, result: '' };
  viewer.ended(moment, { ...ended, ...after101, webSocket: part }, cause);
}

function earliest(...moments: readonly Instant[]): Instant {
  return moments.reduce((first, at) => (at < first ? at : first));
}
