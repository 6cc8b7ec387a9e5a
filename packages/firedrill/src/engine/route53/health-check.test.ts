import { describe, expect, test } from 'vitest';
import type { HealthCheck } from '../../model/index.ts';
import { atSeconds } from '../../model/index.ts';
import { HealthCheckStatus } from './health-check.ts';

const CHECK: HealthCheck = {
  id: 'check',
  type: 'HTTPS',
  fullyQualifiedDomainName: 'api.example.com',
  port: 443,
  resourcePath: '/health',
  requestIntervalSeconds: 10,
  failureThreshold: 3,
  enableSni: true,
  inverted: false,
  disabled: false,
  regions: [],
  stack: 's',
};

/** A status after so many of its checkers have found the endpoint unhealthy. */
function after(unhealthy: number, some: Partial<HealthCheck> = {}): HealthCheckStatus {
  const status = new HealthCheckStatus({ ...CHECK, ...some });
  for (const checker of status.checkers.slice(0, unhealthy)) {
    const changed = status.observe(checker, false);
    if (changed !== undefined) status.changed(atSeconds(1), changed, 1);
  }
  return status;
}

describe('aggregation', () => {
  test('R53 HC-19, HC-20: sixteen checkers, two in each of eight Regions', () => {
    const { checkers } = after(0);
    expect(checkers).toHaveLength(16);
    expect(new Set(checkers.map(({ region }) => region)).size).toBe(8);
  });

  test('R53 HC-18, HC-19: 3 of 16 healthy checkers are enough, 2 are not', () => {
    expect(after(13).healthy).toBe(true);
    expect(after(14).healthy).toBe(false);
  });

  test('R53 OQ-11: of six checkers in three Regions one healthy is not enough, two are', () => {
    const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
    expect(after(4, { regions }).healthy).toBe(true);
    expect(after(5, { regions }).healthy).toBe(false);
  });

  test('R53 HC-25: a new check is healthy until there is enough data, an inverted one unhealthy', () => {
    expect(after(0).healthy).toBe(true);
    expect(after(0, { inverted: true }).healthy).toBe(false);
  });

  test('R53 HC-26: a disabled check is healthy whatever its checkers find, and inversion is applied on top', () => {
    expect(after(16, { disabled: true }).healthy).toBe(true);
    expect(after(16, { disabled: true, inverted: true }).healthy).toBe(false);
  });

  test('an opinion that is no news changes nothing', () => {
    const status = after(0);
    const [first] = status.checkers;
    expect(first && status.observe(first, true)).toBeUndefined();
    expect(status.healthyCheckers).toBe(16);
  });
});

describe('what DNS goes by', () => {
  test('R53 HC-42: a new status reaches DNS after the propagation, not before', () => {
    const status = after(14);
    expect(status.seenByDns(atSeconds(5.9), 5).healthy).toBe(true);
    expect(status.seenByDns(atSeconds(6), 5)).toMatchObject({ healthy: false, seq: 1 });
    expect(status.seenByDns(atSeconds(1), 0).healthy).toBe(false);
  });

  test('a status that changed and changed back within the propagation is seen in its order', () => {
    const status = after(14);
    status.changed(atSeconds(3), true, 2);
    expect(status.seenByDns(atSeconds(6.5), 5)).toMatchObject({ healthy: false, seq: 1 });
    expect(status.seenByDns(atSeconds(8), 5)).toMatchObject({ healthy: true, seq: 2 });
  });
});

describe('what single checkers report', () => {
  test('R53 HC-47: one observation for each checker that has probed, with its Region, and no verdict of all', () => {
    const status = after(0);
    const [first, second] = status.checkers;
    const good = { healthy: true, reason: 'status 200', address: '192.0.2.1' };
    const bad = { healthy: false, reason: 'connect-timeout', address: '192.0.2.1' };
    if (first) status.saw(first, { verdict: bad, address: '127.85.0.1', at: atSeconds(1) });
    if (first) status.saw(first, { verdict: good, address: '127.85.0.1', at: atSeconds(11) });
    if (second) status.saw(second, { verdict: { ...bad, reason: 'tls' }, address: '127.85.0.2', at: atSeconds(3) });
    expect(status.observations()).toEqual([
      {
        region: 'us-east-1',
        ipAddress: '127.85.0.1',
        status: 'Success: HTTP Status Code 200. Resolved IP: 192.0.2.1.',
        checkedAt: atSeconds(11),
      },
      {
        region: 'us-east-1',
        ipAddress: '127.85.0.2',
        status: 'Failure: SSL alert handshake_failure. Resolved IP: 192.0.2.1.',
        checkedAt: atSeconds(3),
      },
    ]);
    expect(status.lastFailures().map(({ status: text }) => text)).toEqual([
      'Failure: The health checker could not establish a connection within the timeout limit. Resolved IP: 192.0.2.1.',
      'Failure: SSL alert handshake_failure. Resolved IP: 192.0.2.1.',
    ]);
  });
});
