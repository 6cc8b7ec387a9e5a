import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture, Plan, RequestEnded, TimelineEvent } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { acceleratedArchitecture, acceleratedPlan } from './accelerated-architecture.ts';
import { BACKUP, PRIMARY, primaryFault } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/*
 * The same application behind an accelerator and behind Route 53 failover that follows load balancers: a Region that falls
 * silent is noticed by the same target checks, and then costs what each of the two adds.
 */

class Run {
  readonly events: readonly TimelineEvent[];

  constructor(events: readonly TimelineEvent[]) {
    this.events = events;
  }

  of(probe: string): readonly RequestEnded[] {
    return this.events.flatMap((event) =>
      event.what === 'request.ended' && event.data.probe === probe ? [event.data] : [],
    );
  }

  failed(probe: string): readonly RequestEnded[] {
    return this.of(probe).filter(({ success }) => !success);
  }

  /** From the first to the last failed request. */
  outageSeconds(probe: string): number {
    const sent = this.failed(probe).map(({ sentAt }) => sentAt / 1e6);
    return sent.length === 0 ? 0 : Math.max(...sent) - Math.min(...sent);
  }

  atSeconds(what: TimelineEvent['what']): readonly number[] {
    return this.events.filter((event) => event.what === what).map(({ at }) => at / 1e6);
  }
}

function simulated(architecture: Architecture, plan: Plan): Run {
  const events: TimelineEvent[] = [];
  simulate(architecture, plan, (event) => void events.push(event));
  return new Run(events);
}

describe('a Region is black-holed for 155 s', () => {
  const plan = acceleratedPlan({ faults: [primaryFault({ kind: 'blackhole' }, 45, 200)] });
  let sim: Run;
  let local: Run;

  beforeAll(async () => {
    sim = simulated(acceleratedArchitecture(), plan);
    local = new Run(await runLocal(acceleratedArchitecture(), plan, 20));
  }, 60_000);

  test.each(['sim', 'local'])(
    'RS 2.15, 2.18: %s moves new connections 30 s after the endpoint was found unhealthy',
    (driver) => {
      const run = driver === 'sim' ? sim : local;
      const [unhealthy = 0, healthy = 0] = run.atSeconds('accelerator.endpoint-changed');
      const [away = 0, back = 0] = run.atSeconds('accelerator.rerouted');
      // Two checks of 10 s, each given up after 5 s.
      expect(unhealthy).toBeGreaterThan(55);
      expect(unhealthy).toBeLessThan(73);
      expect(away - unhealthy).toBeGreaterThanOrEqual(30);
      expect(away - unhealthy).toBeLessThan(33);
      // RS 2.17: back after another 30 s.
      expect(back - healthy).toBeGreaterThanOrEqual(30);
      expect(back - healthy).toBeLessThan(33);
      expect(run.outageSeconds('accelerated')).toBeGreaterThan(39);
      expect(run.outageSeconds('accelerated')).toBeLessThan(62);
      const after = run.of('accelerated').filter(({ sentAt }) => sentAt > 110e6 && sentAt < 195e6);
      expect(new Set(after.map(({ endpoint }) => endpoint))).toEqual(new Set([BACKUP]));
      expect(run.of('accelerated').at(-1)?.endpoint).toBe(PRIMARY);
    },
  );

  test.each(['sim', 'local'])('%s: DNS costs up to a TTL of 60 s instead', (driver) => {
    const run = driver === 'sim' ? sim : local;
    expect(run.outageSeconds('failover')).toBeGreaterThan(8);
    expect(run.outageSeconds('failover')).toBeLessThan(90);
    expect(run.of('failover').some(({ endpoint }) => endpoint === BACKUP)).toBe(true);
  });
});
