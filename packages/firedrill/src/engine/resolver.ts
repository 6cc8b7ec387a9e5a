import type { Instant } from '../model/index.ts';
import { after, msBetween, NEVER } from '../model/index.ts';
import type { Conversation, DnsReply, Moment, Vantage } from './conversation.ts';
import type { RandomStream } from './random.ts';

/** CNAMEs followed before a name counts as broken. */
const CHAIN_LENGTH_MAX = 8;

/** How a resolver treats lifetimes. Browsers, JVMs and others differ (R53 RV-05 to RV-10). */
export interface ResolverPolicy {
  readonly minTtlSeconds: number;
  readonly maxTtlSeconds: number;
  /** Failures are kept for the negative TTL (R53 RV-01), or not at all. */
  readonly keepsFailures: boolean;
  /** Bounds of the negative TTL; 0 and a day unless given (R53 RV-01). */
  readonly minNegativeTtlSeconds?: number;
  readonly maxNegativeTtlSeconds?: number;
  readonly timeoutMs: number;
  /** Undefined: what has expired is never given out. */
  readonly stale?: StalePolicy;
}

/** Answers that have expired, for want of better ones (RFC 8767, R53 RV-02). */
export interface StalePolicy {
  /** TTL of a stale answer. */
  readonly ttlSeconds: number;
  /** How long whoever asks is let wait before it gets the stale answer. */
  readonly clientTimeoutMs: number;
  /** No sooner are name servers asked again that did not answer. */
  readonly retrySeconds: number;
  /** For so long after its end an answer may still be given out. */
  readonly keepSeconds: number;
}

/** Follows the TTL as it is, within a week (as BIND: R53 RV-05). */
export const PLAIN_RESOLVER: ResolverPolicy = {
  minTtlSeconds: 0,
  maxTtlSeconds: 604_800,
  keepsFailures: true,
  timeoutMs: 5000,
};

/** No failure is kept for longer (R53 RV-01). */
const NEGATIVE_TTL_SECONDS_MAX = 86_400;

export type Found =
  | {
      readonly kind: 'found';
      readonly addresses: readonly string[];
      readonly ttlSeconds: number;
      readonly cause: number;
    }
  | { readonly kind: 'failed'; readonly rcode: string; readonly ttlSeconds: number; readonly cause: number };

/** What a resolver holds of a name. */
export interface ResolvedName {
  readonly found: Found;
  readonly until: Instant;
  /** `seq` of the event that brought this answer. */
  readonly cause: number;
  /** Of a stale answer: when its own time was over. */
  readonly expired?: Instant;
}

/** Tells of an answer that differs from the one held before; returns the `seq` of the event. */
export type ResolverChanged = (name: string, found: Found, moment: Moment) => number;

/** A caching resolver: what an edge location, a system or a browser keeps of DNS. */
export class Resolver {
  private readonly entries = new Map<string, ResolvedName>();
  /** What was asked for latest; often the next question is the same. */
  private latestName = '';
  private latestEntry: ResolvedName | undefined;
  private readonly vantage: Vantage;
  private readonly policy: ResolverPolicy;
  private readonly changed: ResolverChanged;
  private readonly warmStart: RandomStream | undefined;
  private readonly upstream: Resolver | undefined;

  /**
   * @param warmStart draws how much of its TTL a name has left when it is first asked for, as if others had
   * asked before the drill began; undefined: all of it.
   * @param upstream whom it asks, as a browser asks the resolver of its network; undefined: the name servers.
   */
  constructor(
    vantage: Vantage,
    policy: ResolverPolicy,
    changed: ResolverChanged,
    warmStart: RandomStream | undefined,
    upstream?: Resolver,
  ) {
    this.vantage = vantage;
    this.policy = policy;
    this.changed = changed;
    this.warmStart = warmStart;
    this.upstream = upstream;
  }

  /** What is held and still alive. */
  held(name: string, now: Instant): ResolvedName | undefined {
    const entry = name === this.latestName ? this.latestEntry : this.entryOf(name);
    return entry !== undefined && entry.until > now ? entry : undefined;
  }

  private entryOf(name: string): ResolvedName | undefined {
    this.latestName = name;
    this.latestEntry = this.entries.get(name);
    return this.latestEntry;
  }

  private put(name: string, entry: ResolvedName): void {
    this.entries.set(name, entry);
    this.latestName = name;
    this.latestEntry = entry;
  }

  /** What was found last, be its time over or not. */
  last(name: string): ResolvedName | undefined {
    return this.entries.get(name);
  }

  /**
   * Addresses of a name: what is held, or else asked for and kept for its TTL (R53 TL-05, TL-08).
   * @param until when whoever asks loses patience.
   */
  *resolve(name: string, moment: Moment, until: Instant = NEVER): Conversation<ResolvedName> {
    const held = this.held(name, moment.now);
    if (held !== undefined) return held;
    const stale = this.policy.stale === undefined ? undefined : this.staleAnswer(name, this.policy.stale, moment.now);
    const found = yield* this.ask(name, moment, stale === undefined ? until : earlier(until, stale.patienceEnds));
    if (stale !== undefined && found.kind === 'failed' && UNREACHABLE.has(found.rcode)) {
      return this.keepStale(name, stale, moment);
    }
    return this.keep(name, found, moment);
  }

