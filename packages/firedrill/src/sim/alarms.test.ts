import { describe, expect, test } from 'vitest';
import { BACKUP, PRIMARY } from '../../test/hybrid-architecture.ts';
import { putting, STOP_CHECK, stopArchitecture, stopPlan, TAKE_OVER } from '../../test/stop-architecture.ts';
import type {
  Action,
  Architecture,
  CompositeAlarm,
  MetricAlarm,
  Plan,
  PlannedAction,
  TimelineEvent,
} from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { simulate } from './run.ts';

function run(architecture: Architecture, plan: Plan): readonly TimelineEvent[] {
  const events: TimelineEvent[] = [];
  simulate(architecture, plan, (event) => void events.push(event));
  return events;
}

/** Alarms, health checks and refusals, one line each; evaluations at second 22 and 37 of each minute. */
function story(
  actions: readonly PlannedAction[],
  architecture: Architecture = stopArchitecture(),
  endSeconds = 600,
): readonly string[] {
  const switches = {
    'cloudwatch.evaluation-second': 22,
    'route53.metric-evaluation-second': 37,
  };
  return run(architecture, stopPlan(actions, { probes: [], switches, endSeconds })).flatMap((event) => {
    const at = event.at / 1e6;
    if (event.what === 'alarm.changed') return [`${at} ${event.data.alarm} ${event.data.state}`];
    if (event.what === 'alarm.acted')
      return [`${at} ${event.data.alarm} ${event.data.outcome} ${event.data.actions.join(' ')}`];
    if (event.what === 'health-check.changed') {
      return [`${at} ${event.data.healthCheck} ${event.data.healthy ? 'healthy' : 'unhealthy'}`];
    }
    if (event.what === 'action.performed' && event.data.outcome === 'refused') {
      return [`${at} ${event.data.name}: ${event.data.code} ${event.data.message}`];
    }
    return [];
  });
}

function doing(name: string, atSecond: number, action: Action): PlannedAction {
  return { name, at: atSeconds(atSecond), action };
}

function setting(state: string, atSecond: number, alarm = TAKE_OVER.name): PlannedAction {
  return doing(`set ${state}`, atSecond, { kind: 'set-alarm-state', region: BACKUP, alarm, state, reason: 'a test' });
}

/** 0 all the time, so that the alarm knows. */
const heartbeat: PlannedAction = { ...putting(0, 0), name: 'heartbeat', everyMs: 60_000 };

describe('standby takes over primary', () => {
  test('R53 MT-01, TL-07: with an alarm at second 22, the word of 15:11:00 alarms after 82 s, that of 15:14:09 clears after 73 s', () => {
    const lines = story([putting(0, 0), putting(1, 60), putting(0, 249)], stopArchitecture(), 400);
    expect(lines).toEqual([
      `82 ${TAKE_OVER.name} OK`,
      `142 ${TAKE_OVER.name} ALARM`,
      `157 ${STOP_CHECK} unhealthy`,
      `322 ${TAKE_OVER.name} OK`,
      `337 ${STOP_CHECK} healthy`,
    ]);
  });

  test('the client moves to the standby and back, each for the put that asked for it', () => {
    const events = run(stopArchitecture(), stopPlan([putting(1, 60), putting(0, 249)]));
    const answered = events.flatMap((event) => (event.what === 'request.ended' ? [event.data.endpoint] : []));
    const runs = answered.filter((endpoint, index) => endpoint !== answered[index - 1]);
    expect(runs).toEqual([PRIMARY, BACKUP, PRIMARY]);
    const [word, back] = events.filter(({ what }) => what === 'action.performed').map(({ seq }) => seq);
    const causes = events.flatMap((event) => (event.what === 'health-check.changed' ? [event.cause] : []));
    expect(causes).toEqual([word, back]);
  });
});

