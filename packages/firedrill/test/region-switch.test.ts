import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadedWorld } from '../src/cli/load-world.ts';
import { loadWorld } from '../src/cli/load-world.ts';
import { readDrill, resolveDrill } from '../src/drill/index.ts';
import type { Action, Architecture, Plan, PlannedAction, RegionSwitchPlan, TimelineEvent } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';

/* The example with routing controls; its health checks are vended by a plan of Region switch instead. */

const FILE = fileURLToPath(new URL('../../../examples/recovery-controls/drills/switch-over.yaml', import.meta.url));
const drill = readDrill(FILE, readFileSync(FILE, 'utf8'));
let world: LoadedWorld;
let base: Architecture;
let plan: Plan;

beforeAll(async () => {
  world = await loadWorld(drill.value, new AbortController().signal);
  base = world.value;
  plan = resolveDrill(drill.value, base).value;
}, 60_000);
afterAll(() => world.dispose());

const START: Action = {
  kind: 'start-plan-execution',
  plan: 'arn:plan',
  targetRegion: 'eu-west-1',
  action: 'activate',
  mode: 'graceful',
};
const APPROVE: Action = { kind: 'approve-plan-step', plan: 'arn:plan', step: 'sure', approval: 'approve' };

function run(steps: RegionSwitchPlan['workflows'][number]['steps'], actions: readonly PlannedAction[]) {
  const events: TimelineEvent[] = [];
  const switchPlan: RegionSwitchPlan = {
    arn: 'arn:plan',
    name: 'over',
    approach: 'activePassive',
    regions: ['us-east-1', 'eu-west-1'],
    workflows: [{ action: 'activate', steps }],
    triggers: [],
    stack: '',
  };
  const derivedHealthChecks = base.derivedHealthChecks.map((check) =>
    check.type === 'RECOVERY_CONTROL' ? { ...check, routingControlArn: check.id, plan: 'over' } : check,
  );
  const architecture = { ...base, derivedHealthChecks, regionSwitchPlans: [switchPlan] };
  simulate(architecture, { ...plan, faults: [], actions }, (event) => void events.push(event));
  return events;
}

function healthStep(): RegionSwitchPlan['workflows'][number]['steps'][number] {
  const [primary, standby] = base.derivedHealthChecks;
  const checks = [
    { id: primary?.id ?? '', region: 'us-east-1' },
    { id: standby?.id ?? '', region: 'eu-west-1' },
  ];
  return { name: 'move', block: { kind: 'health-check', checks } };
}

function states(events: readonly TimelineEvent[]): readonly string[] {
  return events.flatMap(({ what, at, data }) => {
    if (what === 'plan-execution.changed') return [`${at / 1e6} ${data.state}: ${data.says}`];
    if (what === 'action.performed') return [`${at / 1e6} ${data.name} ${data.outcome} ${data.code ?? ''}`.trim()];
    return [];
  });
}

test('R53 RS-01, RS-03, RS-05: an approved execution drives vended checks, and DNS answers because of it', () => {
  const events = run(
    [{ name: 'sure', block: { kind: 'manual-approval' } }, healthStep()],
    [
      { name: 'start', at: atSeconds(30), action: START },
      { name: 'again', at: atSeconds(40), action: START },
      { name: 'yes', at: atSeconds(60), action: APPROVE },
    ],
  );
  expect(states(events)).toEqual([
    '30 start done',
    '30 inProgress: activate, graceful',
    '30 pendingManualApproval: step sure waits for approval',
    '40 again refused IllegalStateException',
    '60 yes done',
    '60 inProgress: step sure is approved',
    '60 inProgress: step move sets health checks',
    '60 completed: all steps are done',
  ]);
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const change = events.find(({ what }) => what === 'health-check.changed');
  expect(change?.data).toMatchObject({ healthy: false, reason: 'the Region switch plan over sets it unhealthy' });
  expect(bySeq.get(change?.cause ?? 0)?.what).toBe('plan-execution.changed');
  const answer = events.find(({ what, cause }) => what.startsWith('dns') && cause === change?.seq);
  expect(answer).toBeDefined();
});

test('R53 RS-02, RS-04: blocks that are not simulated pass at once, and are skipped when so configured and ungraceful', () => {
  const other = { kind: 'other', type: 'CustomActionLambda', skippedWhenUngraceful: true } as const;
  const steps = [{ name: 'gate', block: { kind: 'parallel', steps: [{ name: 'code', block: other }] } as const }];
  const told = (mode: 'graceful' | 'ungraceful') =>
    states(run(steps, [{ name: 'start', at: atSeconds(30), action: { ...START, mode } }]))[2];
  expect(told('graceful')).toBe(
    '30 inProgress: step code is taken as done at once (CustomActionLambda is not simulated)',
  );
  expect(told('ungraceful')).toBe('30 inProgress: step code is skipped');
});

test('R53 RS-03: a block whose routing control is not there pauses the execution', () => {
  const entries = new Map([['eu-west-1', [{ routingControl: 'arn:none', state: 'On' as const }]]]);
  const events = run(
    [{ name: 'switch', block: { kind: 'routing-control', entries } }],
    [{ name: 'start', at: atSeconds(30), action: START }],
  );
  expect(states(events).at(-1)).toContain('pausedByFailedStep: step switch failed: ResourceNotFoundException');
});