  private *ask(name: string, moment: Moment, until: Instant): Conversation<Found> {
    const { upstream } = this;
    if (upstream === undefined) {
      return yield* lookUp(name, { from: this.vantage, moment, timeoutMs: this.policy.timeoutMs, until });
    }
    const { found, until: ends } = yield* upstream.resolve(name, moment, until);
    // A resolver hands on what is left of the TTL, not all of it (R53 TL-05).
    return { ...found, ttlSeconds: Math.max(0, msBetween(moment.now, ends) / 1000) };
  }

  /** What may be given out although its time is over, should nobody have anything better. */
  private staleAnswer(name: string, policy: StalePolicy, now: Instant): StaleAnswer | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined || entry.found.kind === 'failed') return undefined;
    const expired = entry.expired ?? entry.until;
    if (now >= after(expired, policy.keepSeconds * 1000)) return undefined;
    return { entry, expired, policy, patienceEnds: after(now, policy.clientTimeoutMs) };
  }

  /** Until name servers may be asked again; its TTL is over by then. */
  private keepStale(name: string, { entry, expired, policy }: StaleAnswer, moment: Moment): ResolvedName {
    const { ttlSeconds, retrySeconds } = policy;
    const until = after(moment.now, Math.max(ttlSeconds, retrySeconds) * 1000);
    const kept: ResolvedName = { found: { ...entry.found, ttlSeconds }, until, cause: entry.cause, expired };
    this.put(name, kept);
    return kept;
  }

  private keep(name: string, found: Found, moment: Moment): ResolvedName {
    const before = this.entries.get(name);
    // Somebody who asked at the same time was answered first: one lookup is kept, as if the others had waited for it.
    if (before !== undefined && before.until > moment.now) return before;
    const ttlSeconds = this.lifetimeOf(found);
    const isFirst = before === undefined;
    const left = isFirst && this.warmStart !== undefined ? this.warmStart.next() : 1;
    const differs = isFirst || addressesOf(before.found) !== addressesOf(found);
    const cause = differs ? this.changed(name, found, moment) : before.cause;
    const entry = { found, until: after(moment.now, ttlSeconds * 1000 * left), cause };
    this.put(name, entry);
    return entry;
  }

  private lifetimeOf(found: Found): number {
    const { policy } = this;
    if (found.kind === 'found') {
      return Math.min(Math.max(found.ttlSeconds, policy.minTtlSeconds), policy.maxTtlSeconds);
    }
    if (!policy.keepsFailures || found.rcode === 'timeout') return 0;
    const { minNegativeTtlSeconds = 0, maxNegativeTtlSeconds = NEGATIVE_TTL_SECONDS_MAX } = policy;
    return Math.min(Math.max(found.ttlSeconds, minNegativeTtlSeconds), maxNegativeTtlSeconds);
  }
}

interface StaleAnswer {
  readonly entry: ResolvedName;
  readonly expired: Instant;
  readonly policy: StalePolicy;
  readonly patienceEnds: Instant;
}

/** Only when nobody who should know answers may old answers be used; a name that is gone is gone (RFC 8767, 4). */
const UNREACHABLE: ReadonlySet<string> = new Set(['timeout', 'SERVFAIL', 'REFUSED']);

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

/** Asks the name servers, following CNAMEs; keeps nothing. */
export function* lookUp(
  name: string,
  how: {
    readonly from: Vantage;
    readonly moment: Moment;
    /** For each question of a chain. */
    readonly timeoutMs: number;
    /** For the whole chain. */
    readonly until?: Instant;
  },
): Conversation<Found> {
  let asked = name;
  let ttlSeconds = Number.MAX_SAFE_INTEGER;
  for (let hop = 0; hop < CHAIN_LENGTH_MAX; hop++) {
    const question = { name: asked, type: 'A' };
    const timeoutMs = Math.min(how.timeoutMs, msBetween(how.moment.now, how.until ?? NEVER));
    const reply = (yield { kind: 'query', from: how.from, question, timeoutMs }) as DnsReply;
    if (reply.rcode !== 'NOERROR') {
      return { kind: 'failed', rcode: reply.rcode, ttlSeconds: reply.negativeTtlSeconds, cause: reply.cause };
    }
    for (const answer of reply.answers) ttlSeconds = Math.min(ttlSeconds, answer.ttlSeconds);
    const addresses = reply.answers.filter((answer) => answer.type === 'A').map((answer) => answer.data);
    if (addresses.length > 0) return { kind: 'found', addresses, ttlSeconds, cause: reply.cause };
    const alias = reply.answers.find((answer) => answer.type === 'CNAME');
    if (alias === undefined) {
      // The world's name servers are all there are: of those that a name is delegated to nobody answers (R53 WS-15).
      const rcode = reply.isReferral === true ? 'SERVFAIL' : 'NODATA';
      return { kind: 'failed', rcode, ttlSeconds: reply.negativeTtlSeconds, cause: reply.cause };
    }
    asked = alias.data;
  }
  return { kind: 'failed', rcode: 'SERVFAIL', ttlSeconds: 0, cause: 0 };
}

function addressesOf(found: Found): string {
  return found.kind === 'found' ? found.addresses.join(' ') : found.rcode;
}
