import { onTestFinished } from 'vitest';
import type { Architecture, Instant } from '../model/index.ts';
import { atSeconds, BEGINNING, EMPTY_ARCHITECTURE } from '../model/index.ts';
import type { World } from '../engine/index.ts';
import { createWorld } from '../engine/index.ts';
import type { TestAws } from './aws.fixture.ts';
import { openTestAws } from './aws.fixture.ts';

export const BEGAN = Date.UTC(2026, 10, 21, 12);

export interface TestStores extends TestAws {
  readonly world: World;
  /** What the clock of the world shows; tests set it. */
  readonly clock: { now: Instant };
}

/** The APIs over a world that stands still, with an estate that does not change. */
export async function openStores(architecture: Partial<Architecture>): Promise<TestStores> {
  const world = createWorld({
    architecture: { ...EMPTY_ARCHITECTURE, ...architecture },
    plan: { name: 't', seed: '1', end: atSeconds(86_400), probes: [], faults: [], switches: {}, functionModels: {} },
    driver: 'local',
    speed: 1,
    beganAtEpochMs: BEGAN,
    sink: () => undefined,
  });
  const clock = { now: BEGINNING };
  const opened = await openTestAws({
    parts: {
      now: () => clock.now,
      epochMs: () => BEGAN + clock.now / 1000,
      world: () => world,
      perform: (action) => world.control.perform(action, clock).result,
    },
  });
  onTestFinished(() => world.end(clock.now, 'finished'));
  return { ...opened, world, clock };
}
