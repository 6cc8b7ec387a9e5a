import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEGINNING, secondsBetween } from '../../model/index.ts';
import type { Deed } from './edge-script.fixture.ts';
import { hybridEdge } from './edge-script.fixture.ts';

const CODES = [400, 403, 404, 416, 429, 500, 502, 503, 504];
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];
const READS = ['GET', 'HEAD', 'OPTIONS'];

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.constantFrom<Deed>('refused', 'silent', 'hang', 'reset', 'tls'),
  fc.constantFrom<Deed>(200, 204, 301, 401, 501, ...CODES),
  fc.record({ status: fc.constantFrom(200, 500, 503), afterMs: fc.integer({ min: 0, max: 70_000 }) }),
);
const deeds = fc.array(deed, { minLength: 1, maxLength: 4 });
const origin = fc
  .record({
    connectionAttempts: fc.integer({ min: 1, max: 3 }),
    connectionTimeoutSeconds: fc.integer({ min: 1, max: 10 }),
    responseTimeoutSeconds: fc.integer({ min: 1, max: 60 }),
    capped: fc.boolean(),
    capBeyondSeconds: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ capped, capBeyondSeconds, ...timeouts }) => ({
    ...timeouts,
    // Never below the response timeout (CF 1.18).
    ...(capped ? { responseCompletionTimeoutSeconds: timeouts.responseTimeoutSeconds + capBeyondSeconds } : {}),
  }));
const statusCodes = fc.subarray(CODES);
const cachedMethods = fc.constantFrom(['GET', 'HEAD'], ['GET', 'HEAD', 'OPTIONS']);
const RUNS = { numRuns: 500 };

/** One request, all of it drawn. */
const scene = fc.record({ primary: deeds, secondary: deeds, origin, statusCodes, cachedMethods, strict: fc.boolean() });

test('CF 1.3: no write ever reaches the secondary', () => {
  fc.assert(
    fc.property(scene, fc.constantFrom(...WRITES), ({ primary, secondary, strict, ...overrides }, method) => {
      const edge = hybridEdge(overrides, strict)
        .primary(...primary)
        .secondary(...secondary);
      edge.ask({ method });
      expect(edge.takeRoute()).not.toContain('secondary');
      expect(edge.failovers).toEqual([]);
    }),
    RUNS,
  );
});

test("CF 1.11, 9.6: attempts are never more than both members' together, the primary's all before the secondary's", () => {
  fc.assert(
    fc.property(scene, fc.constantFrom(...READS, ...WRITES), ({ primary, secondary, strict, ...overrides }, method) => {
      const edge = hybridEdge(overrides, strict)
        .primary(...primary)
        .secondary(...secondary);
      const { account } = edge.ask({ method });
      const route = edge.takeRoute();
      expect(route).toMatch(/^(primary ?)+(secondary ?)*$/);
      const attempts = route.split(' ');
      expect(account.attempts).toBe(attempts.length);
      for (const member of ['primary', 'secondary'])
        expect(attempts.filter((one) => one === member).length).toBeLessThanOrEqual(
          overrides.origin.connectionAttempts,
        );
    }),
    RUNS,
  );
});

test('CF 1.18, 1.20: a completion timeout bounds what each member costs', () => {
  fc.assert(
    fc.property(scene, fc.constantFrom(...READS), ({ primary, secondary, strict, ...overrides }, method) => {
      const cap = overrides.origin.responseCompletionTimeoutSeconds;
      fc.pre(cap !== undefined);
      const edge = hybridEdge(overrides, strict)
        .primary(...primary)
        .secondary(...secondary);
      edge.ask({ method });
      const members = new Set(edge.seen.map(({ to }) => to)).size;
      expect(secondsBetween(BEGINNING, edge.moment.now)).toBeLessThanOrEqual((cap ?? 0) * members);
    }),
    RUNS,
  );
});

test('CF 1.11, 1.12, 1.15, 1.16, 1.19: a GET that fails costs attempts times the timeout at each member, up to the cap', () => {
  fc.assert(
    fc.property(origin, fc.constantFrom<Deed>('silent', 'hang'), fc.boolean(), (timeouts, why, failsOver) => {
      const edge = hybridEdge({ origin: timeouts, statusCodes: failsOver ? [503, 504] : [500] })
        .primary(why)
        .secondary(why);
      expect(edge.ask().status).toBe(504);
      const each = why === 'silent' ? timeouts.connectionTimeoutSeconds : timeouts.responseTimeoutSeconds;
      const member = Math.min(
        timeouts.connectionAttempts * each,
        timeouts.responseCompletionTimeoutSeconds ?? Number.POSITIVE_INFINITY,
      );
      expect(secondsBetween(BEGINNING, edge.moment.now)).toBe(failsOver ? 2 * member : member);
    }),
    RUNS,
  );
});

test('CF 1.10: one request leaves nothing behind that the next would notice', () => {
  fc.assert(
    fc.property(scene, ({ primary, secondary, strict, ...overrides }) => {
      const edge = hybridEdge(overrides, strict);
      const outcomes = [1, 2].map(() => {
        edge.primary(...primary).secondary(...secondary);
        const began = edge.moment.now;
        const { status } = edge.ask();
        return `${status} ${edge.takeRoute()} ${secondsBetween(began, edge.moment.now)}`;
      });
      expect(outcomes[1]).toBe(outcomes[0]);
    }),
    RUNS,
  );
});
