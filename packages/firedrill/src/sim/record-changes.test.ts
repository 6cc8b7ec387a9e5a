import { expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan } from '../../test/hybrid-architecture.ts';
import type { Action, Plan, PlannedAction, RecordSet } from '../model/index.ts';
import { atSeconds, EMPTY_ARCHITECTURE } from '../model/index.ts';
import type { World } from '../engine/index.ts';
import { createWorld } from '../engine/index.ts';
import { Simulation } from './simulation.ts';

const NAME = 'drained.example.com';

function weighing(setIdentifier: string, weight: number): RecordSet {
  const policy = { kind: 'weighted', weight, setIdentifier } as const;
  return { zoneId: 'Z1', name: NAME, type: 'TXT', policy, ttlSeconds: 0, values: [`"${setIdentifier}"`], stack: 's' };
}

const DRAIN: Action = {
  kind: 'change-record-sets',
  changeId: 'drain',
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
      if (event.what === 'record-change.in-sync') told.push(`${event.at / 1e6} in sync`);
      if (event.what !== 'action.performed') return;
      const { name, code, outcome, message } = event.data;
      if (code === 'PriorRequestNotComplete')
        expect(message).toBe('The request was rejected because Route 53 was still processing a prior request.');
      told.push(`${name} ${code ?? outcome}${outcome === 'done' && message !== undefined ? `: ${message}` : ''}`);
    },
  });
  const simulation = new Simulation(world);
  simulation.start();
  while (simulation.step(10_000));
  return { world, told };
}

/** What each of twenty resolvers is answered. */
function answers(world: World, atSecond: number, name = NAME): readonly string[] {
  const spot = { latitude: 0, longitude: 0 };
  const from = { index: 0, spot, address: '203.0.113.7' };
  return Array.from({ length: 20 }, (_, index) => {
    const asker = { ...from, name: `resolver-${index}` };
    const { answers: found } = world.answer({ name, type: 'TXT' }, asker, atSeconds(atSecond));
    return (found[0]?.data ?? '').replaceAll('"', '');
  });
}

const drain = { name: 'drain', at: atSeconds(10), action: DRAIN };

test('R53 CH-08: name servers hear of a change one after another, and all within 60 seconds', () => {
  const { world, told } = run({ actions: [drain] });
  expect(told).toEqual(['drain done', '70 in sync']);
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
  const { told } = run({ actions });
  expect(told.slice(0, 5)).toEqual(actions.slice(0, 5).map(({ name }) => `${name} done`));
  expect(told[5]).toBe('drain 5 Throttling');
});

test('R53 CH-06: what asks counts too, and a second later all is taken again', () => {
  const ask = (name: string, atSecond: number): PlannedAction => ({ name, at: atSeconds(atSecond), action: asking });
  const asking: Action = { kind: 'list-record-sets', hostedZoneId: 'Z1', maxItems: 1 };
  const update: Action = { kind: 'update-health-check', healthCheck: 'none', disabled: true };
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => ask(name, 20));
  const actions = [...five, { name: 'update', at: atSeconds(20.9), action: update }, ask('again', 21)];
  const { told } = run({ actions });
  expect(told.slice(5)).toEqual([
    'update Throttling',
    'again done: example.com NS; truncated, the next is example.com SOA',
  ]);
});

test('R53 CH-06, CH-32: a change meets the one before it only as long as that is being processed', () => {
  const again = (name: string, atSecond: number): PlannedAction => ({ ...drain, name, at: atSeconds(atSecond) });
  const actions = [again('first', 10), again('second', 10), again('third', 11), again('fourth', 12)];
  const calls = (switches: Plan['switches']) =>
    run({ actions, switches }).told.filter((line) => !line.endsWith('in sync'));
  expect(calls({})).toEqual(['first done', 'second done', 'third done', 'fourth done']);
  expect(calls({ 'route53.change-processing-seconds': 2 })).toEqual([
    'first done',
    'second PriorRequestNotComplete',
    'third PriorRequestNotComplete',
    'fourth done',
  ]);
});

test('R53 CH-07, CH-08: GetChange says PENDING until all name servers have it, listing has it at once', () => {
  const ask = (name: string, atSecond: number): PlannedAction => ({
    name,
    at: atSeconds(atSecond),
    action: { kind: 'get-change', change: 'drain' },
  });
  const listing = { kind: 'list-record-sets', hostedZoneId: 'Z1', startName: 'new.example.com' } as const;
  const created: RecordSet = { ...weighing('x', 1), name: 'new.example.com', policy: { kind: 'simple' } };
  const making: Action = { ...DRAIN, changes: [{ action: 'CREATE', recordSet: created }] };
  const { world, told } = run({
    actions: [
      ask('early', 5),
      { ...drain, action: making },
      { name: 'list', at: atSeconds(11), action: listing },
      ask('soon', 12),
      ask('at last', 71),
    ],
  });
  expect(told).toEqual([
    'early NoSuchChange',
    'drain done',
    'list done: new.example.com TXT',
    'soon done: PENDING',
    '70 in sync',
    'at last done: INSYNC',
  ]);
  expect(new Set(answers(world, 10, 'new.example.com'))).toEqual(new Set(['']));
});
