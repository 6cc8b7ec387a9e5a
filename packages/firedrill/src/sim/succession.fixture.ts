import type { Architecture, CachePolicy, Plan, TimelineEvent } from '../model/index.ts';
import { atSeconds } from '../model/index.ts';
import type { World } from '../engine/index.ts';
import { createWorld } from '../engine/index.ts';
import { Simulation } from './simulation.ts';

/** Somebody does something at a second of a run. */
export interface Deed {
  readonly atSecond: number;
  readonly do: (simulation: Simulation, world: World) => void;
}

/** Another estate takes the place of the present one. */
export function replacing(atSecond: number, architecture: Architecture): Deed {
  return { atSecond, do: (simulation) => simulation.replace(architecture) };
}

/** Runs a plan with what is done meanwhile, in order of time; what came onto the timeline. */
export function runWith(architecture: Architecture, plan: Plan, deeds: readonly Deed[]): readonly TimelineEvent[] {
  const events: TimelineEvent[] = [];
  const world = createWorld({
    architecture,
    plan,
    driver: 'sim',
    speed: 1,
    beganAtEpochMs: 1_767_225_600_000,
    sink: (event) => void events.push(event),
  });
  const simulation = new Simulation(world);
  simulation.start();
  for (const { atSecond, do: act } of deeds) {
    simulation.runTo(atSeconds(atSecond));
    act(simulation, world);
  }
  while (simulation.step(10_000));
  simulation.end('finished');
  return events;
}

/** As `12.5 health-check.changed check-1 unhealthy`: each event of some kinds in a line. */
export function linesOf(events: readonly TimelineEvent[], ...kinds: readonly TimelineEvent['what'][]): string[] {
  return events.flatMap(({ at, what, data }) =>
    kinds.includes(what) ? [`${at / 1e6} ${what} ${JSON.stringify(data)}`] : [],
  );
}

/** A cache policy by the path alone, with the TTLs given. */
export function keptFor(ttl: Pick<CachePolicy, 'defaultTtlSeconds' | 'maxTtlSeconds'>): CachePolicy {
  const nothing = { kind: 'none' } as const;
  const key = { headers: nothing, cookies: nothing, queryStrings: nothing, gzip: false, brotli: false };
  return { id: 'kept', name: 'kept', minTtlSeconds: 0, ...ttl, ...key };
}
