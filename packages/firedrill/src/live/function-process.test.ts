import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectGone, functionOf, LONG_MS, open, outcome, returned, scratch } from '../../test/open-function.ts';
import { settles } from '../../test/settles.ts';

describe('trouble', () => {
  test('a handler that never yields is killed when its time is over (RS 4.18), and the next one works', async () => {
    const { invoke } = await open(functionOf('exports.handler = async ({ spin }) => { while (spin); return 1 }'));
    const failed = (await invoke({ spin: true }, 1_000)) as { errorType: string; errorMessage: string };
    expect(failed.errorType).toBe('Sandbox.Timedout');
    expect(failed.errorMessage).toMatch(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/);
    expect(await invoke({})).toEqual(returned(1));
  });

  test('the time is shorter on the wall by the speed, but never below a second', async () => {
    const { invoke } = await open(
      functionOf(`exports.handler = () => void setTimeout(() => undefined, ${LONG_MS})`),
      1000,
    );
    const tookMs = async (timeoutMs: number): Promise<number> => {
      const began = performance.now();
      expect(await invoke({}, timeoutMs)).toMatchObject({ errorType: 'Sandbox.Timedout' });
      return performance.now() - began;
    };
    expect(await tookMs(1_500_000)).toSatisfy((ms: number) => ms >= 1490 && ms < 500_000);
    // One a thousand times as fast would have it over in a millisecond.
    expect(await tookMs(1_000)).toBeGreaterThanOrEqual(990);
  });

  test('a process that exits fails its invocation (RS 4.19), and a fresh one takes the next', async () => {
    const text = `let count = 0; exports.handler = async ({ exit }) => { if (exit !== undefined) process.exit(exit); return ++count }`;
    const { invoke } = await open(functionOf(text));
    expect(await invoke()).toEqual(returned(1));
    expect(await invoke()).toEqual(returned(2));
    expect(await invoke({ exit: 0 })).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(
        /^RequestId: \S+ Error: Runtime exited without providing a reason$/,
      ) as string,
    });
    expect(await invoke({ exit: 127 })).toMatchObject({
      errorMessage: expect.stringMatching(/exit status 127$/) as string,
    });
    expect(await invoke()).toEqual(returned(1));
  });

  test('an uncaught exception or rejection is the answer, and ends the process (RS 4.15)', async () => {
    const text = `let count = 0; exports.handler = ({ how }, context, callback) => {
      if (how === 'throw') setTimeout(() => { throw new TypeError('late') });
      else if (how === 'reject') { void Promise.reject(new TypeError('late')); setTimeout(() => undefined, 60_000); }
      else callback(null, ++count);
    }`;
    const { invoke } = await open(functionOf(text));
    expect(await invoke()).toEqual(returned(1));
    expect(await invoke({ how: 'throw' })).toMatchObject({
      kind: 'failed',
      errorType: 'TypeError',
      errorMessage: 'late',
    });
    expect(await invoke()).toMatchObject(returned(1));
    expect(await invoke({ how: 'reject' })).toMatchObject({
      kind: 'failed',
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'TypeError: late',
    });
    expect(await invoke()).toMatchObject(returned(1));
  });

  test('a function that eats more than its memory dies alone', async () => {
    const text = `exports.handler = async ({ eat }) => { const kept = []; while (eat) kept.push({ a: new Array(1000).fill({}) }); return 1 }`;
    const { invoke } = await open(functionOf(text));
    // It runs into V8's limit or into its memory, whichever is seen first.
    const errorType: unknown = expect.stringMatching(/^Runtime\.(?:ExitError|OutOfMemory)$/);
    expect(await invoke({ eat: true })).toMatchObject({ errorType });
    expect(await invoke()).toEqual(returned(1));
  });

  test('what a function writes is in its log, up to a limit', async () => {
    const text = `exports.handler = ({ times }, context, callback) => process.stdout.write('y'.repeat(times), () => callback(null, 'done'))`;
    const { invoke, functions, stateDirectory } = await open(
      functionOf(`console.error('starting'); ${text}`, {
        memoryMb: 1024,
        environment: { AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING: '1' },
      }),
    );
    expect(await invoke({ times: 15e6 })).toEqual(returned('done'));
    await functions.close();
    const [name] = await readdir(join(stateDirectory, 'logs'));
    const log = await readFile(join(stateDirectory, 'logs', name ?? ''), 'utf8');
    expect(log.slice(0, 20)).toBe('starting\nyyyyyyyyyyy');
    expect(log.slice(-60)).toContain('the log ends here');
    expect(log.length).toBeLessThan(10.1 * 1024 * 1024);
  });
});

describe('isolation', () => {
  test('a function sees what RS 4.4 lists, where AWS would be, and its own variables, nothing of the host', async () => {
    process.env['HOST_SECRET'] = 'secret';
    const environment = { TABLE: 'orders', TZ: 'Europe/Dublin', AWS_REGION: 'nowhere' };
    const answer = await outcome('exports.handler = async () => process.env', {}, { environment });
    delete process.env['HOST_SECRET'];
    const { payload } = answer as { payload: Record<string, string> };
    expect(Object.keys(payload).toSorted()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_LAMBDA_RUNTIME_API',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'LAMBDA_RUNTIME_DIR',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'NODE_PATH',
      'PATH',
      'PWD',
      'TABLE',
      'TZ',
      '_HANDLER',
      '_X_AMZN_TRACE_ID',
    ]);
    expect(payload).toMatchObject({
      TABLE: 'orders',
      TZ: 'Europe/Dublin',
      AWS_REGION: 'eu-west-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x',
      _HANDLER: 'index.handler',
    });
  });

  test('close ends every process and what it started, and waits for no handler', async () => {
    const text = `const child = require('node:child_process').spawn('sleep', ['600']);
      exports.handler = async ({ spin }) => { while (spin); return [process.pid, child.pid] }`;
    const { invoke, functions, stateDirectory } = await open(functionOf(text));
    const { payload: pids } = (await invoke()) as { payload: number[] };
    const spinning = invoke({ spin: true });
    await functions.close();
    expect(await spinning).toMatchObject({ kind: 'failed' });
    for (const pid of pids) await expectGone(pid);
    expect(await readdir(stateDirectory)).toEqual(['logs']);
    expect(await invoke()).toMatchObject({ kind: 'failed', errorType: 'Runtime.ExitError' });
  });

  test('functions end when the program that opened them is killed, even one that never yields', async () => {
    const directory = await scratch();
    const fn = functionOf(
      `const { spawn } = require('node:child_process');
      exports.handler = async () => {
        process.kill(${process.pid}, 0);
        const away = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
        console.log(process.pid + ' ' + away.pid + ' ');
        while (true);
      }`,
    );
    const program = `
      import { openFunctions } from ${JSON.stringify(new URL('../../dist/live/functions.js', import.meta.url).href)};
      const functions = await openFunctions({ functions: [${JSON.stringify(fn)}], stateDirectory: ${JSON.stringify(directory)}, speed: 1 });
      const pid = await functions.invoke(${JSON.stringify(fn)}, {}, ${LONG_MS});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const log = join(directory, 'logs', '0-eu-west-1-api.log');
    const written = async (): Promise<string[]> => (await readFile(log, 'utf8').catch(() => '')).split(' ');
    expect(await settles(async () => (await written()).length > 2)).toBe(true);
    const [pid, away] = await written();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expectGone(Number(pid));
    await expectGone(Number(away));
  });
});
