import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED, hybridArchitecture, hybridPlan, probe } from '../../test/hybrid-architecture.ts';
import type { CachePolicy, Plan, TimelineEvent } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { simulate } from './run.ts';

const CACHING: CachePolicy = { ...CACHING_DISABLED, id: 'c', name: 'c', defaultTtlSeconds: 3600, maxTtlSeconds: 3600 };

describe('an invalidation in a drill', () => {
  /** When requests from Dublin and Tokyo missed, in seconds, and what became of the action. */
  function run(
    more: Partial<Plan>,
    distribution = 'EHYBRID',
  ): { readonly misses: readonly number[]; readonly told: string } {
    const places = ['Dublin', 'Tokyo'];
    const probes = [probe('p', 'https://dhybrid.cloudfront.net/', { methods: ['GET'], places })];
    const action = { kind: 'create-invalidation', distribution, paths: ['/*'] } as const;
    const actions = [{ name: 'forget', at: atSeconds(20), action }];
    const events: TimelineEvent[] = [];
    const plan = hybridPlan([], { endSeconds: 100, probes, actions, ...more });
    simulate(hybridArchitecture({ cachePolicy: CACHING }), plan, (event) => void events.push(event));
    const told = events.flatMap((event) => (event.what === 'action.performed' ? [event.data] : []));
    return {
      misses: events.flatMap((event) =>
        event.what === 'request.ended' && event.data.result === 'Miss' ? [Math.floor(event.data.sentAt / 1e6)] : [],
      ),
      told: told.map(({ code, outcome }) => code ?? outcome).join(' '),
    };
  }

  test('CF 3.46: edges hear of it one after another, and fetch anew', () => {
    const { misses, told } = run({});
    expect(told).toBe('done');
    expect(misses).toHaveLength(4);
    const [first = 0, second = 0] = misses.slice(2);
    expect(first).toBeGreaterThanOrEqual(20);
    expect(second).toBeLessThanOrEqual(81);
    expect(second).toBeGreaterThan(first);
  });

  test('CF 3.46: how long that takes is a switch', () => {
    expect(run({ switches: { 'cloudfront.invalidation-seconds': 0 } }).misses.slice(2)).toEqual([20, 20]);
  });

  test('CF 3.46: of a distribution that is not there it is refused, and while the control plane is down', () => {
    expect(run({}, 'ENONE').told).toBe('NoSuchDistribution');
    const target = { kind: 'control-plane', controlPlane: 'cloudfront' } as const;
    const effect = { kind: 'status', status: 503 } as const;
    const fault = { name: 'plane', target, effect, from: atSeconds(1), until: atSeconds(90), share: 1 };
    expect(run({ faults: [fault] }).told).toBe('ServiceUnavailable');
  });
});
