import { describe, expect, test } from 'vitest';
import type { RequestEnd } from '../../model/index.ts';
import { PROFILES } from './profile.ts';

const ENDS: readonly RequestEnd[] = ['timeout', 'refused', 'reset', 'tls', 'dns'];

describe('a plain client', () => {
  test('it repeats nothing and keeps to the TTL as it is', () => {
    const { attemptsMax, repeats, resolver } = PROFILES.plain;
    expect(attemptsMax).toBe(1);
    for (const end of ENDS) expect(repeats(end, 0, 'GET')).toBe(false);
    expect(repeats('answered', 503, 'GET')).toBe(false);
    expect(resolver).toMatchObject({ minTtlSeconds: 0, keepsFailures: true });
  });
});

describe('a browser', () => {
  const { attemptsMax, repeats, resolver, backoffMs } = PROFILES.browser;

  test('R53 RV-09: it keeps a name for a minute at least, and keeps no failures', () => {
    expect(resolver).toMatchObject({ minTtlSeconds: 60, keepsFailures: false });
  });

  test.each([
    { end: 'reset', method: 'GET', again: true },
    { end: 'refused', method: 'GET', again: true },
    { end: 'reset', method: 'PUT', again: true },
    { end: 'reset', method: 'POST', again: false },
    { end: 'refused', method: 'PATCH', again: false },
    { end: 'timeout', method: 'GET', again: false },
    { end: 'tls', method: 'GET', again: false },
    { end: 'dns', method: 'GET', again: false },
    { end: 'answered', method: 'GET', again: false },
  ] as const)('after $end a browser sends a $method again: $again', ({ end, method, again }) => {
    expect(repeats(end, end === 'answered' ? 503 : 0, method)).toBe(again);
  });

  test('it does so once, and at once', () => {
    expect(attemptsMax).toBe(2);
    expect(backoffMs(2, 0.99)).toBe(0);
  });
});

describe('an SDK', () => {
  const { attemptsMax, repeats, backoffMs } = PROFILES.sdk;

  test('R53 RV-18: it makes three attempts at most', () => {
    expect(attemptsMax).toBe(3);
  });

  test('R53 RV-18: it repeats what brought no answer, 429, 500, 502, 503 and 504, of every method, and nothing else', () => {
    for (const method of ['GET', 'POST']) {
      for (const end of ENDS) expect(repeats(end, 0, method), end).toBe(true);
      const repeated = [200, 301, 400, 403, 404, 429, 499, 500, 501, 502, 503, 504, 505].filter((status) =>
        repeats('answered', status, method),
      );
      expect(repeated).toEqual([429, 500, 502, 503, 504]);
    }
  });

  test('R53 RV-18: the longest wait doubles from 100 ms, up to 20 s, and a wait is drawn from nothing to that', () => {
    const longest = [2, 3, 4, 9, 10, 30].map((n) => backoffMs(n, 1));
    expect(longest).toEqual([100, 200, 400, 12_800, 20_000, 20_000]);
    expect(backoffMs(3, 0)).toBe(0);
    expect(backoffMs(3, 0.25)).toBe(50);
  });
});
