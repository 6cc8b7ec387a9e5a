import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type {
  Action,
  Architecture,
  Fault,
  Plan,
  PlannedAction,
  RegionSwitchPlan,
  TimelineEvent,
} from '../src/model/index.ts';
import { atSeconds, NEVER } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { loadExample, runExample } from './run-example.ts';

/* The example with routing controls; its health checks are vended by a plan of Region switch instead. */

const FILE = fileURLToPath(new URL('../../../examples/recovery-controls/drills/switch-over.yaml', import.meta.url));
let base: Architecture;
let plan: Plan;

beforeAll(async () => {
  ({ architecture: base, plan } = await loadExample(FILE));
});

const START: Action = {
  kind: 'start-plan-execution',
  plan: 'arn:plan',
  targetRegion: 'eu-west-1',
  action: 'activate',
  mode: 'graceful',
};
const APPROVE: Action = { kind: 'approve-plan-step', plan: 'arn:plan', step: 'sure', approval: 'approve' };

function run(
  steps: RegionSwitchPlan['workflows'][number]['steps'],
  actions: readonly PlannedAction[],
  faults: readonly Fault[] = [],
  over: { readonly approach: RegionSwitchPlan['approach']; readonly action: 'activate' | 'deactivate' } = {
    approach: 'activePassive',
    action: 'activate',
  },
) {
  const events: TimelineEvent[] = [];
  const switchPlan: RegionSwitchPlan = {
    arn: 'arn:plan',
    name: 'over',
    approach: over.approach,
    regions: ['us-east-1', 'eu-west-1'],
    workflows: [{ action: over.action, steps }],
    triggers: [],
    stack: '',
  };
  const derivedHealthChecks = base.derivedHealthChecks.map((check) =>
    check.type === 'RECOVERY_CONTROL' ? { ...check, routingControlArn: check.id, plan: 'over' } : check,
  );
  const architecture = { ...base, derivedHealthChecks, regionSwitchPlans: [switchPlan] };
  simulate(architecture, { ...plan, faults, actions }, (event) => void events.push(event));
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
    [
      { name: 'start', at: atSeconds(30), action: START },
      { name: 'again', at: atSeconds(40), action: START },
    ],
  );
  expect(states(events).slice(-3)).toEqual([
    '30 inProgress: step switch sets routing controls',
    expect.stringContaining('30 pausedByFailedStep: step switch failed: ResourceNotFoundException'),
    '40 again refused IllegalStateException',
  ]);
});

test('R53 RS-03: a canceled execution waits for nobody, and another one may be started', () => {
  const cancel: Action = { kind: 'cancel-plan-execution', plan: 'arn:plan' };
  const events = run(
    [{ name: 'sure', block: { kind: 'manual-approval' } }, healthStep()],
    [
      { name: 'start', at: atSeconds(30), action: START },
      { name: 'cancel', at: atSeconds(40), action: cancel },
      { name: 'late', at: atSeconds(50), action: APPROVE },
      { name: 'cancel-again', at: atSeconds(55), action: cancel },
      { name: 'start-again', at: atSeconds(60), action: START },
    ],
  );
  expect(states(events).slice(3)).toEqual([
    '40 cancel done',
    '40 canceled: an operator has canceled it',
    '50 late refused ResourceNotFoundException',
    '55 cancel-again refused ResourceNotFoundException',
    '60 start-again done',
    '60 inProgress: activate, graceful',
    '60 pendingManualApproval: step sure waits for approval',
  ]);
  expect(events.some(({ what }) => what === 'health-check.changed')).toBe(false);
});

test('R53 RS-04: an activation is started in the Region that is activated; nobody answers there while it is down', () => {
  const dead = (region: string): Fault => ({
    name: 'dead',
    target: { kind: 'region', region },
    effect: { kind: 'blackhole' },
    share: 1,
    from: atSeconds(10),
    until: NEVER,
    place: { file: '', line: 1, column: 1 },
  });
  const outcome = (region: string) =>
    states(run([healthStep()], [{ name: 'start', at: atSeconds(30), action: START }], [dead(region)]))[0];
  expect(outcome('us-east-1')).toBe('30 start done');
  expect(outcome('eu-west-1')).toBe('30 start refused EndpointConnectionError');
});

