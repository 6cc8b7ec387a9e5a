import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { functionOf, open, returned, scratch } from '../../test/open-function.ts';
import type { LambdaFunction } from '../model/index.ts';
import { FunctionLog } from './function-log.ts';
import { FunctionPool } from './function-pool.ts';

const pools: FunctionPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

/** A pool whose processes have so long to start ahead of an invocation. */
async function poolOf(fn: LambdaFunction, initMsMax: number): Promise<FunctionPool> {
  const root = join(await scratch(), 'code');
  await mkdir(root);
  await writeFile(join(root, 'index.mjs'), fn.code.kind === 'inline' ? fn.code.text : '');
  const pool = new FunctionPool({ function: fn, root, log: await FunctionLog.open(join(root, 'log')) }, 1, initMsMax);
  pools.push(pool);
  return pool;
}

describe('a start that takes longer than Lambda gives it', () => {
  const slow = functionOf(
    `await new Promise((resolve) => setTimeout(resolve, 1500));
    export const handler = async (event, context) => context.getRemainingTimeInMillis() < 60_000 - 1000;`,
  );

  test('RS 4.22: is done again within the first invocation, in the time of that', async () => {
    const pool = await poolOf(slow, 100);
    expect(await pool.warm()).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Init timed out') as string,
    });
    expect(await pool.invoke('{}', 60_000)).toEqual(returned(true));
  });

  test('RS 4.22: and ends that invocation when there is not so much', async () => {
    const pool = await poolOf(slow, 100);
    expect(await pool.invoke('{}', 300)).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 0\.30 seconds$/) as string,
    });
  });
});

test('RS 4.23: after a timeout or a crash what is kept in memory is gone, and what is in /tmp is there', async () => {
  const file = `/tmp/firedrill-${process.pid}-${Date.now()}`;
  const text = `const { existsSync, writeFileSync } = require('node:fs');
    let count = 0;
    exports.handler = async ({ how }) => {
      if (how === 'hang') await new Promise((resolve) => setTimeout(resolve, 600_000));
      if (how === 'exit') process.exit(1);
      if (how === 'write') writeFileSync(${JSON.stringify(file)}, 'kept');
      return [++count, existsSync(${JSON.stringify(file)})];
    }`;
  const { invoke } = await open(functionOf(text));
  try {
    expect(await invoke({}, 60_000)).toEqual(returned([1, false]));
    expect(await invoke({ how: 'write' }, 60_000)).toEqual(returned([2, true]));
    expect(await invoke({ how: 'hang' }, 500)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await invoke({}, 60_000)).toEqual(returned([1, true]));
    expect(await invoke({ how: 'exit' }, 60_000)).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await invoke({}, 60_000)).toEqual(returned([1, true]));
  } finally {
    await rm(file, { force: true });
  }
});
