import { beforeAll, describe, expect, test } from 'vitest';
import type { Fault, Plan, TimelineEvent } from '../src/model/index.ts';
import { secondsBetween } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { hybridArchitecture, hybridPlan, type Overrides, primaryFault } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/*
 * Two drivers, one behaviour: the same drill in virtual time and on real sockets tells the same story, and
 * both show what the hybrid failover is about.
 */

const SPEED = 20;

/** A transition may come this much earlier or later in one driver: one probe interval. */
const INTERVAL_SECONDS = 10;

interface Case {
  readonly name: string;
  readonly effect: Fault['effect'];
  readonly overrides: Overrides;
  readonly switches?: Plan['switches'];
  readonly holds: (run: Run) => void;
}

const CASES: readonly Case[] = [
  {
    name: 'the endpoint answers 503',
    effect: { kind: 'status', status: 503 },
    overrides: {},
    holds(run) {
      expect(run.failed('hybrid', 'GET')).toHaveLength(0);
      for (const [probe, method] of [
        ['route53-only', 'GET'],
        ['route53-only', 'POST'],
        ['hybrid', 'POST'],
      ] as const) {
        expect(run.outageSeconds(probe, method)).toBeGreaterThan(26);
        expect(run.outageSeconds(probe, method)).toBeLessThan(90 + run.delaysSeconds);
      }
      expect(run.detectionSeconds).toBeGreaterThan(24 - run.delaysSeconds);
      expect(run.detectionSeconds).toBeLessThan(34 + run.delaysSeconds);
    },
  },
  {
    name: "the primary is black-holed, with CloudFront's default timeouts",
    effect: { kind: 'blackhole' },
    overrides: {},
    holds(run) {
      expect(run.failed('hybrid', 'GET')).toHaveLength(0);
      expect(run.failed('hybrid', 'POST').length).toBeGreaterThan(20);
      // Those sent early in the fault; later ones are spared an attempt or two when DNS moves between them.
      const early = run.of('hybrid', 'GET').filter(({ sentAt }) => sentAt > 46e6 && sentAt < 66e6);
      expect(early.length).toBeGreaterThanOrEqual(19);
      for (const { ttfbMs } of early) {
        expect(ttfbMs).toBeGreaterThan(29_500);
        expect(ttfbMs).toBeLessThan(34_000 + run.delaysSeconds * 1000);
      }
      expect(run.detectionSeconds).toBeGreaterThan(35 - run.delaysSeconds);
      expect(run.detectionSeconds).toBeLessThan(46 + run.delaysSeconds);
    },
  },
  {
    name: 'the primary is black-holed, with 2 s and one attempt',
    effect: { kind: 'blackhole' },
    overrides: { origin: { connectionTimeoutSeconds: 2, connectionAttempts: 1, responseTimeoutSeconds: 10 } },
    holds(run) {
      expect(run.failed('hybrid', 'GET')).toHaveLength(0);
      const later = run.of('hybrid', 'GET').filter(({ sentAt }) => sentAt > 70e6 && sentAt < 85e6);
      expect(later.length).toBeGreaterThan(10);
      for (const { ttfbMs } of later) expect(ttfbMs).toBeLessThan(4000 + run.delaysSeconds * 1000);
    },
  },
  {
    name: "the primary hangs, with CloudFront's default timeouts",
    effect: { kind: 'hang' },
    overrides: {},
    // So late that DNS does not move while a GET is being tried again.
    switches: { 'route53.status-propagation-seconds': 90 },
    holds(run) {
      expect(run.failed('hybrid', 'GET')).toHaveLength(0);
      const early = run.of('hybrid', 'GET').filter(({ sentAt }) => sentAt > 46e6 && sentAt < 56e6);
      expect(early.length).toBeGreaterThanOrEqual(9);
      for (const { ttfbMs } of early) {
        expect(ttfbMs).toBeGreaterThan(89_500);
        expect(ttfbMs).toBeLessThan(94_000 + run.delaysSeconds * 1000);
      }
    },
  },
  {
    name: 'the primary hangs, with 10 s and one attempt',
    effect: { kind: 'hang' },
    overrides: { origin: { connectionTimeoutSeconds: 2, connectionAttempts: 1, responseTimeoutSeconds: 10 } },
    holds(run) {
      expect(run.failed('hybrid', 'GET')).toHaveLength(0);
      for (const { ttfbMs } of run.of('hybrid', 'GET')) expect(ttfbMs).toBeLessThan(14_000 + run.delaysSeconds * 1000);
    },
  },
];