test('R53 RS-01, RS-05: of an active/active plan only the target changes, and a deactivation makes it unhealthy', () => {
  const set = (approach: RegionSwitchPlan['approach'], action: 'activate' | 'deactivate') =>
    run([healthStep()], [{ name: 'start', at: atSeconds(30), action: { ...START, action } }], [], { approach, action })
      .flatMap(({ what, data }) => (what === 'health-check.changed' ? [`${data.healthCheck} ${data.healthy}`] : []))
      .map((line) =>
        line.replace(base.derivedHealthChecks[0]?.id ?? '', 'us').replace(base.derivedHealthChecks[1]?.id ?? '', 'eu'),
      );
  expect(set('activePassive', 'activate')).toEqual(['us false']);
  expect(set('activeActive', 'activate')).toEqual([]);
  expect(set('activePassive', 'deactivate')).toEqual(['eu false']);
  expect(set('activeActive', 'deactivate')).toEqual(['eu false']);
});

test('R53 RS-01, RS-05: the example of a plan moves users once somebody has approved, and no record is edited', async () => {
  const file = fileURLToPath(new URL('../../../examples/recovery-controls/drills/region-switch.yaml', import.meta.url));
  const { events, verdict } = await runExample(file);
  const kinds = events.flatMap(({ what, data }) => (what === 'action.performed' ? [data.action] : []));
  expect(kinds).toEqual(['start-plan-execution', 'approve-plan-step']);
  expect(verdict.passed).toBe(true);
});

test('R53 RS-06: a trigger starts an execution when its alarm is red, and rests for its minimum delay', () => {
  const alarm = 'arn:alarm';
  const setting = (name: string, at: number): PlannedAction => ({
    name,
    at: atSeconds(at),
    action: { kind: 'set-alarm-state', region: 'us-east-1', alarm: 'red', state: 'ALARM', reason: 'test' },
  });
  const events: TimelineEvent[] = [];
  const red = {
    name: 'red',
    arn: alarm,
    region: 'us-east-1',
    actions: { enabled: false, ok: [], alarm: [], insufficientData: [] },
    stack: '',
    rule: { kind: 'constant', value: true } as const,
  };
  const triggered: RegionSwitchPlan = {
    arn: 'arn:plan',
    name: 'over',
    approach: 'activePassive',
    regions: ['us-east-1', 'eu-west-1'],
    workflows: [{ action: 'activate', steps: [] }],
    triggers: [
      { action: 'activate', region: 'eu-west-1', conditions: [{ alarm, red: true }], minimumDelayMs: 120_000 },
    ],
    stack: '',
  };
  const architecture = { ...base, compositeAlarms: [red], regionSwitchPlans: [triggered] };
  const over = { faults: [], actions: [setting('set', 30)], probes: [], end: atSeconds(299) };
  simulate(architecture, { ...plan, ...over }, (event) => void events.push(event));
  expect(states(events).filter((line) => line.includes('inProgress'))).toEqual([
    '60 inProgress: activate, graceful',
    '180 inProgress: activate, graceful',
  ]);
});

/** What a plan with these triggers does by itself, with an alarm that is always red and one that never is. */
function triggeredBy(...conditionsOfEach: RegionSwitchPlan['triggers'][number]['conditions'][]): readonly string[] {
  const alarms = [true, false].map((value) => ({
    name: value ? 'on' : 'off',
    arn: value ? 'arn:on' : 'arn:off',
    region: 'us-east-1',
    actions: { enabled: false, ok: [], alarm: [], insufficientData: [] },
    stack: '',
    rule: { kind: 'constant', value } as const,
  }));
  const triggered: RegionSwitchPlan = {
    arn: 'arn:plan',
    name: 'over',
    approach: 'activePassive',
    regions: ['us-east-1', 'eu-west-1'],
    workflows: [{ action: 'activate', steps: [] }],
    triggers: conditionsOfEach.map((conditions) => ({
      action: 'activate',
      region: 'eu-west-1',
      conditions,
      minimumDelayMs: 3_600_000,
    })),
    stack: '',
  };
  const events: TimelineEvent[] = [];
  const architecture = { ...base, compositeAlarms: alarms, regionSwitchPlans: [triggered] };
  const over = { faults: [], actions: [], probes: [], end: atSeconds(299) };
  simulate(architecture, { ...plan, ...over }, (event) => void events.push(event));
  return states(events);
}

