import { expect, test } from 'vitest';
import type { PlannedAction, TimelineEvent } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import type { Conversation, Moment } from '../src/engine/conversation.ts';
import { createWorld } from '../src/engine/index.ts';
import { Simulation } from '../src/sim/simulation.ts';
import { acceleratedArchitecture, acceleratedPlan, balancerArn } from './accelerated-architecture.ts';
import { PRIMARY } from './hybrid-architecture.ts';

/* Zones leave the names of load balancers, and come back. */

/** How many addresses a load balancer's name has at each of these seconds, and what the timeline says of shifts. */
function addresses(actions: readonly PlannedAction[], seconds: readonly number[]) {
  const architecture = acceleratedArchitecture();
  const loadBalancers = architecture.loadBalancers.map((balancer) => ({ ...balancer, zonalShiftEnabled: true }));
  expect(loadBalancers[0]?.arn).toBe(balancerArn(PRIMARY));
  const events: TimelineEvent[] = [];
  const world = createWorld({
    architecture: { ...architecture, loadBalancers },
    plan: { ...acceleratedPlan({ endSeconds: 400, probes: [] }), actions },
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 0,
    sink: (event) => void events.push(event),
  });
  const [asker] = world.vantages;
  const name = loadBalancers[0]?.dnsName.toLowerCase() ?? '';
  const counts: number[] = [];
  function* look(moment: Moment): Conversation<void> {
    for (const at of seconds) {
      yield { kind: 'pause', until: atSeconds(at) };
      if (asker !== undefined) counts.push(world.answer({ name, type: 'A' }, asker, moment.now).answers.length);
    }
  }
  const simulation = new Simulation({ ...world, background: [...world.background, { name: 'look', start: look }] });
  simulation.start();
  while (simulation.step(10_000));
  const shifts = events.flatMap((event) =>
    event.what === 'zonal-shift.changed' ? [`${event.at / 1e6} ${event.data.awayFrom ?? 'none'}`] : [],
  );
  return { counts, shifts };
}

const resource = balancerArn(PRIMARY);

function start(at: number, awayFrom = `${PRIMARY}a`, minutes = 2): PlannedAction {
  const action = { kind: 'start-zonal-shift', resource, awayFrom, expiresInMs: minutes * 60_000 } as const;
  return { name: `start-${at}`, at: atSeconds(at), action };
}

test('R53 ZS-02: a zone’s address leaves the name for as long as the shift lasts', () => {
  expect(addresses([start(20)], [10, 30, 139, 141])).toEqual({
    counts: [2, 1, 1, 2],
    shifts: [`20 ${PRIMARY}a`, '140 none'],
  });
});

test('R53 ZS-01: a shift that is extended lasts longer, one that is cancelled is over', () => {
  const extend: PlannedAction = {
    name: 'extend',
    at: atSeconds(100),
    action: { kind: 'update-zonal-shift', resource, expiresInMs: 120_000 },
  };
  const cancel: PlannedAction = { name: 'cancel', at: atSeconds(60), action: { kind: 'cancel-zonal-shift', resource } };
  expect(addresses([start(20), extend], [141, 221])).toEqual({
    counts: [1, 2],
    shifts: [`20 ${PRIMARY}a`, '220 none'],
  });
  expect(addresses([start(20), cancel], [50, 61])).toEqual({
    counts: [1, 2],
    shifts: [`20 ${PRIMARY}a`, '60 none'],
  });
});