describe.each(CASES)('$name', ({ effect, overrides, switches, holds }) => {
  const plan: Plan = hybridPlan([primaryFault(effect, 45, 170)], {
    seed: '3',
    endSeconds: 270,
    switches: switches ?? {},
  });
  const architecture = hybridArchitecture(overrides);
  let sim: Run;
  let local: Run;

  beforeAll(async () => {
    const events: TimelineEvent[] = [];
    simulate(architecture, plan, (event) => void events.push(event));
    sim = new Run(events);
    local = new Run(await runLocal(architecture, plan, SPEED));
  });

  test('holds in virtual time', () => holds(sim));
  test('holds on real sockets', () => holds(local));

  test('both drivers tell the same turning points in the same order, each within one probe interval', () => {
    expect(local.turningPoints.map(({ says }) => says)).toEqual(sim.turningPoints.map(({ says }) => says));
    for (const [i, point] of sim.turningPoints.entries()) {
      const apart = Math.abs(secondsBetween(point.at, local.turningPoints[i]?.at ?? point.at));
      expect(apart).toBeLessThan(INTERVAL_SECONDS + local.delaysSeconds);
    }
  });

  test('failing back is quicker to be seen than failing over, and costs hybrid no GET', () => {
    for (const run of [sim, local]) {
      expect(run.failbackDetectionSeconds).toBeLessThan(run.detectionSeconds + run.delaysSeconds);
      expect(run.failed('hybrid', 'GET').filter(({ sentAt }) => sentAt > 170e6)).toHaveLength(0);
    }
  });

  test('both drivers send the same number of requests, and none is lost', () => {
    expect(local.requests).toBe(sim.requests);
  });
});

type Ended = Extract<TimelineEvent, { what: 'request.ended' }>['data'];

/** What the tests ask of a timeline. */
class Run {
  private readonly events: readonly TimelineEvent[];

  constructor(events: readonly TimelineEvent[]) {
    this.events = events;
  }

  get requests(): number {
    return this.events.filter(({ what }) => what === 'request.ended').length;
  }

  of(probe: string, method: string): Ended[] {
    return this.events.flatMap((event) =>
      event.what === 'request.ended' && event.data.probe === probe && event.data.method === method ? [event.data] : [],
    );
  }

  failed(probe: string, method: string): Ended[] {
    return this.of(probe, method).filter(({ success }) => !success);
  }

  outageSeconds(probe: string, method: string): number {
    const failed = this.failed(probe, method);
    const [first] = failed;
    const last = failed.at(-1);
    return first === undefined || last === undefined
      ? 0
      : secondsBetween(first.sentAt, last.sentAt) + last.ttfbMs / 1000;
  }

  /**
   * What this machine may have added to a detection, in world time: four steps of it (three probes and the status), each as late
   * as the slowest request of a time without any fault. Nothing in `sim`; less than a second and a half on a machine that is free.
   */
  get delaysSeconds(): number {
    const untroubled = this.of('hybrid', 'GET').filter(({ sentAt }) => sentAt < 44e6 || sentAt > 230e6);
    return (4 * Math.max(...untroubled.map(({ ttfbMs }) => ttfbMs))) / 1000;
  }

  get turningPoints(): { readonly at: TimelineEvent['at']; readonly says: string }[] {
    return this.events.flatMap((event) => {
      if (event.what === 'fault.started' || event.what === 'fault.ended')
        return [{ at: event.at, says: `${event.what} ${event.data.name}` }];
      if (event.what === 'health-check.changed')
        return [{ at: event.at, says: `${event.data.healthCheck} ${event.data.healthy}` }];
      if (event.what === 'dns.answer-changed')
        return [{ at: event.at, says: `${event.data.name} ${event.data.endpoint}` }];
      return [];
    });
  }

  get detectionSeconds(): number {
    return this.between('fault.started', false);
  }

  get failbackDetectionSeconds(): number {
    return this.between('fault.ended', true);
  }

  private between(from: 'fault.started' | 'fault.ended', healthy: boolean): number {
    const start = this.events.find(({ what }) => what === from);
    const change = this.events.find(
      (event) => event.what === 'health-check.changed' && event.data.healthy === healthy && event.at > (start?.at ?? 0),
    );
    return start === undefined || change === undefined ? Number.NaN : secondsBetween(start.at, change.at);
  }
}
