import { describe, expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, BACKUP, PRIMARY } from '../../test/hybrid-architecture.ts';
import type {
  Architecture,
  DerivedHealthCheck,
  MetricAlarm,
  TimelineEvent,
  UpdateHealthCheck,
} from '../model/index.ts';
import { atSeconds, BEGINNING } from '../model/index.ts';
import type { Alarms } from './alarms.ts';
import { alarmsOf } from './alarms.ts';
import { FaultCalendar } from './faults.ts';
import { HealthChecks } from './health-checks.ts';
import type { Parts } from './parts.ts';
import { Recorder } from './parts.ts';
import { TAKE_OVER } from '../../test/stop-architecture.ts';
import { createRandom } from './random.ts';
import { HealthCheckStatus } from './route53/health-check.ts';
import { RoutingControlStates } from './routing-control-states.ts';
import { settingsOf } from './switches.ts';
import { layOutPlaces } from './vantages.ts';

const CHILDREN = [`check-${PRIMARY}`, `check-${BACKUP}`];
const BASE = { inverted: false, disabled: false, stack: 's' };

function calculated(healthThreshold: number, some: Partial<DerivedHealthCheck> = {}): DerivedHealthCheck {
  return {
    ...BASE,
    id: 'parent',
    type: 'CALCULATED',
    healthThreshold,
    childHealthChecks: CHILDREN,
    ...some,
  } as DerivedHealthCheck;
}

function bring(derivedHealthChecks: readonly DerivedHealthCheck[], metricAlarms: readonly MetricAlarm[] = []) {
  const architecture: Architecture = { ...hybridArchitecture(), derivedHealthChecks, metricAlarms };
  const plan = hybridPlan([], { probes: [] });
  const events: TimelineEvent[] = [];
  const random = createRandom('1');
  const sink = (event: TimelineEvent): void => void events.push(event);
  const parts: Parts = {
    input: { architecture, plan, driver: 'sim', speed: 1, beganAtEpochMs: 0, sink },
    timeline: new Recorder(sink),
    random,
    settings: settingsOf(plan),
    layout: layOutPlaces(architecture, plan),
    faults: new FaultCalendar(plan, random),
    endpoints: new Map(),
  };
  const alarms: Alarms = alarmsOf(parts);
  const controls = new RoutingControlStates();
  controls.begin('arn:control', false);
  const health = new HealthChecks(parts, alarms, controls);
  const update = (healthCheck: string, change: Partial<UpdateHealthCheck>, atSecond = 1): string => {
    const judgement = health.update({ kind: 'update-health-check', healthCheck, ...change }, atSeconds(atSecond));
    if (judgement.kind === 'refused') return `${judgement.code}: ${judgement.message}`;
    judgement.carryOut(0);
    return 'done';
  };
  const isHealthy = (id: string): boolean | undefined => health.statusOf(id)?.healthy;
  return { health, alarms, controls, events, update, isHealthy };
}

describe('calculated health checks', () => {
  // R53 HC-27: healthy children of two, and what the parent makes of them.
  test.each([
    { threshold: 0, healthy: [true, true, true] },
    { threshold: 1, healthy: [true, true, false] },
    { threshold: 2, healthy: [true, false, false] },
    { threshold: 3, healthy: [false, false, false] },
  ])(
    'R53 HC-27: with a threshold of $threshold and 2, 1, 0 healthy children it is $healthy',
    ({ threshold, healthy }) => {
      const { update, isHealthy } = bring([calculated(threshold)]);
      const seen = [isHealthy('parent')];
      for (const child of CHILDREN) {
        update(child, { inverted: true });
        seen.push(isHealthy('parent'));
      }
      expect(seen).toEqual(healthy);
    },
  );

  test('R53 HC-26, HC-27: a disabled child counts as healthy, and a disabled parent is', () => {
    const { update, isHealthy } = bring([calculated(2)]);
    update(CHILDREN[0] ?? '', { disabled: true });
    expect(isHealthy('parent')).toBe(true);
    update(CHILDREN[1] ?? '', { inverted: true });
    expect(isHealthy('parent')).toBe(false);
    update('parent', { disabled: true });
    expect(isHealthy('parent')).toBe(true);
    update('parent', { inverted: true });
    expect(isHealthy('parent')).toBe(false);
  });

  test('the parent changes because of its child, and says how many are healthy', () => {
    const { update, events } = bring([calculated(2)]);
    update(CHILDREN[0] ?? '', { inverted: true });
    const [child, parent] = events;
    expect(parent).toMatchObject({
      cause: child?.seq,
      data: {
        healthCheck: 'parent',
        healthyCheckers: 1,
        checkers: 2,
        reason: '1 of 2 health checks are healthy, 2 must be',
      },
    });
  });

  test('R53 HC-27: updates of its threshold and children count at once; another calculated check is no child', () => {
    const { update, isHealthy } = bring([calculated(3), calculated(1, { id: 'other' })]);
    expect(isHealthy('parent')).toBe(false);
    expect(update('parent', { healthThreshold: 1 })).toBe('done');
    expect(isHealthy('parent')).toBe(true);
    expect(update('parent', { childHealthChecks: ['other'] })).toBe(
      'InvalidInput: A calculated health check cannot be the child of another.',
    );
    expect(update('parent', { healthThreshold: 257 })).toMatch(/^InvalidInput/);
    expect(update('parent', { failureThreshold: 3 })).toMatch(/^InvalidInput/);
  });
});