describe('a health check of an alarm', () => {
  test('R53 HC-29, RS 1.33: SetAlarmState moves the alarm until its next evaluation, and the check not at all', () => {
    expect(story([heartbeat, setting('ALARM', 190)], stopArchitecture(), 300)).toEqual([
      `82 ${TAKE_OVER.name} OK`,
      `190 ${TAKE_OVER.name} ALARM`,
      `202 ${TAKE_OVER.name} OK`,
    ]);
  });

  test('RS 1.34: a state that is none is refused, and so is an alarm that does not exist', () => {
    expect(story([setting('BROKEN', 10), setting('OK', 20, 'nobody')], stopArchitecture(), 60)).toEqual([
      "10 set BROKEN: ValidationError 1 validation error detected: Value 'BROKEN' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
      '20 set OK: ResourceNotFound Unknown alarm.',
    ]);
  });

  test('R53 HC-32, RS 1.1: an edit of the alarm does not reach the check before the check is updated', () => {
    const edit = { kind: 'put-metric-alarm', region: BACKUP, alarm: TAKE_OVER.name, change: { threshold: 0 } } as const;
    const update = { kind: 'update-health-check', healthCheck: STOP_CHECK } as const;
    expect(story([heartbeat, doing('edit', 130, edit), doing('update', 310, update)], stopArchitecture(), 420)).toEqual(
      [`82 ${TAKE_OVER.name} OK`, `142 ${TAKE_OVER.name} ALARM`, `337 ${STOP_CHECK} unhealthy`],
    );
  });

  // What is known is from the minutes before, then there is no data.
  test.each([
    { without: 'Healthy', lines: [`97 ${STOP_CHECK} unhealthy`, `277 ${STOP_CHECK} healthy`] },
    { without: 'Unhealthy', lines: [`37 ${STOP_CHECK} unhealthy`] },
    { without: 'LastKnownStatus', lines: [`97 ${STOP_CHECK} unhealthy`] },
  ] as const)('R53 HC-30: without data it is $without', ({ without, lines }) => {
    const told = story([putting(1, 0)], stopArchitecture({ insufficientDataHealthStatus: without }));
    expect(told.filter((line) => line.includes(STOP_CHECK))).toEqual(lines);
  });

  test('R53 HC-25, HC-30: without any history it is healthy, unless missing data is to count as unhealthy', () => {
    expect(story([], stopArchitecture(), 120)).toEqual([]);
    const unhealthy = stopArchitecture({ insufficientDataHealthStatus: 'Unhealthy' });
    expect(story([], unhealthy, 120)).toEqual([`37 ${STOP_CHECK} unhealthy`]);
    expect(story([], stopArchitecture({ inverted: true }), 60)).toEqual([]);
  });
});

function composite(name: string, some: Partial<CompositeAlarm> = {}): CompositeAlarm {
  return {
    name,
    arn: `arn:aws:cloudwatch:${BACKUP}:123456789012:alarm:${name}`,
    region: BACKUP,
    rule: { kind: 'state', state: 'ALARM', alarm: TAKE_OVER.name },
    actions: { enabled: true, ok: ['all-clear'], alarm: ['wake-up'], insufficientData: [] },
    stack: BACKUP,
    ...some,
  };
}

function withAlarms(compositeAlarms: readonly CompositeAlarm[], more: readonly MetricAlarm[] = []): Architecture {
  return {
    ...stopArchitecture(),
    derivedHealthChecks: [],
    metricAlarms: [TAKE_OVER, ...more],
    compositeAlarms,
  };
}

describe('composite alarms', () => {
  test('RS 1.35, 1.10: follow their children at once, and act on changes only', () => {
    expect(story([putting(1, 0), putting(1, 60), putting(0, 120)], withAlarms([composite('both')]), 240)).toEqual([
      '0 both OK',
      '0 both taken all-clear',
      `82 ${TAKE_OVER.name} ALARM`,
      '82 both ALARM',
      '82 both taken wake-up',
      `202 ${TAKE_OVER.name} OK`,
      '202 both OK',
      '202 both taken all-clear',
    ]);
  });

  test('RS 1.33: a state that was set stays until a child changes', () => {
    const lines = story(
      [setting('ALARM', 10, 'both'), putting(1, 60), putting(0, 120)],
      withAlarms([composite('both')]),
      240,
    );
    expect(lines.filter((line) => line.includes(' both ') && !line.includes('taken'))).toEqual([
      '0 both OK',
      '10 both ALARM',
      '202 both OK',
    ]);
  });

  test('RS 1.36: those that depend on each other in a circle are not evaluated; children are of the same Region', () => {
    const one = composite('one', { rule: { kind: 'not', of: { kind: 'state', state: 'ALARM', alarm: 'two' } } });
    const two = composite('two', { rule: { kind: 'state', state: 'OK', alarm: 'one' } });
    expect(story([], withAlarms([one, two]), 100)).toEqual([]);
    const elsewhere = composite('elsewhere', { region: PRIMARY, actions: TAKE_OVER.actions });
    expect(story([putting(1, 0)], withAlarms([elsewhere]), 100)).toEqual([
      '0 elsewhere OK',
      `82 ${TAKE_OVER.name} ALARM`,
    ]);
  });

  test('RS 1.37: while the suppressor is in ALARM nothing is called, and so long after it', () => {
    const maintenance = { ...TAKE_OVER, name: 'maintenance', metric: { ...TAKE_OVER.metric, metricName: 'quiet' } };
    const watched = composite('watched', {
      actions: { enabled: true, ok: [], alarm: ['wake-up'], insufficientData: [] },
      suppressor: { alarm: 'maintenance', waitSeconds: 30, extensionSeconds: 60 },
    });
    const architecture = withAlarms([watched], [maintenance]);
    const quiet = (value: number, atSecond: number): PlannedAction =>
      doing(`quiet ${value}`, atSecond, {
        kind: 'put-metric-data',
        region: BACKUP,
        namespace: 'STOP',
        metricData: [{ metricName: 'quiet', value }],
      });
    const bad: PlannedAction = { ...putting(1, 0), everyMs: 60_000 };
    // Nobody suppresses: called once it has waited for somebody to.
    const acted = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.includes('wake-up'));
    expect(acted(story([bad], architecture, 240))).toEqual(['112 watched taken wake-up']);
    expect(acted(story([bad, quiet(1, 0), quiet(0, 120)], architecture, 400))).toEqual([
      '82 watched suppressed wake-up',
      '262 watched taken wake-up',
    ]);
  });
});

