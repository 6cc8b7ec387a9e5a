import type { HealthCheck, Instant } from '../../model/index.ts';
import { after, NEVER } from '../../model/index.ts';
import type {
  Answered,
  BodyStart,
  Conversation,
  Exchange,
  HttpRequest,
  Moment,
  Outcome,
  Tls,
  Vantage,
} from '../conversation.ts';
import { lookUp } from '../resolver.ts';
import type { Signal } from '../signal.ts';
import { ROUTE53_FACTS } from './facts.ts';
import { areTooLarge } from './response-headers.ts';

/** What one probe of an endpoint found. */
export interface Verdict {
  readonly healthy: boolean;
  /** In the field's words, as `status 503` or `connect-timeout`. */
  readonly reason: string;
  /** Address that was probed, empty when the name did not resolve. */
  readonly address: string;
}

/** One checker of one health check. */
export interface CheckerSeat {
  /** As it is configured now; undefined: this course is over, since somebody has disabled the check. */
  readonly check: () => HealthCheck | undefined;
  /** What it thinks in the beginning. */
  readonly opinion: boolean;
  readonly vantage: Vantage;
  /** Checkers do not coordinate: each begins at a point of its own within the interval (R53 HC-21). */
  readonly phaseMs: number;
  /** Called with what each probe found. */
  readonly saw: (verdict: Verdict, moment: Moment) => void;
  /** Called when the checker changes its opinion. */
  readonly changed: (healthy: boolean, verdict: Verdict, moment: Moment) => void;
  /** Undefined: it never rests. */
  readonly rest: Rest | undefined;
}

/** Lets a checker be idle while each probe would find what the one before found. */
export interface Rest {
  /** What it rests until; undefined: now is no time to rest. */
  readonly until: (now: Instant) => Signal | undefined;
}

/**
 * A health checker's life: probe, count, wait. The wait begins when the answer has come, so a slow endpoint
 * stretches the cycle (R53 HC-03, TL-03). So many answers in a row change its opinion, either way (R53 HC-04).
 */
export function* checkerLife(seat: CheckerSeat, moment: Moment): Conversation<void> {
  let { opinion } = seat;
  let streak = 0;
  let due = after(moment.now, seat.phaseMs);
  yield { kind: 'pause', until: due };
  for (let check = seat.check(); check !== undefined; check = seat.check()) {
    const verdict = yield* probeEndpoint(check, seat.vantage, moment);
    // Somebody has disabled the check meanwhile: this answer is nobody's business any more.
    if (seat.check() === undefined) return;
    seat.saw(verdict, moment);
    streak = verdict.healthy === opinion ? 0 : streak + 1;
    if (streak >= check.failureThreshold) {
      opinion = verdict.healthy;
      streak = 0;
      seat.changed(opinion, verdict, moment);
    }
    const began = due;
    due = after(moment.now, check.requestIntervalSeconds * 1000);
    const woken = streak === 0 ? seat.rest?.until(moment.now) : undefined;
    if (woken !== undefined) {
      yield { kind: 'wait', for: woken, until: NEVER };
      due = nextInRhythm(began, due, moment.now);
    }
    yield { kind: 'pause', until: due };
  }
}

/** When a checker is next due that has gone on at one pace, from a probe that began to the next one. */
function nextInRhythm(began: Instant, due: Instant, now: Instant): Instant {
  const cycles = Math.max(0, Math.ceil((now - due) / (due - began)));
  return (due + cycles * (due - began)) as Instant;
}

/** One probe (R53 HC-05, HC-06, HC-09 to HC-14). */
export function* probeEndpoint(check: HealthCheck, from: Vantage, moment: Moment): Conversation<Verdict> {
  const address = yield* addressOf(check, from, moment);
  if (address === undefined) return { healthy: false, reason: 'DNS resolution failed', address: '' };
  const outcome = yield* exchangeWith(check, from, address);
  if (outcome.kind === 'unanswered') return { healthy: false, reason: outcome.why, address };
  if (check.type === 'TCP') return { healthy: true, reason: 'connected', address };
  const { HEALTHY_STATUS_FIRST, HEALTHY_STATUS_LAST } = ROUTE53_FACTS;
  const healthy = outcome.status >= HEALTHY_STATUS_FIRST.value && outcome.status <= HEALTHY_STATUS_LAST.value;
  if (healthy && check.searchString !== undefined && !holdsString(outcome, check.searchString)) {
    return { healthy: false, reason: 'string not found', address };
  }
  if (healthy && areTooLarge(outcome.headers)) return { healthy: false, reason: 'headers too large', address };
  return { healthy, reason: `status ${outcome.status}`, address };
}

