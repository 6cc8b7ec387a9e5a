import type { Fault, FaultService, Instant, Plan } from '../model/index.ts';
import { NEVER } from '../model/index.ts';
import type { Conversation, Vantage } from './conversation.ts';
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
  readonly fault: Fault;
  readonly draws: RandomStream;
  seq: number;
}

const NETWORK_EFFECTS: ReadonlySet<string> = new Set(['refuse', 'blackhole', 'hang', 'reset', 'slow', 'tls']);

/** All faults of a plan: which act on what, when. */
export class FaultCalendar {
  private readonly armed: readonly Armed[];

  constructor(plan: Plan, random: RandomStreams) {
    this.armed = plan.faults.map((fault) => ({ fault, draws: random.stream(`fault/${fault.name}`), seq: 0 }));
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
  *announce(
    record: (what: 'fault.started' | 'fault.ended', fault: Fault, cause: number) => number,
  ): Conversation<void> {
    const steps = this.armed
      .flatMap((armed) => [
        { at: armed.fault.from, what: 'fault.started' as const, armed },
        { at: armed.fault.until, what: 'fault.ended' as const, armed },
      ])
      .filter(({ at }) => at < NEVER)
      .toSorted((a, b) => a.at - b.at);
    for (const { at, what, armed } of steps) {
      yield { kind: 'pause', until: at };
      armed.seq = record(what, armed.fault, what === 'fault.ended' ? armed.seq : 0);
    }
  }
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
      return false;
  }
}

/** Kinds of endpoints that a fault of a service befalls; functions fail where they are called. */
const SERVED_BY: Readonly<Record<FaultService, ReadonlySet<Exposed['kind']>>> = {
  'api-gateway': new Set(['api-gateway']),
  lambda: new Set(['api-gateway', 'function']),
  'elastic-load-balancing': new Set(['load-balancer']),
  s3: new Set(['s3', 's3-website']),
  // Its endpoints take operators' calls and no user's request.
  'recovery-cluster': new Set(),
};

function isNetworkEffect(effect: Fault['effect']): effect is Hindrance {
  return NETWORK_EFFECTS.has(effect.kind);
}