test('RS 1.2, 1.10: an alarm without data says nothing and calls nothing; one that is disabled never calls', () => {
  expect(story([], withAlarms([]), 200)).toEqual([]);
  const actions = { enabled: false, ok: ['all-clear'], alarm: ['wake-up'], insufficientData: [] };
  expect(story([putting(1, 0)], { ...withAlarms([]), metricAlarms: [{ ...TAKE_OVER, actions }] }, 100)).toEqual([
    `82 ${TAKE_OVER.name} ALARM`,
  ]);
});

test('R53 HC-37: a health check publishes its status each minute in us-east-1, where an alarm can read it', () => {
  const onCheck: MetricAlarm = {
    ...TAKE_OVER,
    name: 'check-is-down',
    region: 'us-east-1',
    metric: {
      namespace: 'AWS/Route53',
      metricName: 'HealthCheckStatus',
      dimensions: [{ name: 'HealthCheckId', value: STOP_CHECK }],
    },
    statistic: 'Minimum',
    comparisonOperator: 'LessThanThreshold',
  };
  const architecture = { ...stopArchitecture(), metricAlarms: [TAKE_OVER, onCheck] };
  const lines = story([putting(1, 0)], architecture, 300).filter((line) => line.includes('check'));
  expect(lines).toEqual(['82 check-is-down OK', `97 ${STOP_CHECK} unhealthy`, '202 check-is-down ALARM']);
});

/** Of a list in order, what lies at a share of it. */
function at(list: readonly number[], share: number): number {
  return list[Math.floor(share * (list.length - 1))] ?? NaN;
}

test('R53 MT-01: what was measured lies between the fifth and the ninety-fifth of a hundred of what runs show', () => {
  const measured = { alarm: [81, 84], client: [159, 164], alarmBack: [72, 75], clientBack: [92, 97] } as const;
  const seen: Record<keyof typeof measured, number[]> = { alarm: [], client: [], alarmBack: [], clientBack: [] };
  for (let seed = 0; seed < 100; seed++) {
    const actions = [putting(0, 0), putting(1, 180), putting(0, 369)].map((action, index) => ({
      ...action,
      name: String(index),
    }));
    const events = run(stopArchitecture(), stopPlan(actions, { seed: String(seed), endSeconds: 600 }));
    const first = (from: number, is: (event: TimelineEvent) => boolean): number =>
      (events.find((event) => event.at >= from * 1e6 && is(event))?.at ?? NaN) / 1e6;
    const alarm = (state: string) => (event: TimelineEvent) =>
      event.what === 'alarm.changed' && event.data.state === state;
    const answer = (region: string) => (event: TimelineEvent) =>
      event.what === 'request.ended' && event.data.endpoint === region;
    seen.alarm.push(first(180, alarm('ALARM')) - 180);
    const moved = first(180, answer(BACKUP));
    seen.client.push(moved - 180);
    seen.alarmBack.push(first(369, alarm('OK')) - 369);
    seen.clientBack.push(first(Math.max(moved, 369), answer(PRIMARY)) - 369);
  }
  for (const [what, [least, most]] of Object.entries(measured)) {
    const sorted = seen[what as keyof typeof measured].toSorted((a, b) => a - b);
    expect([what, at(sorted, 0.05) <= least, at(sorted, 0.95) >= most]).toEqual([what, true, true]);
  }
});
