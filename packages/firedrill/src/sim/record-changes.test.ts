import { expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan } from '../../test/hybrid-architecture.ts';
import type { Action, Plan, RecordSet } from '../model/index.ts';
import { atSeconds, EMPTY_ARCHITECTURE } from '../model/index.ts';
import type { World } from '../engine/index.ts';
import { createWorld } from '../engine/index.ts';
import { Simulation } from './simulation.ts';

const NAME = 'drained.example.com';

function weighing(setIdentifier: string, weight: number): RecordSet {
  const policy = { kind: 'weighted', weight, setIdentifier } as const;
  return { zoneId: 'Z1', name: NAME, type: 'TXT', policy, ttlSeconds: 0, values: [setIdentifier], stack: 's' };
}

const DRAIN: Action = {
  kind: 'change-record-sets',
  hostedZoneId: 'Z1',
  changes: [
    { action: 'UPSERT', recordSet: weighing('old', 0) },
    { action: 'UPSERT', recordSet: weighing('new', 1) },
  ],
};

/** Runs a world to its end; says what became of its actions. */
function run(some: Partial<Plan>): { readonly world: World; readonly told: readonly string[] } {
  const told: string[] = [];
  const plan = { ...hybridPlan([], { endSeconds: 100, probes: [] }), ...some };
  const world = createWorld({
    architecture: {
      ...EMPTY_ARCHITECTURE,
      stacks: hybridArchitecture().stacks,
      hostedZones: [{ id: 'Z1', name: 'example.com', private: false }],
      recordSets: [weighing('old', 1), weighing('new', 0)],
    },
    plan,
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 0,
    sink: (event) => {
      if (event.what === 'action.performed') told.push(`${event.data.name} ${event.data.code ?? event.data.outcome}`);
    },
  });
  const simulation = new Simulation(world);
  simulation.start();
  while (simulation.step(10_000));
  return { world, told };
}

/** What each of twenty resolvers is answered. */
function answers(world: World, atSecond: number): readonly string[] {
  const spot = { latitude: 0, longitude: 0 };
  const from = { index: 0, spot, address: '203.0.113.7' };
  return Array.from({ length: 20 }, (_, index) => {
    const asker = { ...from, name: `resolver-${index}` };
    const { answers: found } = world.answer({ name: NAME, type: 'TXT' }, asker, atSeconds(atSecond));
    return found[0]?.data ?? '';
  });
}

const drain = { name: 'drain', at: atSeconds(10), action: DRAIN };

test('R53 CH-08: name servers hear of a change one after another, and all within 60 seconds', () => {
  const { world, told } = run({ actions: [drain] });
  expect(told).toEqual(['drain done']);
  expect(new Set(answers(world, 10))).toEqual(new Set(['old']));
  const meanwhile = answers(world, 40);
  expect(new Set(meanwhile)).toEqual(new Set(['old', 'new']));
  // Who has heard of it does not forget it.
  const later = answers(world, 50);
  expect(meanwhile.every((answer, index) => answer === 'old' || later[index] === 'new')).toBe(true);
  expect(new Set(answers(world, 70))).toEqual(new Set(['new']));
});

test('R53 CH-08: how long that takes is a switch', () => {
  const { world } = run({ actions: [drain], switches: { 'route53.change-propagation-seconds': 0 } });
  expect(new Set(answers(world, 10))).toEqual(new Set(['new']));
});

test('R53 PP-12: a runbook that edits records fails while us-east-1 does', () => {
  const fault = {
    name: 'control plane',
    target: { kind: 'control-plane', controlPlane: 'route53' },
    effect: { kind: 'status', status: 503 },
    share: 1,
    from: atSeconds(0),
    until: atSeconds(90),
  } as const;
  const { world, told } = run({ actions: [drain], faults: [fault] });
  expect(told).toEqual(['drain ServiceUnavailable']);
  expect(new Set(answers(world, 80))).toEqual(new Set(['old']));
});

test('R53 CH-06: the sixth request of a second is throttled', () => {
  const actions = Array.from({ length: 6 }, (_, index) => ({ ...drain, name: `drain ${index}` }));
  expect(run({ actions }).told.at(-1)).toBe('drain 5 Throttling');
  expect(run({ actions }).told.slice(0, -1)).toEqual(actions.slice(0, -1).map(({ name }) => `${name} done`));
});
