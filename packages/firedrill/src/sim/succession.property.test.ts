import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceleratedArchitecture, acceleratedPlan, balancerArn } from '../../test/accelerated-architecture.ts';
import { hybridArchitecture, hybridPlan, PRIMARY, primaryFault, probe } from '../../test/hybrid-architecture.ts';
import { putting, stopArchitecture, stopPlan, TAKE_OVER } from '../../test/stop-architecture.ts';
import type { Architecture, Plan } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { keptFor, replacing, runWith } from './succession.fixture.ts';

/* An estate that takes its own place, read anew from the same templates, changes nothing that follows. */

const BLACK_HOLE = primaryFault({ kind: 'blackhole' }, 40, 120);
const KEPT = keptFor({ defaultTtlSeconds: 7, maxTtlSeconds: 100 });

const ESTATES: Readonly<Record<string, { readonly architecture: () => Architecture; readonly plan: Plan }>> = {
  'a hybrid failover, one of whose Regions dies': {
    architecture: () => hybridArchitecture({ requestIntervalSeconds: 10 }),
    plan: hybridPlan([BLACK_HOLE], { endSeconds: 180 }),
  },
  'distributions that keep answers, at edges that keep connections': {
    architecture: () => hybridArchitecture({ cachePolicy: KEPT }),
    plan: hybridPlan([BLACK_HOLE], {
      endSeconds: 180,
      switches: { 'cloudfront.origin-connections': 'kept' },
      probes: [probe('a', 'https://dhybrid.cloudfront.net/', { ratePerSecond: 4, places: ['Dublin', 'Tokyo'] })],
    }),
  },
  'a standby that takes over by an alarm': {
    architecture: () => ({ ...stopArchitecture(), metricAlarms: [TAKE_OVER, READ_BY_ALARM] }),
    plan: stopPlan([putting(1, 20), putting(0, 130)], { endSeconds: 260 }),
  },
  'accelerators and load balancers': {
    architecture: shiftable,
    plan: {
      ...acceleratedPlan({ endSeconds: 200 }),
      faults: [BLACK_HOLE],
      actions: [
        {
          name: 'shift',
          at: atSeconds(20),
          action: {
            kind: 'start-zonal-shift',
            resource: balancerArn(PRIMARY),
            awayFrom: `${PRIMARY}a`,
            expiresInMs: 60_000,
          },
        },
      ],
    },
  },
  'records that a script changes': {
    architecture: hybridArchitecture,
    plan: {
      ...hybridPlan([], { endSeconds: 180 }),
      actions: [
        {
          name: 'write',
          at: atSeconds(30),
          action: {
            kind: 'change-record-sets',
            hostedZoneId: 'Z0EXAMPLE',
            changeId: 'c',
            changes: ['api', 'www'].map((name) => ({
              action: 'UPSERT',
              recordSet: {
                name: `${name}.example.com`,
                type: 'TXT',
                ttlSeconds: 60,
                values: ['"x"'],
                policy: { kind: 'simple' },
              },
            })),
          },
        },
        { name: 'look', at: atSeconds(60), everyMs: 10_000, action: { kind: 'get-change', change: 'c' } },
      ],
    },
  },
};

/** An alarm on the metric that a health check publishes. */
const READ_BY_ALARM = {
  ...TAKE_OVER,
  name: 'is-down',
  arn: `${TAKE_OVER.arn}-2`,
  region: 'us-east-1',
  metric: {
    namespace: 'AWS/Route53',
    metricName: 'HealthCheckStatus',
    dimensions: [{ name: 'HealthCheckId', value: 'stop-check' }],
  },
  comparisonOperator: 'LessThanThreshold',
} as const;

function shiftable(): Architecture {
  const architecture = acceleratedArchitecture();
  const loadBalancers = architecture.loadBalancers.map((each) => ({ ...each, zonalShiftEnabled: true }));
  return { ...architecture, loadBalancers };
}

const untouched = new Map<string, string>();

test.each(Object.entries(ESTATES))('%s: an estate that takes its own place changes nothing', (name, estate) => {
  const { architecture, plan } = estate;
  const events = runWith(architecture(), plan, []);
  untouched.set(name, JSON.stringify(events));
  expect(events.length).toBeGreaterThan(50);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: Math.floor(plan.end / 1000) }), { minLength: 1, maxLength: 4 }),
      (moments) => {
        const deeds = moments
          .toSorted((a, b) => a - b)
          .map((ms) => replacing(ms / 1000, structuredClone(architecture())));
        expect(JSON.stringify(runWith(architecture(), plan, deeds))).toBe(untouched.get(name));
      },
    ),
    { numRuns: 12 },
  );
});
