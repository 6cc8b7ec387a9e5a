import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Architecture, Finding, LambdaFunction } from '../model/index.ts';
import { BEGINNING, EMPTY_ARCHITECTURE, NEVER } from '../model/index.ts';
import { createWorld } from '../engine/index.ts';
import type { FunctionCall } from '../live/index.ts';
import { LiveError } from '../live/index.ts';
import type { Cloud } from './cloud.ts';
import { Credentials } from './credentials.ts';
import type { Call } from './handlers.ts';
import { openCloud } from './open-cloud.ts';

/** An account over a world of the engine's without any sockets. */
export interface TestCloud {
  readonly cloud: Cloud;
  /** As handlers get it from a signed request to a Region. */
  readonly call: (region: string) => Call;
  /** What stands against an architecture, said by whoever runs it; nothing unless set. */
  refuse: (architecture: Architecture) => readonly Finding[];
  /** What calling a function comes to; nothing unless set. */
  runs: (fn: LambdaFunction, payload: unknown) => FunctionCall;
  readonly bugs: unknown[];
}

/** Opens one. Its clock stands still but for a second with each change. */
export function openTestCloud(zones: Readonly<Record<string, string>> = { 'example.com': 'Z0EXAMPLE' }): TestCloud {
  const world = createWorld({
    architecture: EMPTY_ARCHITECTURE,
    plan: { name: 'test', seed: '1', end: NEVER, probes: [], places: [], faults: [], switches: {}, functionModels: {} },
    driver: 'local',
    speed: 1,
    beganAtEpochMs: EPOCH_MS,
    sink: () => undefined,
  });
  const moment = { now: BEGINNING };
  const bugs: unknown[] = [];
  const test: TestCloud = {
    bugs,
    refuse: () => [],
    runs: () => ({ invocation: { kind: 'returned', payload: null }, log: '' }),
    call: (region) => ({
      region,
      account: '123456789012',
      requestId: 'Q1',
      accessKeyId: 'AKIDEXAMPLE',
      host: `cloudformation.${region}.amazonaws.com`,
      headers: {},
      signal: new AbortController().signal,
    }),
    cloud: openCloud({
      stage: {
        world,
        now: () => moment.now,
        epochMs: () => EPOCH_MS,
        perform: (action) => world.control.perform(action, moment).result,
        callFunction: async (fn, payload) => await Promise.resolve(test.runs(fn, payload)),
        replace: async (architecture) => {
          await Promise.resolve();
          const findings = test.refuse(architecture);
          if (findings.length > 0) throw new LiveError(findings);
          world.prepare(architecture).commit(moment);
        },
      },
      account: '123456789012',
      regions: ['eu-west-1', 'us-east-1'],
      zones,
      credentials: new Credentials([]),
      stateDirectory: mkdtempSync(join(tmpdir(), 'firedrill-cloud-')),
      onBug: (error) => bugs.push(error),
    }),
  };
  return test;
}

const EPOCH_MS = Date.UTC(2026, 10, 21);
