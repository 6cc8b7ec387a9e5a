import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED, hybridArchitecture, hybridPlan, probe } from '../../test/hybrid-architecture.ts';
import type { CachePolicy, FunctionModel, TimelineEvent } from '../model/index.ts';
import { simulate } from './run.ts';

const CACHING: CachePolicy = { ...CACHING_DISABLED, id: 'c', name: 'c', defaultTtlSeconds: 5, maxTtlSeconds: 300 };

interface Told {
  /** Results of the edge in the first second, sorted, with how often each. */
  readonly first: string;
  readonly results: ReadonlyMap<string, number>;
  /** Of the first second, in the order in which they ended: when, in ms. */
  readonly endedMs: readonly number[];
}

/** Twenty GETs a second for twelve seconds, from one city, at an origin that takes 600 ms. */
function told(cachePolicy: CachePolicy, model: Partial<FunctionModel> = {}, timeoutMs = 20_000): Told {
  const functionModels = { '*': { latencyMs: 600, status: 200, bodyBytes: 10, ...model } };
  const url = 'https://droute53.cloudfront.net/';
  const probes = [probe('many', url, { methods: ['GET'], ratePerSecond: 20, timeoutMs })];
  const events: TimelineEvent[] = [];
  const plan = hybridPlan([], { endSeconds: 12, probes, functionModels });
  simulate(hybridArchitecture({ cachePolicy }), plan, (event) => void events.push(event));
  const ended = events.flatMap((event) => (event.what === 'request.ended' ? [event] : []));
  const results = new Map<string, number>();
  for (const { data } of ended) results.set(data.result, (results.get(data.result) ?? 0) + 1);
  const early = ended.filter(({ data }) => data.sentAt < 600_000);
  return {
    first: [...new Set(early.map(({ data }) => data.result))].toSorted().join(' '),
    results,
    endedMs: early.map(({ at }) => Math.round(at / 1000)),
  };
}

describe('requests for one object at one time (CF 3.27)', () => {
  test('CF 3.27: those that come while the first is under way wait for its answer, and are hits', () => {
    const { first, results, endedMs } = told(CACHING);
    expect(first).toBe('Hit Miss');
    // One for the beginning and one for each end of a TTL.
    expect(results.get('Miss')).toBe(3);
    expect(results.get('Hit')).toBe(237);
    // They are answered in one moment, when the first one's answer has come.
    expect(Math.max(...endedMs) - Math.min(...endedMs)).toBeLessThan(60);
  });

  test('CF 3.16, 3.27: with caching disabled each asks for itself', () => {
    expect(told(CACHING_DISABLED).results).toEqual(new Map([['Miss', 240]]));
  });

  test('CF 3.27: so they do where cookies are forwarded, until there is an answer', () => {
    const { first, results } = told({ ...CACHING, cookies: { kind: 'all' } });
    expect(first).toBe('Miss');
    expect(results.get('Miss')).toBeGreaterThan(20);
  });

  test('CF 3.27, 2.1: an error that is kept is everybody’s', () => {
    expect(told(CACHING, { status: 500 }).results.get('Error')).toBe(240);
    expect(told(CACHING, { status: 500 }).endedMs[0]).toBeGreaterThan(600);
  });

  test('CF 3.36: an answer whose viewer has left before is not kept for others', () => {
    // The first answer takes a little longer than each viewer waits, so nobody ever gets one.
    expect(told(CACHING, {}, 605).results).toEqual(new Map([['', 240]]));
  });
});
