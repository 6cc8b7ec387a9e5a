import type { EventCode, Instant, TimelineData, TimelineEvent } from '../model/index.ts';
import { Calm } from './calm.ts';
import type { Vantage } from './conversation.ts';
import type { FaultCalendar } from './faults.ts';
import type { RandomStreams } from './random.ts';
import type { ResolverChanged, ResolverPolicy } from './resolver.ts';
import { Resolver } from './resolver.ts';
import type { Settings } from './switches.ts';
import type { Layout } from './vantages.ts';
import type { Endpoint, WorldInput } from './world.ts';

/** What the parts of a world share while it is put together. */
export interface Parts {
  readonly input: WorldInput;
  readonly timeline: Recorder;
  readonly random: RandomStreams;
  readonly settings: Settings;
  readonly layout: Layout;
  readonly faults: FaultCalendar;
  /** By address. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
}

/** Numbers events and hands them on; what happens once the world has ended, as sockets that are closed, is no event of it any more. */
export class Recorder {
  readonly calm = new Calm();
  requests = 0;
  private seq = 0;
  private isOver = false;
  private readonly sink: (event: TimelineEvent) => void;

  constructor(sink: (event: TimelineEvent) => void) {
    this.sink = sink;
  }

  record<Code extends EventCode>(at: Instant, cause: number, what: Code, data: TimelineData[Code]): number {
    if (this.isOver) return this.seq;
    this.seq += 1;
    if (what === 'request.ended') this.requests += 1;
    else {
      this.isOver = what === 'world.ended';
      this.calm.heard(at, what, data);
    }
    this.sink({ at, seq: this.seq, cause, what, data } as TimelineEvent);
    return this.seq;
  }
}

/** A resolver that tells the timeline when its answer changes. */
export function resolverFor(parts: Parts, name: string, vantage: Vantage, policy: ResolverPolicy): Resolver {
  const { random, settings } = parts;
  const warmStart = settings.isOn('resolver.warm-start') ? random.stream(`resolver/${name}`) : undefined;
  return new Resolver(vantage, policy, resolverTeller(parts, name), warmStart);
}

/** Puts each new answer of a resolver on the timeline; gives the `seq` of the event. */
export function resolverTeller({ timeline, endpoints }: Parts, resolver: string): ResolverChanged {
  return (asked, found, moment) => {
    const answer = found.kind === 'found' ? found.addresses : [found.rcode];
    const endpoint = endpoints.get(answer[0] ?? '')?.label ?? '';
    return timeline.record(moment.now, found.cause, 'resolver.changed', {
      resolver,
      name: asked,
      answer,
      endpoint,
      ttlSeconds: found.ttlSeconds,
    });
  };
}
