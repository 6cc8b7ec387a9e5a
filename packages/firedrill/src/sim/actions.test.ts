import { describe, expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan, PRIMARY } from '../../test/hybrid-architecture.ts';
import type { PlannedAction, TimelineEvent } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import { simulate } from './run.ts';

const CHECK = `check-${PRIMARY}`;

/** What the timeline says of actions and health, one line for each event. */
function run(actions: readonly PlannedAction[], endSeconds = 300): readonly string[] {
  const events: TimelineEvent[] = [];
  const plan = { ...hybridPlan([], { endSeconds, probes: [] }), actions };
  simulate(hybridArchitecture(), plan, (event) => void events.push(event));
  return events.flatMap((event) => {
    const at = event.at / 1e6;
    if (event.what === 'action.performed') {
      const { name, outcome, code } = event.data;
      return [`${at} ${name} ${outcome}${code === undefined ? '' : ` ${code}`}`];
    }
    return event.what === 'health-check.changed'
      ? [`${at} ${event.data.healthCheck} ${event.data.healthy ? 'healthy' : 'unhealthy'} because of ${event.cause}`]
      : [];
  });
}

function updating(name: string, at: number, change: { disabled?: boolean; inverted?: boolean }): PlannedAction {
  return { name, at: atSeconds(at), action: { kind: 'update-health-check', healthCheck: CHECK, ...change } };
}

describe('update-health-check', () => {
  test('R53 HC-26: inverting a check makes it unhealthy at once, disabling it leaves the inversion on top', () => {
    const lines = run([
      updating('invert', 60, { inverted: true }),
      updating('disable', 90, { disabled: true }),
      updating('back', 120, { inverted: false, disabled: false }),
    ]);
    expect(lines).toEqual([
      '60 invert done',
      `60 ${CHECK} unhealthy because of 2`,
      '90 disable done',
      '120 back done',
      `120 ${CHECK} healthy because of 5`,
    ]);
  });

  test('a health check that does not exist is refused as AWS refuses it, and the drill goes on', () => {
    const action = { kind: 'update-health-check', healthCheck: 'none', inverted: true } as const;
    expect(run([{ name: 'typo', at: atSeconds(10), action }, updating('invert', 20, { inverted: true })])).toEqual([
      '10 typo refused NoSuchHealthCheck',
      '20 invert done',
      `20 ${CHECK} unhealthy because of 3`,
    ]);
  });

  test('an action that is repeated is done at its moments until it ends', () => {
    const lines = run([{ ...updating('again', 10, { inverted: false }), everyMs: 30_000, until: atSeconds(100) }]);
    expect(lines).toEqual(['10 again done', '40 again done', '70 again done']);
  });
});
