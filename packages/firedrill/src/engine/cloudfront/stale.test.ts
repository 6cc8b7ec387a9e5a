import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy } from '../../model/index.ts';
import type { Asked, ScriptedEdge } from './edge-script.fixture.ts';
import { cacheControl, hybridEdge, xCache } from './edge-script.fixture.ts';

const CACHING: CachePolicy = {
  ...CACHING_DISABLED,
  id: 'caching',
  name: 'caching',
  defaultTtlSeconds: 60,
  maxTtlSeconds: 300,
};

function look(edge: ScriptedEdge, asked: Asked = {}): string {
  const reply = edge.ask(asked);
  return `${reply.status} ${xCache(reply)} ${edge.takeRoute()}`.trimEnd();
}

/** An edge that holds an answer with this Cache-Control, and whose primary then does something else. */
function holding(control: string, deed: number | 'refused' | 'hang', policy: Partial<CachePolicy> = {}): ScriptedEdge {
  const edge = hybridEdge({ cachePolicy: { ...CACHING, ...policy }, statusCodes: [] });
  look(edge.primary({ status: 200, headers: [cacheControl(control)] }));
  return edge.primary(deed);
}

describe('stale-while-revalidate', () => {
  test('CF 2.11: what has expired is served at once, while the origin is asked beside', () => {
    const edge = holding('max-age=60, stale-while-revalidate=30', 200);
    expect(look(edge.wait(60))).toBe('200 Hit primary');
    expect(look(edge.wait(59))).toBe('200 Hit');
  });

  test('CF 2.11: after that time a viewer waits for the origin', () => {
    const edge = holding('max-age=60, stale-while-revalidate=30', 200);
    expect(look(edge.wait(89.999))).toBe('200 Hit primary');
    const late = holding('max-age=60, stale-while-revalidate=30', 200);
    expect(look(late.wait(90))).toBe('200 Miss primary');
  });

  test('CF 2.11: it ends with the maximum TTL', () => {
    const edge = holding('max-age=60, stale-while-revalidate=1000', 200);
    expect(look(edge.wait(360))).toBe('200 Miss primary');
  });

  test('CF 2.11: an origin that fails beside does not end it', () => {
    const edge = holding('max-age=60, stale-while-revalidate=30', 503);
    expect(look(edge.wait(60))).toBe('200 Hit primary');
    expect(look(edge.wait(5))).toBe('200 Hit');
    expect(look(edge.primary(200).wait(6))).toBe('200 Hit primary');
  });

  test('CF 2.11, 3.28: a 304 to the question beside refreshes it, and a viewer’s HEAD fetches the object', () => {
    const edge = hybridEdge({ cachePolicy: CACHING, statusCodes: [] });
    const headers = [cacheControl('max-age=60, stale-while-revalidate=30'), ['ETag', '"a"']] as const;
    look(edge.primary({ status: 200, headers }));
    expect(look(edge.primary({ status: 304 }).wait(60), { method: 'HEAD' })).toBe('200 Hit primary');
    expect(look(edge.wait(59))).toBe('200 Hit');
  });
});

describe('stale-if-error', () => {
  test.each([500, 503, 504, 'refused', 'hang'] as const)(
    'CF 2.12: after %s it allows a stale copy for its time',
    (deed) => {
      expect(look(holding('max-age=60, stale-if-error=200', deed).wait(100))).toMatch(/^200 Hit primary/);
      expect(look(holding('max-age=60, stale-if-error=200', deed).wait(261))).toMatch(/^50\d Error primary/);
    },
  );

  test('CF 2.12: it can outlast what CloudFront does unasked, and ends with the maximum TTL', () => {
    expect(look(holding('max-age=60, stale-if-error=1000', 503).wait(359))).toBe('200 Hit primary');
    expect(look(holding('max-age=60, stale-if-error=1000', 503).wait(360))).toBe('503 Error primary');
  });

  test('CF 2.12: a 4xx is passed on all the same', () => {
    expect(look(holding('max-age=60, stale-if-error=200', 404).wait(60))).toBe('404 Error primary');
  });

  test('CF 2.13: stale-if-error=0 gives the error', () => {
    expect(look(holding('max-age=60, stale-if-error=0', 503).wait(60))).toBe('503 Error primary');
    expect(look(holding('max-age=60, stale-if-error=0', 'refused').wait(60))).toMatch(/^502 Error/);
  });
});

describe('answers that are not to be kept', () => {
  test.each(['no-cache', 'no-store', 'private'])(
    'CF 2.14: %s stands in for an origin that cannot be reached',
    (word) => {
      const edge = holding(word, 'refused');
      expect(look(edge)).toMatch(/^200 Hit primary/);
      // Each time, since it is never fresh.
      expect(look(edge)).toMatch(/^200 Hit primary/);
      expect(look(edge.primary(200))).toBe('200 Miss primary');
    },
  );

  test('CF 2.14: but not for one that answers an error', () => {
    expect(look(holding('no-store', 503))).toBe('503 Error primary');
  });

  test('CF 2.13, 2.14: nor with stale-if-error=0, nor when nothing is kept at all', () => {
    expect(look(holding('no-store, stale-if-error=0', 'refused'))).toMatch(/^502 Error/);
    expect(look(holding('no-store', 'refused', { defaultTtlSeconds: 0, maxTtlSeconds: 0 }))).toMatch(/^502 Error/);
  });
});
