import type { Fault, FaultService, Instant, Plan } from '../model/index.ts';
import { NEVER } from '../model/index.ts';
import type { Conversation, Moment, Vantage } from './conversation.ts';
import type { RandomStream, RandomStreams } from './random.ts';
import type { Endpoint, Hindrance } from './world.ts';

/** What a fault is asked about: an endpoint, and the request on its way to it. */
export interface Exposure {
  readonly endpoint: Exposed | undefined;
  readonly host: string;
  /** Empty for connections without a request. */
  readonly path: string;
  readonly now: Instant;
}

/** An endpoint, or a function, which has no address of its own and yet a place. */
export interface Exposed {
  readonly kind: Endpoint['kind'] | 'function';
  readonly label: string;
  readonly vantage: Vantage;
}

/** A fault with the draws of its share, and the event it was last announced by. */
interface Armed {
  /** As it was planned, or, when somebody ended it, until then. */
  fault: Fault;
  readonly draws: RandomStream;
  seq: number;
}

const NETWORK_EFFECTS: ReadonlySet<string> = new Set(['refuse', 'blackhole', 'hang', 'reset', 'slow', 'tls']);

/** Faults that a world knows at a time, those included that are over and explain what they left; then the oldest of these go. */
const FAULTS_MAX = 1000;

/** Puts the beginning or the end of a fault on the timeline; returns its `seq`. */
export type AnnounceFault = (what: 'fault.started' | 'fault.ended', fault: Fault, cause: number) => number;

/** All faults of a plan, and those that somebody begins meanwhile: which act on what, when. */
export class FaultCalendar {
  private readonly armed: Armed[];
  private readonly random: RandomStreams;
  private partitions: boolean;

  constructor(plan: Plan, random: RandomStreams) {
    this.random = random;
    this.armed = plan.faults.map((fault) => ({ fault, draws: random.stream(`fault/${fault.name}`), seq: 0 }));
    this.partitions = plan.faults.some(isPartition);
  }

  /** Whether name servers of different places may ever have gone by different health checks (R53 HC-40). */
  get mayPartition(): boolean {
    return this.partitions;
  }

  /** All that are there at a moment. */
  activeAt(now: Instant): readonly Fault[] {
    return this.armed.flatMap(({ fault }) => (isActive(fault, now) ? [fault] : []));
  }

  /**
   * A fault that nobody had planned begins now, and ends at its moment unless somebody ends it before.
   * @returns what sees to its end; undefined: it ends only when somebody ends it.
   */
  begin(
    fault: Fault,
    moment: Moment,
    announcer: (moment: Moment) => AnnounceFault,
  ): ((moment: Moment) => Conversation<void>) | undefined {
    if (this.armed.length >= FAULTS_MAX) {
      const over = this.armed.findIndex(({ fault: { until } }) => until <= fault.from);
      if (over >= 0) this.armed.splice(over, 1);
    }
    const armed: Armed = { fault, draws: this.random.lasting(`fault/${fault.name}`), seq: 0 };
    this.armed.push(armed);
    this.partitions ||= isPartition(fault);
    armed.seq = announcer(moment)('fault.started', fault, 0);
    return fault.until >= NEVER ? undefined : (then) => endOf(armed, fault.until, announcer(then));
  }

  /** Somebody heals a fault. @returns whether one of that name was there. */
  end(name: string, now: Instant, announce: AnnounceFault): boolean {
    const ended = this.armed.filter(({ fault }) => fault.name === name && isActive(fault, now));
    for (const armed of ended) {
      armed.fault = { ...armed.fault, until: now };
      armed.seq = announce('fault.ended', armed.fault, armed.seq);
    }
    return ended.length > 0;
  }

  /** Whether no fault is there at a moment: the common case, told quickly. */
  isQuiet(now: Instant): boolean {
    for (const { fault } of this.armed) {
      if (isActive(fault, now)) return false;
    }
    return true;
  }

  /** Whether what is there now befalls all that it can befall, so that nothing is left to chance. */
  isCertain(now: Instant): boolean {
    return this.armed.every(({ fault }) => fault.share >= 1 || !isActive(fault, now));
  }

  /** Until when no fault is there from a moment on; that moment itself when one is. */
  calmUntil(now: Instant): Instant {
    let until: Instant = NEVER;
    for (const { fault } of this.armed) {
      if (isActive(fault, now)) return now;
      if (fault.from > now && fault.from < until) until = fault.from;
    }
    return until;
  }

  /** The first network fault that befalls a connection. */
  hindrance(exposure: Exposure): Hindrance | undefined {
    for (const armed of this.armed) {
      const { effect } = armed.fault;
      if (isNetworkEffect(effect) && befalls(armed, exposure)) return effect;
    }
    return undefined;
  }

  /**
   * The same for an answer on its way back. A share is one of connections and drawn when they are made: whom it spared
   * then it spares for good, or else more than that share would be befallen.
   */
  returnHindrance(exposure: Exposure): Hindrance | undefined {
    for (const armed of this.armed) {
      const { effect, share } = armed.fault;
      if (share >= 1 && isNetworkEffect(effect) && befalls(armed, exposure)) return effect;
    }
    return undefined;
  }

