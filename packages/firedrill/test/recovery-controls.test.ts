import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { judge, measure } from '../src/drill/index.ts';
import type { Architecture, Fault, Plan, PlannedAction, TimelineEvent } from '../src/model/index.ts';
import { atSeconds, NEVER } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import type { Example } from './run-example.ts';
import { loadExample } from './run-example.ts';

/* The example with routing controls: its own drill, and what operators can and cannot do while things are down. */

const FILE = fileURLToPath(new URL('../../../examples/recovery-controls/drills/switch-over.yaml', import.meta.url));
let example: Example;
let architecture: Architecture;
let plan: Plan;

beforeAll(async () => {
  example = await loadExample(FILE);
  ({ architecture, plan } = example);
});

function run(over: Partial<Plan> = {}): readonly TimelineEvent[] {
  const events: TimelineEvent[] = [];
  simulate(architecture, { ...plan, ...over }, (event) => void events.push(event));
  return events;
}

/** What operators did and what followed, a line for each event but those of requests and resolvers. */
function story(events: readonly TimelineEvent[]): readonly string[] {
  return events.flatMap((event) => {
    const at = event.at / 1e6;
    switch (event.what) {
      case 'action.performed':
        return [`${at} ${event.data.name} ${event.data.outcome} ${event.data.code ?? ''}`.trim()];
      case 'routing-control.changed':
        return [`${at} ${event.data.routingControl} ${event.data.state} at ${event.data.endpoint}`];
      case 'routing-control.refused':
        return [`${at} refused ${event.data.code}`];
      case 'health-check.changed':
        return [`${at} check ${event.data.healthy ? 'healthy' : 'unhealthy'}`];
      default:
        return [];
    }
  });
}

/** A plan with these faults and actions alone. */
function outcomes(faults: readonly Fault[], actions: readonly PlannedAction[], endSeconds = 60): readonly string[] {
  return story(run({ faults, actions, probes: [], end: atSeconds(endSeconds) }));
}

function switching(name: string, at: number, states: Readonly<Record<string, 'On' | 'Off'>>, more = {}): PlannedAction {
  const entries = Object.entries(states).map(([side, state]) => {
    const control = architecture.routingControls.find((one) => one.name === side);
    return { routingControl: control?.arn ?? side, state };
  });
  return { name, at: atSeconds(at), action: { kind: 'set-routing-control', entries, ...more } };
}

function inverting(name: string, at: number): PlannedAction {
  const healthCheck = architecture.derivedHealthChecks[0]?.id ?? '';
  return { name, at: atSeconds(at), action: { kind: 'update-health-check', healthCheck, inverted: true } };
}

const planeDown: Fault = {
  name: 'route53-api',
  target: { kind: 'control-plane', controlPlane: 'route53' },
  effect: { kind: 'status', status: 503 },
  from: atSeconds(10),
  until: atSeconds(30),
  share: 1,
};

const endpointsDown = (regions: readonly string[], kind: 'blackhole' | 'refuse'): readonly Fault[] =>
  regions.map((region) => ({
    name: `endpoint-${region}`,
    target: { kind: 'service', service: 'recovery-cluster', region },
    effect: { kind },
    from: atSeconds(0),
    until: NEVER,
    share: 1,
  }));

test('the drill ends as it says, and each refusal is AWS’s own', () => {
  const events = run();
  const verdict = judge(measure(events, plan), example.drill.expectations);
  expect(verdict.judgements.filter(({ passed }) => !passed)).toEqual([]);
  // R53 ST-01, ST-07, ST-08: with us-east-1 nobody edits health checks any more; routing controls are switched all the same.
  // R53 RC-01: the silent endpoint costs 5 s, the refused ones nothing.
  expect(story(events)).toEqual([
    '0 begin done',
    '0 primary On at us-east-1',
    '0 check healthy',
    '180 edit-the-check refused EndpointConnectionError',
    '210 both-off refused ConflictException',
    '240 switch-over done',
    '245 primary Off at us-west-2',
    '245 check unhealthy',
    '245 standby On at us-west-2',
    '245 check healthy',
  ]);
});

test('the chain of causes leads from the action through the control and its check to DNS', () => {
  const events = run();
  const byNumber = new Map(events.map((event) => [event.seq, event]));
  const moved = events.find((event) => event.what === 'dns.answer-changed' && event.data.endpoint === 'eu-west-1');
  const chain: string[] = [];
  for (let event = moved; event !== undefined; event = byNumber.get(event.cause)) chain.push(event.what);
  expect(chain).toEqual(['dns.answer-changed', 'health-check.changed', 'routing-control.changed', 'action.performed']);
});

describe('planes', () => {
  test('R53 ST-01, ST-02: while Route 53’s control plane is down edits are refused, health checks go on', () => {
    const actions = [
      switching('begin', 1, { primary: 'On' }),
      inverting('edit', 15),
      switching('over', 20, { primary: 'Off', standby: 'On' }),
      inverting('edit-later', 40),
    ];
    expect(outcomes([planeDown], actions)).toEqual([
      '1 begin done',
      '1 primary On at us-east-1',
      '1 check healthy',
      '15 edit refused ServiceUnavailable',
      '20 over done',
      '20 primary Off at us-east-1',
      '20 check unhealthy',
      '20 standby On at us-east-1',
      '20 check healthy',
      '40 edit-later done',
      '40 check healthy',
    ]);
  });

  test('R53 RC-02: the plane that configures clusters may be down; states are changed at the endpoints', () => {
    const down: Fault = { ...planeDown, target: { kind: 'control-plane', controlPlane: 'recovery-control' } };
    expect(outcomes([down], [switching('on', 15, { primary: 'On' })])).toEqual([
      '15 on done',
      '15 primary On at us-east-1',
      '15 check healthy',
    ]);
  });
});

describe('endpoints', () => {
  test('R53 RC-01: three silent endpoints are no quorum: after 15 s of waiting the update is refused', () => {
    const faults = endpointsDown(['us-east-1', 'us-west-2', 'eu-west-1'], 'blackhole');
    expect(outcomes(faults, [switching('on', 10, { primary: 'On' })])).toEqual([
      '10 on done',
      '25 refused EndpointTemporarilyUnavailableException',
    ]);
  });

  test('R53 RC-01: who knows one endpoint only fails with it', () => {
    const faults = endpointsDown(['us-east-1'], 'refuse');
    const alone = switching('on', 10, { primary: 'On' }, { endpoints: ['us-east-1'] });
    expect(outcomes(faults, [alone])).toEqual(['10 on refused EndpointConnectionError']);
  });
});

test('R53 SR-03: a rule that is overridden lets both sides go off; OQ-08: controls begin as the switch says', () => {
  const safetyRulesToOverride = architecture.safetyRules.map(({ arn }) => arn);
  const actions = [
    switching('off', 10, { primary: 'Off', standby: 'Off' }),
    switching('break-glass', 20, { primary: 'Off', standby: 'Off' }, { safetyRulesToOverride }),
  ];
  const switches = { 'recovery-control.initial-state': 'On' };
  expect(story(run({ faults: [], actions, probes: [], switches, end: atSeconds(60) }))).toEqual([
    '10 off refused ConflictException',
    '20 break-glass done',
    '20 primary Off at us-east-1',
    '20 check unhealthy',
    '20 standby Off at us-east-1',
    '20 check unhealthy',
  ]);
});