describe('updates', () => {
  test('R53 HC-45: versions count from 1, and an update for another one is refused', () => {
    const { update } = bring([]);
    const [child = ''] = CHILDREN;
    expect(update(child, { healthCheckVersion: 1, inverted: true })).toBe('done');
    expect(update(child, { healthCheckVersion: 1, inverted: false })).toMatch(/^HealthCheckVersionMismatch/);
    expect(update(child, { healthCheckVersion: 2, inverted: false })).toBe('done');
  });

  test('R53 HC-01, HC-04, HC-15: what is outside the limits is refused', () => {
    const { update } = bring([]);
    const [child = ''] = CHILDREN;
    expect(update(child, { failureThreshold: 11 })).toMatch(/^InvalidInput/);
    expect(update(child, { resourcePath: `/${'x'.repeat(255)}` })).toMatch(/^InvalidInput/);
    expect(update(child, { failureThreshold: 1, resourcePath: '/' })).toBe('done');
    expect(update('none', {})).toMatch(/^NoSuchHealthCheck/);
  });
});

describe('health checks of routing controls', () => {
  const follows = (routingControlArn: string): DerivedHealthCheck => ({
    ...BASE,
    id: routingControlArn,
    type: 'RECOVERY_CONTROL',
    routingControlArn,
  });

  test('R53 HC-35: On is healthy, Off is not', () => {
    const { controls, isHealthy, events } = bring([follows('arn:control')]);
    expect(isHealthy('arn:control')).toBe(false);
    controls.set('arn:control', true, atSeconds(5), 0);
    expect(isHealthy('arn:control')).toBe(true);
    controls.set('arn:control', true, atSeconds(6), 0);
    controls.set('arn:control', false, atSeconds(7), 0);
    expect(events.map(({ at, data }) => [at / 1e6, 'healthy' in data && data.healthy])).toEqual([
      [5, true],
      [7, false],
    ]);
  });

  test('R53 HC-42: DNS learns of it after the propagation', () => {
    const { controls, health } = bring([follows('arn:control')]);
    controls.set('arn:control', true, atSeconds(5), 0);
    const status = health.statuses.get('arn:control');
    expect(status?.seenByDns(atSeconds(9), 5).healthy).toBe(false);
    expect(status?.seenByDns(atSeconds(10), 5).healthy).toBe(true);
    expect(status?.seenWithout(['us-east-1'], atSeconds(10), 5)).toBe(true);
  });

  test('one that nobody in this world keeps is taken to be On', () => {
    const { isHealthy, health } = bring([follows('arn:elsewhere')]);
    expect(isHealthy('arn:elsewhere')).toBe(true);
    expect(health.statuses.get('arn:elsewhere')?.seenByDns(BEGINNING, 5).healthy).toBe(true);
  });
});

test('R53 HC-37: the share of healthy checkers and the number of healthy children are published each minute', () => {
  const metricOf = (metricName: string, id: string) => ({
    namespace: 'AWS/Route53',
    metricName,
    dimensions: [{ name: 'HealthCheckId', value: id }],
  });
  const endpoint = CHILDREN[0] ?? '';
  const reading = [endpoint, 'parent'].map((id) => ({
    ...TAKE_OVER,
    name: id,
    region: 'us-east-1',
    metric: metricOf('HealthCheckStatus', id),
  }));
  const { health, alarms } = bring([calculated(1)], reading);
  const status = health.statusOf(endpoint);
  if (!(status instanceof HealthCheckStatus)) throw new Error('It has checkers.');
  for (const checker of status.checkers.slice(0, 4)) status.observe(checker, false);
  const lives = health.background().filter(({ name }) => name.startsWith('route53/metrics/'));
  expect(lives.map(({ name }) => name)).toEqual([`route53/metrics/${endpoint}`, 'route53/metrics/parent']);
  for (const { start } of lives) {
    const { value } = start({ now: atSeconds(60) }).next();
    expect(value).toEqual({ kind: 'pause', until: atSeconds(120) });
  }
  const published = (name: string, id: string): readonly number[] =>
    alarms.store
      .read('us-east-1', metricOf(name, id), { from: 60_000, until: 120_000, now: 600_000 })
      .map(({ sum }) => sum);
  expect(published('HealthCheckStatus', endpoint)).toEqual([1]);
  expect(published('HealthCheckPercentageHealthy', endpoint)).toEqual([75]);
  expect(published('ChildHealthCheckHealthyCount', 'parent')).toEqual([2]);
  expect(published('HealthCheckPercentageHealthy', 'parent')).toEqual([]);
});
