import { describe, expect, test } from 'vitest';
import type { Architecture, RecordSet } from '../model/index.ts';
import { hybridArchitecture } from '../../test/hybrid-architecture.ts';
import { check } from './index.ts';

const SHORT = { connectionAttempts: 1, connectionTimeoutSeconds: 2, responseTimeoutSeconds: 10 };
const HYBRID = hybrid({ origin: SHORT });

/** The hybrid failover for reading only, so that the origin group has no trap of its own. */
function hybrid(overrides: Parameters<typeof hybridArchitecture>[0] = {}): Architecture {
  const architecture = hybridArchitecture(overrides);
  const methods = ['GET', 'HEAD', 'OPTIONS'];
  const distributions = architecture.distributions.map((distribution) => ({
    ...distribution,
    behaviors: distribution.behaviors.map((each) => ({ ...each, allowedMethods: methods, cachedMethods: methods })),
  }));
  return { ...architecture, distributions };
}

/** Codes and facts of what is found, in order. */
function codes(architecture: Architecture): readonly string[] {
  return check(architecture).map(({ code, weight }) => `${weight} ${code}`);
}

/** The hybrid failover with its records changed. */
function withRecords(change: (record: RecordSet, index: number) => RecordSet): Architecture {
  return { ...HYBRID, recordSets: HYBRID.recordSets.map(change) };
}

function without(record: RecordSet, key: 'healthCheckId' | 'alias'): RecordSet {
  const rest: RecordSet & { healthCheckId?: string; alias?: RecordSet['alias'] } = { ...record };
  delete rest[key];
  return rest;
}

test('the hybrid failover with short timeouts has no trap', () => expect(codes(HYBRID)).toEqual([]));

describe('origin groups', () => {
  test('without 503 and 504 do not fail over from a dead or hung primary (CF 8.6)', () => {
    const [finding] = check(hybrid({ origin: SHORT, statusCodes: [500, 502] }));
    expect(finding).toMatchObject({
      code: 'check/unlisted-failover-codes',
      facts: expect.arrayContaining(['CF 1.6', 'CF 8.6']),
    });
    expect(finding?.says).toContain(
      'does not list 503 and 504: when its primary cannot be reached or does not answer in time',
    );
    expect(check(hybrid({ origin: SHORT, statusCodes: [500, 502, 503] }))[0]?.says).toContain(
      'does not list 504: when its primary does not answer in time',
    );
  });

  test('with default timeouts cost 30 s unreachable and 90 s hung, each time (CF 1.11, 1.16, 8.2)', () => {
    const [finding] = check(hybrid());
    expect(finding?.code).toBe('check/slow-origin-failover');
    expect(finding?.says).toContain('waits 30 s before it fails over (3 × 10 s); with the primary hung, 90 s.');
  });

  test('a completion timeout bounds both (CF 1.18)', () => {
    const origin = { responseCompletionTimeoutSeconds: 40 };
    expect(check(hybrid({ origin }))[0]?.says).toContain('with the primary hung, 40 s.');
    expect(codes(hybrid({ origin: { responseCompletionTimeoutSeconds: 10 } }))).toEqual([]);
  });
});

test('one alias on two distributions (CF 4.6)', () => {
  const distributions = HYBRID.distributions.map((distribution) => ({ ...distribution, aliases: ['www.example.com'] }));
  expect(codes({ ...HYBRID, distributions })).toEqual(['error check/shared-alias']);
  // So one name cannot lead to one distribution after the other (CF 4.7).
  const [finding] = check({ ...HYBRID, distributions });
  expect(finding?.says).toContain('CloudFront refuses the second (CNAMEAlreadyExists).');
  expect(finding?.remedy).toContain('fail over behind one distribution, not between two');
});

describe('failover records', () => {
  test('a primary without a check never leaves the answers, whatever EvaluateTargetHealth says (R53 ET-05)', () => {
    const bare = withRecords((record, index) => (index === 0 ? without(record, 'healthCheckId') : record));
    const [finding] = check(bare);
    expect(finding).toMatchObject({ code: 'check/primary-without-health', weight: 'warning' });
    expect(finding?.says).toContain('EvaluateTargetHealth sees only a failure of the whole service');
  });

  test('a secondary without a check is served dead or alive (R53 RP-05)', () => {
    const bare = withRecords((record, index) => (index === 1 ? without(record, 'healthCheckId') : record));
    expect(codes(bare)).toEqual(['note check/secondary-without-health']);
  });

  test('an alias to checked records of the zone inherits their health (R53 ET-06)', () => {
    const leaf: RecordSet = {
      zoneId: 'Z0EXAMPLE',
      name: 'leaf.example.com',
      type: 'A',
      policy: { kind: 'simple' },
      ttlSeconds: 60,
      values: ['192.0.2.1'],
      healthCheckId: 'check-eu-west-1',
      stack: 's',
    };
    const inheriting = withRecords((record) => ({
      ...without(record, 'healthCheckId'),
      alias: { dnsName: leaf.name, hostedZoneId: 'Z0EXAMPLE', evaluateTargetHealth: true },
    }));
    expect(codes({ ...inheriting, recordSets: [...inheriting.recordSets, leaf] })).toEqual([]);
  });

  test('two of one role', () => {
    const twins = withRecords((record, index) => ({
      ...record,
      policy: { kind: 'failover', role: 'PRIMARY', setIdentifier: `${index}` },
    }));
    expect(codes(twins)).toEqual(['error check/same-failover-role']);
  });

  test('a TTL above 60 s on a checked record (R53 AL-06)', () => {
    const slow = (ttlSeconds: number): Architecture =>
      withRecords((record) => ({ ...without(record, 'alias'), ttlSeconds, values: ['192.0.2.1'] }));
    expect(codes(slow(60))).toEqual([]);
    expect(codes(slow(300))).toEqual(['warning check/long-ttl', 'warning check/long-ttl']);
  });

  test('EvaluateTargetHealth on an alias to CloudFront (R53 ET-04)', () => {
    const cloudFront = withRecords((record) => ({
      ...record,
      alias: { dnsName: 'd1.cloudfront.net', hostedZoneId: 'Z2FDTNDATAQYW2', evaluateTargetHealth: true },
    }));
    expect(new Set(codes(cloudFront))).toEqual(new Set(['error check/target-health-on-cloudfront']));
  });
});

test('a health check on the name that it steers (R53 HC-17)', () => {
  const healthChecks = HYBRID.healthChecks.map((each, index) =>
    index === 0 ? { ...each, fullyQualifiedDomainName: 'api.example.com' } : each,
  );
  expect(codes({ ...HYBRID, healthChecks })).toEqual(['warning check/self-steering-health-check']);
});

test('each finding names the facts it rests on and what to do', () => {
  for (const finding of check(hybrid({ statusCodes: [404] }))) {
    expect(finding.facts).not.toEqual([]);
    expect(finding.remedy).toMatch(/\.$/);
  }
});
