import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { functionOf, LONG_MS, open, returned, scratch } from '../../test/open-function.ts';
import type { LambdaFunction } from '../model/index.ts';
import { FunctionLog } from './function-log.ts';
import { FunctionPool } from './function-pool.ts';

const pools: FunctionPool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

/** A pool whose processes have so long to start ahead of an invocation, and are told which start it is. */
async function poolOf(fn: LambdaFunction, initMsMax: number): Promise<FunctionPool> {
  const root = join(await scratch(), 'code');
  await mkdir(root);
  await writeFile(join(root, 'index.mjs'), fn.code.kind === 'inline' ? fn.code.text : '');
  let starts = 0;
  const surroundings = (): Record<string, string> => ({ START: String((starts += 1)) });
  const log = await FunctionLog.open(join(root, 'log'));
  const pool = new FunctionPool({ function: fn, root, log, surroundings }, 1, initMsMax);
  pools.push(pool);
  return pool;
}

describe('a start that takes longer than Lambda gives it', () => {
  /** The first two starts are over at no time, so that they take too long on any machine. */
  const slow = functionOf(
    `await new Promise((resolve) => setTimeout(resolve, process.env.START > 2 ? 1500 : ${LONG_MS}));
    export const handler = async (event, context) => context.getRemainingTimeInMillis() < ${LONG_MS} - 1000;`,
  );

  test('RS 4.22: is done again within the first invocation, in the time of that', async () => {
    const pool = await poolOf(slow, 100);
    expect(await pool.warm()).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Init timed out') as string,
    });
    expect(await pool.invoke('{}', LONG_MS)).toEqual(returned(true));
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
    expect(await invoke({})).toEqual(returned([1, false]));
    expect(await invoke({ how: 'write' })).toEqual(returned([2, true]));
    expect(await invoke({ how: 'hang' }, 500)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await invoke({})).toEqual(returned([1, true]));
    expect(await invoke({ how: 'exit' })).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await invoke({})).toEqual(returned([1, true]));
  } finally {
    await rm(file, { force: true });
  }
});
