import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant, TimelineEvent } from '../model/index.ts';
import { after, BEGINNING, EMPTY_ARCHITECTURE, NEVER } from '../model/index.ts';
import type { World } from '../engine/index.ts';
import { createWorld } from '../engine/index.ts';
import type { TemplateSource } from '../template/index.ts';
import type { TestAws } from './aws.fixture.ts';
import { ACCOUNT, KEY, openTestAws } from './aws.fixture.ts';
import type { AwsOptions } from './aws.ts';
import { Credentials } from './credentials.ts';
import { Sources } from './estate.ts';
import { openCloud } from './open-cloud.ts';

/** When worlds of tests begin; a full hour. */
const BEGAN_AT = Date.UTC(2026, 10, 21, 12);

export interface TestWorld extends TestAws {
  readonly world: World;
  readonly events: readonly TimelineEvent[];
  /** Lets time go on; courses that take time do not run. */
  readonly passSeconds: (seconds: number) => void;
}

/** The APIs over an estate of templates, one stack a Region, whose time stands unless it is moved. */
export async function openTestWorld(
  resources: Readonly<Record<string, string>>,
  zones: Readonly<Record<string, string>> = { 'example.com': 'Z0EXAMPLE' },
  options: Partial<AwsOptions> = {},
): Promise<TestWorld> {
  const events: TimelineEvent[] = [];
  const world = createWorld({
    architecture: EMPTY_ARCHITECTURE,
    plan: {
      name: 'test',
      seed: '1',
      end: NEVER,
      probes: [],
      faults: [],
      switches: {},
      functionModels: {},
    },
    driver: 'local',
    speed: 1,
    beganAtEpochMs: BEGAN_AT,
    sink: (event) => void events.push(event),
  });
  let now: Instant = BEGINNING;
  const cloud = openCloud({
    stage: {
      world,
      now: () => now,
      epochMs: () => BEGAN_AT + now / 1000,
      callFunction: async () => await Promise.resolve({ invocation: { kind: 'returned', payload: null }, log: '' }),
      perform: (action) => world.control.perform(action, { now }).result,
      replace: async (architecture) => {
        await Promise.resolve();
        world.prepare(architecture).commit({ now });
      },
    },
    account: ACCOUNT,
    regions: ['eu-west-1', 'us-east-1'],
    zones,
    credentials: new Credentials([KEY]),
    stateDirectory: mkdtempSync(join(tmpdir(), 'firedrill-aws-')),
    onBug: (error) => {
      throw error;
    },
  });
  await deploy(cloud.estate, resources);
  const test = await openTestAws({ ...options, parts: cloud });
  return { ...test, world, events, passSeconds: (seconds) => void (now = after(now, seconds * 1000)) };
}

async function deploy(estate: unknown, resources: Readonly<Record<string, string>>): Promise<void> {
  if (!(estate instanceof Sources)) throw new Error('an estate is made of sources');
  const stacks = Object.entries(resources).map(([region, text]): [string, TemplateSource] => [
    `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/stack/1`,
    {
      file: `${region}.yaml`,
      text: `Resources:\n${text}`,
      stack: 'stack',
      region,
      parameters: {},
      code: {},
    },
  ]);
  const flaws = await estate.inTurn(async () => await estate.commit({ stacks: new Map(stacks) }));
  if (flaws.length > 0) throw new Error(flaws.map(({ says }) => says).join('\n'));
}
