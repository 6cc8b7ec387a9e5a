import { describe, expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from '../../test/hybrid-architecture.ts';
import { simulate } from './index.ts';

/** Seconds of the outage that a viewer of the distribution without an origin group sees, at one request in so many seconds. */
function outageSeconds(connections: 'new' | 'kept', ratePerSecond: number): number {
  const plan = hybridPlan([primaryFault({ kind: 'status', status: 503 }, 30, 400)], {
    endSeconds: 380,
    switches: { 'cloudfront.origin-connections': connections },
    probes: [probe('one', 'https://droute53.cloudfront.net/', { methods: ['GET'], ratePerSecond, places: ['Dublin'] })],
  });
  const failed: number[] = [];
  simulate(hybridArchitecture(), plan, (event) => {
    if (event.what === 'request.ended' && event.data.status >= 500) failed.push(event.at / 1e6);
  });
  return failed.length === 0 ? 0 : Math.max(...failed) - 30;
}

describe('a Region that answers 503 while DNS fails over', () => {
  test('CF 4.14: is left within the TTL by an edge location that connects anew', () => {
    expect(outageSeconds('new', 1)).toBeLessThan(110);
  });

  test('CF 4.18: is never left by one whose connections are kept open by steady traffic', () => {
    expect(outageSeconds('kept', 1)).toBeGreaterThan(340);
  });

  test('CF 1.21: is left as soon as a connection has been idle for the keep-alive timeout', () => {
    expect(outageSeconds('kept', 1 / 6)).toBeLessThan(110);
  });
});