/** The given address, or the name resolved anew, A records only (R53 HC-13, HC-14). */
function* addressOf(check: HealthCheck, from: Vantage, moment: Moment): Conversation<string | undefined> {
  if (check.ipAddress !== undefined) return check.ipAddress;
  const found = yield* lookUp(check.fullyQualifiedDomainName ?? '', {
    from,
    moment,
    timeoutMs: ROUTE53_FACTS.CHECKER_LOOKUP_TIMEOUT_MS.value,
  });
  return found.kind === 'found' ? found.addresses[0] : undefined;
}

function* exchangeWith(check: HealthCheck, from: Vantage, to: string): Conversation<Outcome> {
  const serverName = check.enableSni ? check.fullyQualifiedDomainName : undefined;
  const first = (yield exchangeOf(check, from, to, serverName)) as Outcome;
  // A certificate that does not cover the name: the handshake is tried again without it (R53 HC-12).
  const again = first.kind === 'unanswered' && first.why === 'tls' && serverName !== undefined;
  return again ? ((yield exchangeOf(check, from, to, undefined)) as Outcome) : first;
}

function exchangeOf(check: HealthCheck, from: Vantage, to: string, serverName: string | undefined): Exchange {
  const tcp = check.type === 'TCP';
  // Certificates are not validated (R53 HC-11).
  const tls: Tls | undefined = check.type === 'HTTPS' ? { serverName, verifyNames: undefined } : undefined;
  return {
    kind: 'exchange',
    from,
    to,
    port: check.port,
    tls,
    request: tcp ? undefined : requestOf(check, to),
    connectTimeoutMs: tcp ? ROUTE53_FACTS.TCP_CONNECT_TIMEOUT_MS.value : ROUTE53_FACTS.CONNECT_TIMEOUT_MS.value,
    responseTimeoutMs: ROUTE53_FACTS.STATUS_TIMEOUT_MS.value,
    until: NEVER,
    ...(check.searchString === undefined ? {} : { bodyStart: SEARCHED }),
  };
}

/** What a string match looks into (R53 HC-07, HC-08). */
const SEARCHED: BodyStart = {
  bytes: ROUTE53_FACTS.SEARCHED_BYTES.value,
  timeoutMs: ROUTE53_FACTS.BODY_TIMEOUT_MS.value,
  decoded: ['gzip', 'deflate'],
};

/** The string lies wholly in the first bytes; capitals count. With any other encoding it is not found (R53 HC-07, HC-08). */
function holdsString({ headers, body }: Answered, searchString: string): boolean {
  const encoding = headers
    .find(([name]) => name.toLowerCase() === 'content-encoding')?.[1]
    .trim()
    .toLowerCase();
  const isReadable = encoding === undefined || ['', 'identity', ...SEARCHED.decoded].includes(encoding);
  if (!isReadable || !('text' in body) || typeof body.text !== 'string') return false;
  return beginningOf(body.text, SEARCHED.bytes).includes(searchString);
}

/** As much of a text as so many bytes of UTF-8 hold. */
function beginningOf(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text;
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > bytesMax) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** Host is the bare name on the usual port, name:port on others, the address without a name (R53 HC-14). */
function requestOf(check: HealthCheck, to: string): HttpRequest {
  const address = check.ipAddress ?? to;
  // An IPv6 address stands in brackets (RFC 9110, section 7.2).
  const name = check.fullyQualifiedDomainName ?? (address.includes(':') ? `[${address}]` : address);
  const usualPort = check.type === 'HTTPS' ? 443 : 80;
  return {
    method: 'GET',
    target: check.resourcePath,
    host: check.port === usualPort ? name : `${name}:${check.port}`,
    headers: [['User-Agent', `Amazon-Route53-Health-Check-Service (ref ${check.id}; report http://amzn.to/1vsZADi)`]],
    body: undefined,
  };
}