test('R53 RS-06: all conditions of a trigger have to hold, red ones and green ones', () => {
  const started = ['60 inProgress: activate, graceful', '60 completed: all steps are done'];
  const on = (red: boolean) => ({ alarm: 'arn:on', red });
  const off = (red: boolean) => ({ alarm: 'arn:off', red });
  expect(triggeredBy([on(true)])).toEqual(started);
  expect(triggeredBy([on(true), off(false)])).toEqual(started);
  expect(triggeredBy([on(true), off(true)])).toEqual([]);
  expect(triggeredBy([on(false)])).toEqual([]);
  expect(triggeredBy([on(false)], [off(false)])).toEqual(started);
});

test('R53 RS-01, RS-02: a block sets the routing controls of the Region that is activated, and no others', () => {
  const [first, second] = base.routingControls;
  const entries = new Map([
    ['eu-west-1', [{ routingControl: second?.arn ?? '', state: 'On' as const }]],
    ['us-east-1', [{ routingControl: first?.arn ?? '', state: 'On' as const }]],
  ]);
  const events = run(
    [{ name: 'switch', block: { kind: 'routing-control', entries } }],
    [{ name: 'start', at: atSeconds(30), action: START }],
  );
  const set = events.flatMap(({ what, data }) =>
    what === 'routing-control.changed' ? [`${data.routingControl} ${data.state}`] : [],
  );
  expect(set).toEqual([`${second?.name} On`]);
  expect(states(events).at(-1)).toBe('30 completed: all steps are done');
});

test('R53 RS-01, RS-03: what comes after parallel steps waits for all of them', () => {
  const approval = (name: string) => ({ name, block: { kind: 'manual-approval' } as const });
  const both = { name: 'both', block: { kind: 'parallel', steps: [approval('one'), approval('two')] } } as const;
  const approving = (step: string, at: number): PlannedAction => ({
    name: step,
    at: atSeconds(at),
    action: { kind: 'approve-plan-step', plan: 'arn:plan', step, approval: 'approve' },
  });
  const events = run(
    [both, healthStep()],
    [{ name: 'start', at: atSeconds(30), action: START }, approving('two', 40), approving('one', 50)],
  );
  expect(states(events).filter((line) => !line.includes('done'))).toEqual([
    '30 inProgress: activate, graceful',
    '30 pendingManualApproval: step one waits for approval',
    '30 pendingManualApproval: step two waits for approval',
    '40 pendingManualApproval: step two is approved',
    '50 inProgress: step one is approved',
    '50 inProgress: step move sets health checks',
  ]);
  expect(states(events).at(-1)).toBe('50 completed: all steps are done');
});

test('R53 RS-01: a workflow for one Region does not activate another', () => {
  const events: TimelineEvent[] = [];
  const one: RegionSwitchPlan = {
    arn: 'arn:plan',
    name: 'over',
    approach: 'activePassive',
    regions: ['us-east-1', 'eu-west-1'],
    workflows: [{ action: 'activate', region: 'us-east-1', steps: [] }],
    triggers: [],
    stack: '',
  };
  const actions = [
    { name: 'west', at: atSeconds(10), action: START },
    { name: 'elsewhere', at: atSeconds(20), action: { ...START, targetRegion: 'ap-south-1' } },
    { name: 'east', at: atSeconds(30), action: { ...START, targetRegion: 'us-east-1' } },
    { name: 'away', at: atSeconds(40), action: { ...START, targetRegion: 'us-east-1', action: 'deactivate' as const } },
  ];
  const architecture = { ...base, regionSwitchPlans: [one] };
  simulate(architecture, { ...plan, faults: [], probes: [], actions }, (event) => void events.push(event));
  expect(states(events).filter((line) => !line.includes('rogress') && !line.includes('completed'))).toEqual([
    '10 west refused ValidationException',
    '20 elsewhere refused ValidationException',
    '30 east done',
    '40 away refused ValidationException',
  ]);
});
