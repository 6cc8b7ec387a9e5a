import { beforeAll, describe, expect, test } from 'vitest';
import type { CachePolicy, Plan, TimelineEvent } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { CACHING_DISABLED, hybridArchitecture, hybridPlan, primaryFault, probe } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/*
 * What is kept, waited for, asked after and forgotten comes to the same in virtual time and on real sockets: edge location,
 * regional edge cache, origins.
 */

const CACHING: CachePolicy = { ...CACHING_DISABLED, id: 'c', name: 'c', defaultTtlSeconds: 30, maxTtlSeconds: 300 };
const TARGET = 'https://dhybrid.cloudfront.net/';

/** How many hits there were, and what all others came to, in order. */
function told(events: readonly TimelineEvent[]): { readonly hits: number; readonly others: readonly string[] } {
  const ended = events.flatMap((event) => (event.what === 'request.ended' ? [event.data] : []));
  const others = ended
    .filter(({ result }) => result !== 'Hit')
    .map(({ result, status, origin }) => `${status} ${result} ${origin}`);
  return { hits: ended.filter(({ result }) => result === 'Hit').length, others };
}

describe('a distribution that keeps answers, through an outage of its primary and an invalidation', () => {
  const action = { kind: 'create-invalidation', distribution: 'EHYBRID', paths: ['/*'] } as const;
  const plan: Plan = hybridPlan([primaryFault({ kind: 'status', status: 503 }, 40, 75)], {
    endSeconds: 110,
    seed: '5',
    probes: [probe('p', TARGET, { methods: ['GET'] })],
    actions: [{ name: 'forget', at: atSeconds(55), action }],
    switches: { 'cloudfront.invalidation-seconds': 0 },
  });
  const architecture = hybridArchitecture({ cachePolicy: CACHING });
  let sim: readonly TimelineEvent[] = [];
  let local: readonly TimelineEvent[] = [];

  beforeAll(async () => {
    const events: TimelineEvent[] = [];
    simulate(architecture, plan, (event) => void events.push(event));
    sim = events;
    local = await runLocal(architecture, plan, 20);
  });

  test('CF 3.1, 3.46, 1.31: viewers get the same from the caches and past them in both drivers', () => {
    expect(told(sim).others).toEqual([
      '200 Miss failover-name',
      '200 Miss failover-name',
      // While the primary answers 503.
      '200 Miss backup-api',
      '200 Miss failover-name',
    ]);
    expect(told(local).others).toEqual(told(sim).others);
    expect(told(local).hits).toBe(told(sim).hits);
  });
});
