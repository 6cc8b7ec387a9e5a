import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy } from '../../model/index.ts';
import { atSeconds, BEGINNING } from '../../model/index.ts';
import type { Asked } from './edge-script.fixture.ts';
import { hybridEdge, xCache } from './edge-script.fixture.ts';
import { InvalidationDesk } from './invalidation.ts';

const CACHING: CachePolicy = { ...CACHING_DISABLED, id: 'c', name: 'c', defaultTtlSeconds: 3600, maxTtlSeconds: 3600 };

describe('what an invalidation takes out of a cache', () => {
  /** What of these targets is gone after paths have been invalidated. */
  function gone(paths: readonly string[], targets: readonly string[], policy: Partial<CachePolicy> = {}): string {
    const edge = hybridEdge({ cachePolicy: { ...CACHING, ...policy } });
    for (const target of targets) edge.ask({ target });
    edge.cache.invalidate('EHYBRID', paths);
    return targets.filter((target) => xCache(edge.ask({ target })) !== 'Hit').join(' ');
  }

  test('CF 3.46: a path takes out that path; with * at the end, all that begin so', () => {
    const targets = ['/a', '/ab', '/a/b', '/b'];
    expect(gone(['/a'], targets)).toBe('/a');
    expect(gone(['/a*'], targets)).toBe('/a /ab /a/b');
    expect(gone(['/a/*', 'b'], targets)).toBe('/a/b /b');
    expect(gone(['/*'], targets)).toBe('/a /ab /a/b /b');
    expect(gone(['/A'], targets)).toBe('');
  });

  test('CF 3.46: a * that is not at the end stands for itself', () => {
    expect(gone(['/*/b'], ['/a/b', '/*/b'])).toBe('/*/b');
  });

  test('CF 3.46: variants by query string have to be named, or covered by a *', () => {
    const all = { queryStrings: { kind: 'all' } } as const;
    const targets = ['/a', '/a?x=1', '/a?x=2'];
    expect(gone(['/a'], targets, all)).toBe('/a');
    expect(gone(['/a?x=1'], targets, all)).toBe('/a?x=1');
    expect(gone(['/a*'], targets, all)).toBe('/a /a?x=1 /a?x=2');
  });

  test('CF 3.46: variants by header and cookie go with their path', () => {
    const policy = { headers: { kind: 'only', names: ['X-A'] }, cookies: { kind: 'all' } } as const;
    const edge = hybridEdge({ cachePolicy: { ...CACHING, ...policy } });
    const asked: Asked[] = [{ headers: [['X-A', '1']] }, { headers: [['X-A', '2']] }, { headers: [['Cookie', 'a=1']] }];
    for (const one of asked) edge.ask(one);
    expect(asked.map((one) => xCache(edge.ask(one)))).toEqual(['Hit', 'Hit', 'Hit']);
    edge.cache.invalidate('EHYBRID', ['/']);
    expect(asked.map((one) => xCache(edge.ask(one)))).toEqual(['Miss', 'Miss', 'Miss']);
  });

  test('CF 3.46: what other distributions have stays', () => {
    const edge = hybridEdge({ cachePolicy: CACHING });
    edge.ask();
    edge.cache.invalidate('EROUTE53', ['/*']);
    expect(xCache(edge.ask())).toBe('Hit');
  });
});

describe('what CloudFront takes for an invalidation', () => {
  const single = (count: number): string[] => Array.from({ length: count }, (_, i) => `/${i}`);
  const wild = (count: number): string[] => Array.from({ length: count }, (_, i) => `/${i}/*`);

  test.each([[['/a b']], [['/é']], [['']], [[]], [[`/${'a'.repeat(4000)}`]]])('CF 3.46: %j is no path', (paths) => {
    expect(new InvalidationDesk().refusalOf(paths, BEGINNING)?.code).toBe('InvalidArgument');
  });

  test('CF 3.46a: 3,000 files and 15 wildcards can be in progress, each counted apart', () => {
    const desk = new InvalidationDesk();
    expect(desk.refusalOf([...single(3000), ...wild(15)], BEGINNING)).toBeUndefined();
    expect(desk.refusalOf(single(3001), BEGINNING)?.code).toBe('TooManyInvalidationsInProgress');
    expect(desk.refusalOf(wild(16), BEGINNING)?.code).toBe('TooManyInvalidationsInProgress');
    desk.begin({ paths: wild(15), until: atSeconds(60) });
    expect(desk.refusalOf(wild(1), atSeconds(59))?.code).toBe('TooManyInvalidationsInProgress');
    expect(desk.refusalOf(single(1), atSeconds(59))).toBeUndefined();
    expect(desk.refusalOf(wild(1), atSeconds(60))).toBeUndefined();
  });
});
