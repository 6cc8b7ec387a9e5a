import { describe, expect, test } from 'vitest';
import type { Plan, TimelineEvent } from '../model/index.ts';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from '../../test/hybrid-architecture.ts';
import { createWorld } from './create-world.ts';
import type { Switch, SwitchName } from './switches.ts';
import { faultOfSwitch, settingsOf, SWITCHES } from './switches.ts';

function planWith(switches: Plan['switches']): Plan {
  return hybridPlan([], { switches });
}

describe('what a user sets', () => {
  test('a name that is no switch is refused, and those there are are told', () => {
    const says = faultOfSwitch('route53.status-propagation', 3);
    for (const name of Object.keys(SWITCHES)) expect(says).toContain(name);
    expect(faultOfSwitch('toString', true)).toBeDefined();
  });

  test.each(Object.entries(SWITCHES as Readonly<Record<string, Switch>>))(
    '%s takes its choices and its default, and nothing else',
    (name, { choices, default: usual }) => {
      expect(faultOfSwitch(name, usual)).toBeUndefined();
      if (typeof choices === 'string') {
        for (const value of [0, 0.5, 1]) expect(faultOfSwitch(name, value)).toBeUndefined();
        for (const value of [-1, '5', true]) expect(faultOfSwitch(name, value)).toContain(choices);
      } else {
        for (const value of choices) expect(faultOfSwitch(name, value)).toBeUndefined();
        for (const value of ['', 'no such choice', 17, null as never])
          expect(faultOfSwitch(name, value)).toContain(name);
      }
    },
  );
});

test('a share is at most 1, a number of seconds may be any that is finite', () => {
  expect(faultOfSwitch('network.loss-share', 1.01)).toBe('network.loss-share takes a share from 0 to 1.');
  expect(faultOfSwitch('network.loss-share', Number.NaN)).toBeDefined();
  expect(faultOfSwitch('route53.status-propagation-seconds', 3600)).toBeUndefined();
  expect(faultOfSwitch('route53.status-propagation-seconds', Number.POSITIVE_INFINITY)).toBeDefined();
});

test('what the plan does not set has its default', () => {
  const settings = settingsOf(planWith({ 'resolver.warm-start': false }));
  expect(settings.isOn('resolver.warm-start')).toBe(false);
  expect(settings.number('route53.status-propagation-seconds')).toBe(5);
  expect(settings.text('cloudfront.failover-criteria')).toBe('strict');
  expect(settingsOf(planWith({})).isOn('resolver.warm-start')).toBe(true);
});

describe('route53.api-gateway-target-health', () => {
  /** What the failover name is answered with while the primary Region is down and no health check has seen it. */
  function answered(choice: string, effect = primaryFault({ kind: 'status', status: 503 }, 10)): string {
    const events: TimelineEvent[] = [];
    const world = createWorld({
      architecture: hybridArchitecture(),
      plan: hybridPlan([effect], {
        probes: [probe('a', 'https://dhybrid.cloudfront.net/')],
        switches: { 'route53.api-gateway-target-health': choice } satisfies Partial<Record<SwitchName, string>>,
      }),
      driver: 'sim',
      speed: 1,
      beganAtEpochMs: 0,
      sink: (event) => void events.push(event),
    });
    const [from] = world.vantages;
    if (from === undefined) throw new Error('a world has places');
    const reply = world.answer({ name: 'api.example.com', type: 'A' }, from, (15 * 1e6) as never);
    return world.endpointAt(reply.answers[0]?.data ?? '')?.label ?? reply.rcode;
  }

  test('R53 ET-05: always-healthy, the default: evaluating an API Gateway finds nothing, whatever befalls it', () => {
    expect(answered('always-healthy')).toBe('eu-west-1');
  });

  test('R53 ET-05: follows-region: the name moves at once, with faults of the network as with those of answers', () => {
    expect(answered('follows-region')).toBe('us-east-1');
    expect(answered('follows-region', primaryFault({ kind: 'blackhole' }, 10))).toBe('us-east-1');
    expect(answered('follows-region', primaryFault({ kind: 'blackhole' }, 20))).toBe('eu-west-1');
  });
});
