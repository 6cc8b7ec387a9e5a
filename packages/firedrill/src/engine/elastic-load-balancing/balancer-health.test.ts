import { describe, expect, test } from 'vitest';
import { balancerIn, targetGroupIn } from '../../../test/accelerated-architecture.ts';
import type { LoadBalancer, Target, TargetGroup } from '../../model/index.ts';
import { LoadBalancerHealth } from './balancer-health.ts';
import { TargetGroupHealth } from './target-health.ts';

const A = 'eu-west-1a';
const B = 'eu-west-1b';

/** Two zones, one target in each, unless said otherwise. */
function healthOf(
  group: Partial<TargetGroup> = {},
  balancer: Partial<LoadBalancer> = {},
): { readonly health: LoadBalancerHealth; readonly targets: TargetGroupHealth } {
  const inZones: readonly Target[] = [
    { id: 'a', port: 80, zone: A },
    { id: 'b', port: 80, zone: B },
  ];
  const targets = new TargetGroupHealth({
    ...targetGroupIn('eu-west-1'),
    targetType: 'ip',
    targets: inZones,
    ...group,
  });
  return { health: new LoadBalancerHealth({ ...balancerIn('eu-west-1'), ...balancer }, () => targets), targets };
}

describe('which zones its name is answered with', () => {
  test('R53 ET-11, RS 6.16: a zone without a healthy target leaves DNS; when none has one, all come back', () => {
    const { health, targets } = healthOf({}, { crossZone: false });
    expect(health.zonesInDns()).toEqual([A, B]);
    targets.observe(0, false, 1);
    expect(health.zonesInDns()).toEqual([B]);
    targets.observe(1, false, 2);
    expect(health.zonesInDns()).toEqual([A, B]);
    targets.observe(0, true, 3);
    expect(health.zonesInDns()).toEqual([A]);
  });

  test('RS 6.5: the same for a Network Load Balancer; across zones a healthy target anywhere is enough', () => {
    const { health, targets } = healthOf({}, { type: 'network', crossZone: false });
    targets.observe(0, false, 1);
    expect(health.zonesInDns()).toEqual([B]);
    const across = healthOf({}, { type: 'network', crossZone: true });
    across.targets.observe(0, false, 1);
    expect(across.health.zonesInDns()).toEqual([A, B]);
  });

  test('RS 6.6: the threshold may be more than one', () => {
    const three: readonly Target[] = [
      { id: 'a1', port: 80, zone: A },
      { id: 'a2', port: 80, zone: A },
      { id: 'b1', port: 80, zone: B },
    ];
    const { health } = healthOf({ targets: three, dnsFailoverMinimumCount: 2 }, { crossZone: false });
    expect(health.zonesInDns()).toEqual([A]);
  });

  test('a zone that takes no connections leaves DNS, and so does one that is shifted away', () => {
    const { health } = healthOf();
    health.observeNode(A, false, 1);
    expect(health.zonesInDns()).toEqual([B]);
    health.observeNode(A, true, 2);
    health.shift(B, true, 1);
    expect(health.zonesInDns()).toEqual([A]);
    health.shift(B, false, 2);
    expect(health.zonesInDns()).toEqual([A, B]);
  });
});

describe('whether it is healthy as a whole', () => {
  test('R53 ET-02: while every group has a healthy target', () => {
    const { health, targets } = healthOf();
    targets.observe(0, false, 1);
    expect(health.hasHealthyTargets(true)).toBe(true);
    targets.observe(1, false, 2);
    expect(health.hasHealthyTargets(true)).toBe(false);
  });

  test('R53 ET-02: a group without targets makes it unhealthy', () => {
    expect(healthOf({ targets: [] }).health.hasHealthyTargets(true)).toBe(false);
  });

  test('RS 2.8: one unhealthy group of several is enough', () => {
    const groups = ['good', 'bad'].map((arn) => new TargetGroupHealth({ ...targetGroupIn('eu-west-1'), arn }));
    const action = {
      kind: 'forward',
      targetGroups: groups.map(({ group }) => ({ targetGroupArn: group.arn, weight: 1 })),
    } as const;
    const own = balancerIn('eu-west-1');
    const balancer = { ...own, listeners: own.listeners.map((listener) => ({ ...listener, defaultAction: action })) };
    const health = new LoadBalancerHealth(balancer, (arn) => groups.find(({ group }) => group.arn === arn));
    expect(health.hasHealthyTargets(true)).toBe(true);
    groups[1]?.observe(0, false, 1);
    expect(health.hasHealthyTargets(true)).toBe(false);
  });

  test('R53 ET-03, OQ-05: without any group it is what the switch says', () => {
    const health = new LoadBalancerHealth({ ...balancerIn('eu-west-1'), listeners: [] }, () => undefined);
    expect([health.hasHealthyTargets(true), health.hasHealthyTargets(false)]).toEqual([true, false]);
  });

  test('R53 ET-01: and while any of its addresses takes connections', () => {
    const { health } = healthOf();
    health.observeNode(A, false, 1);
    expect(health.hasReachableNode()).toBe(true);
    health.observeNode(B, false, 2);
    expect(health.hasReachableNode()).toBe(false);
    expect(health.cause).toBe(2);
  });
});
