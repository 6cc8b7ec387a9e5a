import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { KEY } from '../src/aws/aws.fixture.ts';
import type { Cloud } from '../src/aws/cloud.ts';
import { Credentials } from '../src/aws/credentials.ts';
import { openCloud } from '../src/aws/open-cloud.ts';
import type { LocalWorld } from '../src/live/index.ts';
import { openWorld, PORTS } from '../src/live/index.ts';
import { EMPTY_ARCHITECTURE, NEVER } from '../src/model/index.ts';

/** A world on real sockets, empty at first, with the account behind the APIs. */
export interface ApiWorld {
  readonly local: LocalWorld;
  readonly cloud: Cloud;
}

/** Opens one that lives until the test is over. @param functionSurroundings environment of every function. */
export async function openApiWorld(
  functionSurroundings: () => Readonly<Record<string, string>> = () => ({}),
): Promise<ApiWorld> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'firedrill-objects-'));
  const end = new AbortController();
  const local = await openWorld({
    architecture: EMPTY_ARCHITECTURE,
    plan: { name: 'up', seed: '1', end: NEVER, probes: [], faults: [], switches: {}, functionModels: {} },
    speed: 1,
    ports: PORTS.any,
    stateDirectory,
    sink: () => undefined,
    functionSurroundings,
  });
  const running = local.run(end.signal);
  onTestFinished(async () => {
    end.abort();
    await running;
    await local.close();
    await rm(stateDirectory, { recursive: true, force: true });
  });
  const cloud = openCloud({
    stage: {
      world: local.world,
      now: () => local.clock.now(),
      epochMs: () => Date.now(),
      perform: (action) => local.perform(action),
      callFunction: async (fn, payload) => await local.callFunction(fn, payload),
      replace: async (architecture) => await local.replace(architecture),
    },
    account: '123456789012',
    regions: ['eu-west-1', 'us-east-1'],
    zones: {},
    credentials: new Credentials([KEY]),
    stateDirectory,
    onBug: (error) => {
      throw error;
    },
  });
  return { local, cloud };
}
