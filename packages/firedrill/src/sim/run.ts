import type { Architecture, Instant, Plan, TimelineEvent } from '../model/index.ts';
import type { CodeSandbox, World } from '../engine/index.ts';
import { createWorld } from '../engine/index.ts';
import { Simulation } from './simulation.ts';

/** 2026-01-01T00:00:00Z: what clocks show when a simulated world begins. */
const BEGAN_AT_EPOCH_MS = 1_767_225_600_000;

/** A simulation under way, in the hands of somebody who wants to look up now and then. */
export interface SimRun {
  /** World time reached. */
  readonly at: Instant;
  /** Goes on for at most so many dues; false when there is nothing more to do. */
  step(duesMax: number): boolean;
  /** Puts the end on the timeline; call once, last. */
  end(reason: 'finished' | 'interrupted'): void;
}

/**
 * Prepares a simulation and starts everything that runs from the beginning.
 * @param sandbox runs code of users; an estate with CloudFront Functions needs it.
 */
export function startSimulation(
  architecture: Architecture,
  plan: Plan,
  sink: (event: TimelineEvent) => void,
  sandbox?: CodeSandbox,
): SimRun {
  const simulation = new Simulation(worldOf(architecture, plan, sink, sandbox));
  simulation.start();
  return simulation;
}

/**
 * Runs a plan in virtual time, to its end. Deterministic: the same architecture and plan give the same events, byte for
 * byte, on any machine. Ends when the plan's time is over and every request sent in it has ended.
 * @returns the moment it ended at.
 */
export function simulate(
  architecture: Architecture,
  plan: Plan,
  sink: (event: TimelineEvent) => void,
  sandbox?: CodeSandbox,
): Instant {
  const run = startSimulation(architecture, plan, sink, sandbox);
  while (run.step(Number.MAX_SAFE_INTEGER));
  run.end('finished');
  return run.at;
}

/** The world as it is at a moment of a plan: everything until then has happened in virtual time, and `sink` was told. */
export function worldAt(
  architecture: Architecture,
  plan: Plan,
  at: Instant,
  sink: (event: TimelineEvent) => void = () => undefined,
  sandbox?: CodeSandbox,
): World {
  const world = worldOf(architecture, { ...plan, end: at }, sink, sandbox);
  const simulation = new Simulation(world);
  simulation.start();
  while (simulation.step(Number.MAX_SAFE_INTEGER));
  return world;
}

function worldOf(
  architecture: Architecture,
  plan: Plan,
  sink: (event: TimelineEvent) => void,
  sandbox: CodeSandbox | undefined,
): World {
  const code = sandbox === undefined ? {} : { sandbox };
  return createWorld({ architecture, plan, driver: 'sim', speed: 1, beganAtEpochMs: BEGAN_AT_EPOCH_MS, sink, ...code });
}
