import {
  atSeconds,
  type EventCode,
  type Fault,
  NEVER,
  type Plan,
  type Probe,
  type RequestEnded,
  type TimelineData,
  type TimelineEvent,
} from '../model/index.ts';

/** Writes timelines by hand: events in any order, causes by name; sorted and numbered in the end. */
export class TimelineBuilder {
  private readonly drafts: { at: number; what: EventCode; data: object; key: string; cause: string }[] = [];

  /** Adds an event at a moment in seconds. `cause` is the `key` of another event. */
  event<Code extends EventCode>(
    at: number,
    what: Code,
    data: TimelineData[Code],
    names: { key?: string; cause?: string } = {},
  ): this {
    this.drafts.push({ at, what, data, key: names.key ?? '', cause: names.cause ?? '' });
    return this;
  }

  started(): this {
    return this.event(0, 'world.started', {
      driver: 'sim',
      seed: '1',
      plan: 'test',
      speed: 1,
      functionCode: 'modelled',
    });
  }

  ended(at: number, requests = 0): this {
    return this.event(at, 'world.ended', { reason: 'finished', requests });
  }

  /** A fault of a Region that answers 503; healed unless `until` is left out. */
  fault(name: string, from: number, until?: number, change: Partial<Fault> = {}): this {
    const fault = regionFault(name, from, until, change);
    this.event(from, 'fault.started', { name, fault }, { key: name });
    return until === undefined
      ? this
      : this.event(until, 'fault.ended', { name }, { key: `${name} healed`, cause: name });
  }

  health(at: number, healthy: boolean, cause?: string): this {
    const data = { healthCheck: 'hc1', endpoint: 'eu-west-1', healthy, healthyCheckers: healthy ? 3 : 2, checkers: 16 };
    return this.event(at, 'health-check.changed', data, {
      key: healthy ? 'healthy' : 'unhealthy',
      ...(cause === undefined ? {} : { cause }),
    });
  }

  dns(at: number, endpoint: string, cause?: string): this {
    const data = {
      name: 'api.example.com',
      type: 'A',
      answer: [endpoint === 'eu-west-1' ? '127.1.0.1' : '127.1.0.2'],
      endpoint,
      rule: 'failover',
    };
    return this.event(at, 'dns.answer-changed', data, {
      key: `dns ${endpoint}`,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  resolver(at: number, edge: string, endpoint: string, cause?: string): this {
    const data = { resolver: `edge:${edge}`, name: 'api.example.com', answer: [endpoint], endpoint, ttlSeconds: 60 };
    return this.event(at, 'resolver.changed', data, {
      key: `edge ${edge} ${endpoint}`,
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /** A request sent at a moment that takes `seconds`; succeeds with 200 from eu-west-1 unless changed. */
  request(sentAt: number, seconds: number, change: Partial<RequestEnded> = {}, cause = ''): this {
    const data: RequestEnded = {
      probe: 'site',
      method: 'GET',
      place: 'Dublin',
      edge: 'DUB',
      sentAt: atSeconds(sentAt),
      end: 'answered',
      status: 200,
      success: true,
      ttfbMs: seconds * 1000,
      origin: 'primary',
      endpoint: 'eu-west-1',
      attempts: 1,
      result: 'Miss',
      ...change,
    };
    return this.event(sentAt + seconds, 'request.ended', data, { cause });
  }

  failure(sentAt: number, seconds: number, change: Partial<RequestEnded> = {}, cause = ''): this {
    return this.request(sentAt, seconds, { status: 503, success: false, result: 'Error', ...change }, cause);
  }

  build(): TimelineEvent[] {
    const sorted = this.drafts
      .map((draft, order) => ({ ...draft, order }))
      .toSorted((left, right) => left.at - right.at || left.order - right.order);
    const seqOf = new Map(sorted.map((draft, index) => [draft.key, index + 1]));
    return sorted.map(({ at, what, data, cause }, index) => {
      const event = {
        at: atSeconds(at),
        seq: index + 1,
        cause: cause === '' ? 0 : (seqOf.get(cause) ?? 0),
        what,
        data,
      };
      return event as unknown as TimelineEvent;
    });
  }
}

function regionFault(name: string, from: number, until?: number, change: Partial<Fault> = {}): Fault {
  return {
    name,
    target: { kind: 'region', region: 'eu-west-1' },
    effect: { kind: 'status', status: 503 },
    from: atSeconds(from),
    until: until === undefined ? NEVER : atSeconds(until),
    share: 1,
    ...change,
  };
}

/** A plan with one probe, GET from Dublin, unless changed. */
export function planOf(endSeconds: number, ...probes: Partial<Probe>[]): Plan {
  const list = probes.length === 0 ? [{}] : probes;
  return {
    name: 'test',
    seed: '1',
    end: atSeconds(endSeconds),
    probes: list.map((probe) => ({
      name: 'site',
      url: 'https://site.example.com/',
      ratePerSecond: 1,
      methods: ['GET'],
      places: ['Dublin'],
      timeoutMs: 60_000,
      client: 'plain',
      ...probe,
    })),
    faults: [],
    switches: {},
    functionModels: {},
  };
}