  /** The first fault that changes what the endpoint answers. */
  answer(exposure: Exposure): { readonly fault: Fault; readonly seq: number } | undefined {
    for (const armed of this.armed) {
      const { kind } = armed.fault.effect;
      const acts = kind === 'status' || kind === 'function-error' || kind === 'throttle';
      if (acts && befalls(armed, exposure)) return { fault: armed.fault, seq: armed.seq };
    }
    return undefined;
  }

  /** What the name servers do instead of answering about a name. */
  dns(
    name: string,
    now: Instant,
  ): { readonly answer: 'SERVFAIL' | 'NXDOMAIN' | 'timeout'; readonly seq: number } | undefined {
    for (const { fault, draws, seq } of this.armed) {
      const { effect, target } = fault;
      if (effect.kind !== 'dns' || target.kind !== 'name' || !isActive(fault, now)) continue;
      const covered = name === target.name || name.endsWith(`.${target.name}`);
      if (covered && (fault.share >= 1 || draws.next() < fault.share)) return { answer: effect.answer, seq };
    }
    return undefined;
  }

  /** The Regions whose health checkers the name servers at an edge location do not hear, and since when. */
  unheard(
    edge: string,
    now: Instant,
  ): { readonly regions: readonly string[]; readonly from: Instant; readonly seq: number } | undefined {
    for (const { fault, seq } of this.armed) {
      const { effect, target, from } = fault;
      if (effect.kind !== 'unheard' || target.kind !== 'dns-location' || !isActive(fault, now)) continue;
      if (target.edge === edge) return { regions: effect.regions, from, seq };
    }
    return undefined;
  }

  /**
   * What an operator meets who calls something that is no endpoint of the world: the first fault among the targets given.
   * Draws for faults of a share.
   */
  operatorsMeet(
    isMeant: (target: Fault['target']) => boolean,
    now: Instant,
  ): { readonly fault: Fault; readonly seq: number } | undefined {
    for (const { fault, draws, seq } of this.armed) {
      if (!isActive(fault, now) || !isMeant(fault.target)) continue;
      if (fault.share >= 1 || draws.next() < fault.share) return { fault, seq };
    }
    return undefined;
  }

  /** `seq` of the latest event of any fault that concerns an endpoint: what made it fail or answer again. */
  latestSeq(endpoint: Exposed | undefined, host: string): number {
    let latest = 0;
    for (const { fault, seq } of this.armed) {
      if (concerns(fault, endpoint, host)) latest = Math.max(latest, seq);
    }
    return latest;
  }

  /** Announces every beginning and end at its moment. */
  *announce(record: AnnounceFault): Conversation<void> {
    const steps = this.armed
      .flatMap((armed) => [
        { at: armed.fault.from, what: 'fault.started' as const, armed },
        { at: armed.fault.until, what: 'fault.ended' as const, armed },
      ])
      .filter(({ at }) => at < NEVER)
      .toSorted((a, b) => a.at - b.at);
    for (const { at, what, armed } of steps) {
      yield { kind: 'pause', until: at };
      // Somebody has ended it before its time, and that was told then.
      if (what === 'fault.ended' && armed.fault.until !== at) continue;
      armed.seq = record(what, armed.fault, what === 'fault.ended' ? armed.seq : 0);
    }
  }
}

function isPartition({ effect }: Fault): boolean {
  return effect.kind === 'unheard';
}

function* endOf(armed: Armed, until: Instant, announce: AnnounceFault): Conversation<void> {
  yield { kind: 'pause', until };
  if (armed.fault.until === until) armed.seq = announce('fault.ended', armed.fault, armed.seq);
}

/** Whether a fault befalls this very connection or answer: in time, on target, and by its share. */
function befalls({ fault, draws }: Armed, exposure: Exposure): boolean {
  if (!isActive(fault, exposure.now) || !concerns(fault, exposure.endpoint, exposure.host)) return false;
  if (fault.pathPrefix !== undefined && !exposure.path.startsWith(fault.pathPrefix)) return false;
  if (fault.exceptPathPrefix !== undefined && exposure.path.startsWith(fault.exceptPathPrefix)) return false;
  return fault.share >= 1 || draws.next() < fault.share;
}

function isActive({ from, until }: Fault, now: Instant): boolean {
  return from <= now && now < until;
}

function concerns({ target }: Fault, endpoint: Exposed | undefined, host: string): boolean {
  switch (target.kind) {
    case 'region':
      return endpoint?.vantage.name === `region:${target.region}`;
    case 'service':
      return endpoint !== undefined && endpoint.label === target.region && SERVED_BY[target.service].has(endpoint.kind);
    case 'host':
      return host === target.host;
    case 'edge':
      return endpoint?.kind === 'edge' && endpoint.label === target.edge;
    case 'name':
    case 'control-plane':
    case 'dns-location':
    case 'key-value-store':
      return false;
  }
}

/** Kinds of endpoints that a fault of a service befalls; functions fail where they are called. */
const SERVED_BY: Readonly<Record<FaultService, ReadonlySet<Exposed['kind']>>> = {
  'api-gateway': new Set(['api-gateway']),
  lambda: new Set(['api-gateway', 'function', 'function-url']),
  'elastic-load-balancing': new Set(['load-balancer']),
  s3: new Set(['s3', 's3-website']),
  // Its endpoints take operators' calls and no user's request.
  'recovery-cluster': new Set(),
  dynamodb: new Set(),
};

function isNetworkEffect(effect: Fault['effect']): effect is Hindrance {
  return NETWORK_EFFECTS.has(effect.kind);
}
