import type { Architecture, Instant, Plan, TimelineEvent } from '../model/index.ts';
import { createWorld } from '../engine/index.ts';
import { Simulation } from './simulation.ts';

/** 2026-01-01T00:00:00Z: what clocks show when a simulated world begins. */
const BEGAN_AT_EPOCH_MS = 1_767_225_600_000;

/** How a simulation came out. */
export interface SimEnded {
  readonly at: Instant;
  readonly requests: number;
}

/**
 * Runs a plan in virtual time. Deterministic: the same architecture and plan give the same events, byte for
 * byte, on any machine. Ends when the plan's time is over and every request sent in it has ended.
 */
export function simulate(architecture: Architecture, plan: Plan, sink: (event: TimelineEvent) => void): SimEnded {
  let requests = 0;
  const counting = (event: TimelineEvent): void => {
    if (event.what === 'request.ended') requests += 1;
    sink(event);
  };
  const world = createWorld({
    architecture,
    plan,
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: BEGAN_AT_EPOCH_MS,
    sink: counting,
  });
  const at = new Simulation(world).run();
  return { at, requests };
}
