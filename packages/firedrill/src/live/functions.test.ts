import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { LambdaFunction } from '../model/index.ts';
import type { Invocation } from '../engine/index.ts';
import { type Functions, openFunctions } from './functions.ts';
import { LiveError } from './live-error.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'firedrill-functions-'));
  opened.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function functionOf(text: string, more: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:api',
    name: 'api',
    region: 'eu-west-1',
    runtime: 'nodejs20.x',
    handler: 'index.handler',
    timeoutSeconds: 3,
    memoryMb: 128,
    environment: {},
    code: { kind: 'inline', text },
    stack: 'Primary',
    logicalId: 'Api',
    place: { file: 'template.yaml', line: 12, column: 3 },
    ...more,
  };
}

/** A folder of files as the code of a function. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<LambdaFunction['code']> {
  const path = join(await scratch(), 'code');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { kind: 'directory', path };
}

interface Opened {
  readonly functions: Functions;
  readonly stateDirectory: string;
  readonly fn: LambdaFunction;
  invoke(payload?: unknown, timeoutMs?: number): Promise<Invocation>;
}

async function open(fn: LambdaFunction, speed = 1): Promise<Opened> {
  const stateDirectory = await scratch();
  const functions = await openFunctions({ functions: [fn], stateDirectory, speed });
  opened.push(() => functions.close());
  return {
    functions,
    stateDirectory,
    fn,
    invoke: (payload = {}, timeoutMs = 10_000) => functions.invoke(fn, payload, timeoutMs),
  };
}

/** What one invocation of the inline code comes to. */
async function outcome(text: string, payload: unknown = {}, more: Partial<LambdaFunction> = {}): Promise<Invocation> {
  const { invoke } = await open(functionOf(text, more));
  return await invoke(payload);
}

async function findingsOf(fn: LambdaFunction): Promise<LiveError['findings']> {
  const error = await open(fn).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LiveError);
  return (error as LiveError).findings;
}

const returned = (payload: unknown): Invocation => ({ kind: 'returned', payload });

describe('answers', () => {
  test('an async handler answers with what it resolves to (RS 4.9)', async () => {
    expect(await outcome('exports.handler = async (event) => ({ got: event })', { a: [1, 'é'] })).toEqual(
      returned({ got: { a: [1, 'é'] } }),
    );
  });

  test('a callback answers when the event loop is empty (RS 4.10)', async () => {
    const text = `exports.handler = (event, context, callback) => {
      const order = [];
      setTimeout(() => order.push('timer'), 20);
      callback(null, order);
    }`;
    expect(await outcome(text)).toEqual(returned(['timer']));
  });

  test('a callback answers at once when the handler says so (RS 4.10)', async () => {
    const text = `exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setInterval(() => undefined, 1000);
      callback(null, 'at once');
    }`;
    expect(await outcome(text)).toEqual(returned('at once'));
  });

  test('only the first answer counts (RS 4.9)', async () => {
    const text = `exports.handler = (event, context, callback) => { context.succeed(1); context.fail(new Error('no')); callback('no'); }`;
    expect(await outcome(text)).toEqual(returned(1));
  });

  test('a plain handler without an answer returns null (RS 4.11)', async () => {
    expect(await outcome('exports.handler = () => { setTimeout(() => undefined, 10) }')).toEqual(returned(null));
  });

  test('a promise that can never settle is an error (RS 4.11)', async () => {
    const failed = await outcome('exports.handler = () => new Promise(() => undefined)');
    expect(failed).toMatchObject({ kind: 'failed', errorType: 'Runtime.NodeJsExit' });
  });

  test('a thrown error is reported by its name, whatever way it comes (RS 4.14)', async () => {
    const expected = { kind: 'failed', errorType: 'TypeError', errorMessage: 'bad' };
    expect(await outcome(`exports.handler = () => { throw new TypeError('bad') }`)).toEqual(expected);
    expect(await outcome(`exports.handler = async () => { throw new TypeError('bad') }`)).toEqual(expected);
    expect(await outcome(`exports.handler = (e, c, callback) => callback(new TypeError('bad'))`)).toEqual(expected);
  });

  test('what is thrown and is no error goes by its type (RS 4.14)', async () => {
    expect(await outcome(`exports.handler = async () => { throw 'text' }`)).toEqual({
      kind: 'failed',
      errorType: 'string',
      errorMessage: 'text',
    });
  });

  test('the context tells about the function and the time left (RS 4.2)', async () => {
    const text = `exports.handler = async (event, context) => ({
      name: context.functionName, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB,
      left: context.getRemainingTimeInMillis(), id: context.awsRequestId, trace: process.env._X_AMZN_TRACE_ID,
    })`;
    const answer = (await outcome(text)) as { payload: Record<string, unknown> };
    expect(answer.payload).toMatchObject({ name: 'api', arn: functionOf('').arn, memory: '128' });
    expect(answer.payload['left']).toSatisfy((left: number) => left > 5_000 && left <= 10_000);
    expect(answer.payload['id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.payload['trace']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
  });

  test('a circular answer is the function’s error', async () => {
    const failed = await outcome('exports.handler = async () => { const a = {}; a.a = a; return a }');
    expect(failed).toMatchObject({ kind: 'failed', errorMessage: 'Unable to stringify response body' });
  });

  test('an answer above 6 MB is an error, one just below is not (RS 4.20)', async () => {
    const { invoke } = await open(
      functionOf(`exports.handler = async ({ bytes }) => 'x'.repeat(bytes)`, { memoryMb: 512 }),
    );
    const large = (await invoke({ bytes: 6 * 1024 * 1024 })) as { payload: string };
    expect(large.payload.length).toBe(6 * 1024 * 1024);
    expect(await invoke({ bytes: 7 * 1024 * 1024 })).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    expect(await invoke({ bytes: 1 })).toEqual(returned('x'));
  });

  test('a payload above 6 MB never reaches the function (RS 4.20)', async () => {
    expect(await outcome('exports.handler = async () => 1', 'x'.repeat(7 * 1024 * 1024))).toEqual({
      kind: 'too-large',
    });
  });
});

describe('loading', () => {
  const esm = 'export const handler = async () => import.meta.url.split("/").at(-1);';

  test('inline code that is an ES module becomes index.mjs (RS 4.34)', async () => {
    expect(await outcome(esm)).toEqual(returned('index.mjs'));
  });

  test('inline code is in a folder that only its owner can read', async () => {
    const { stateDirectory } = await open(functionOf('exports.handler = async () => 1'));
    const [name] = await readdir(join(stateDirectory, 'code'));
    expect((await stat(join(stateDirectory, 'code', name ?? ''))).mode & 0o777).toBe(0o700);
  });

  test('a folder is loaded in the documented order (RS 4.7)', async () => {
    const check = async (files: Readonly<Record<string, string>>, expected: unknown, handler = 'index.handler') => {
      const { invoke } = await open(functionOf('', { code: await folderOf(files), handler }));
      expect(await invoke()).toEqual(returned(expected));
    };
    const cjs = `exports.handler = async () => __filename.split('/').at(-1);`;
    await check({ 'index.js': cjs, 'index.mjs': esm }, 'index.js');
    await check({ 'index.js': esm, 'package.json': '{"type":"module"}', 'index.mjs': 'throw 1' }, 'index.js');
    await check({ 'index.mjs': esm, 'index.cjs': cjs }, 'index.mjs');
    await check({ 'index.cjs': cjs }, 'index.cjs');
    await check({ 'src/api/main.js': `exports.a = { b: async () => 'deep' }` }, 'deep', 'src/api/main.a.b');
    await check({ 'node_modules/lib/index.js': `exports.handler = async () => 'library'` }, 'library', 'lib.handler');
  });

  test('a package.json above the folder, which Lambda never sees, does not turn its code into ES modules', async () => {
    const code = await folderOf({
      'index.js': `exports.handler = async () => require('./other')`,
      'other.js': 'module.exports = 7',
    });
    await writeFile(join(code.kind === 'directory' ? code.path : '', '..', 'package.json'), '{"type":"module"}');
    const { invoke } = await open(functionOf('', { code }));
    expect(await invoke()).toEqual(returned(7));
  });

  test.each([
    ['exports.other = 1', {}, 'Runtime.HandlerNotFound: index.handler is undefined or not exported'],
    ['exports.handler = 1', {}, 'Runtime.HandlerNotFound: index.handler is not a function'],
    ['exports.handler = 1', { handler: 'main.handler' }, "Runtime.ImportModuleError: Error: Cannot find module 'main'"],
    ['exports.handler = 1', { handler: '../index.handler' }, 'Runtime.MalformedHandlerName'],
    ['exports.handler = 1', { handler: 'index' }, 'Runtime.MalformedHandlerName'],
    ['exports.handler = (', {}, 'Runtime.UserCodeSyntaxError: SyntaxError'],
    [`throw new RangeError('not today')`, {}, 'RangeError: not today'],
    [
      `setTimeout(() => { throw new RangeError('late') }); await new Promise(() => 0);\nexport const handler = 1`,
      {},
      'RangeError: late',
    ],
    [
      `await new Promise(() => 0);\nexport const handler = 1`,
      {},
      'Runtime.ExitError: Error: Runtime exited with error: exit status 13',
    ],
    ['process.exit(7)', {}, 'Runtime.ExitError: Error: Runtime exited with error: exit status 7'],
  ])('%s with %j does not start: %s (RS 4.6, 4.8)', async (text, more, expected) => {
    const [finding] = await findingsOf(functionOf(text, more));
    expect(finding).toMatchObject({
      code: 'live/function-init',
      weight: 'error',
      place: { file: 'template.yaml', line: 12 },
    });
    expect(finding?.says).toContain('Function Api of stack Primary in eu-west-1');
    expect(finding?.says).toContain(expected);
  });

  test('AWS’s own library, where it is missing, is named in the remedy', async () => {
    const [finding] = await findingsOf(functionOf(`require('@aws-sdk/client-nothing')`));
    expect(finding?.remedy).toContain('Install @aws-sdk/client-nothing beside the code');
  });

  test('every function that does not start is named at once', async () => {
    const functions = [
      functionOf('exports.handler = async () => 1', { arn: 'a', name: 'a' }),
      functionOf('', { arn: 'b', name: 'b', runtime: 'python3.13' }),
      functionOf('', { arn: 'c', name: 'c', code: { kind: 'archive', path: 'code.zip' } }),
      functionOf('throw 1', { arn: 'd', name: 'd' }),
    ];
    const opening = openFunctions({ functions, stateDirectory: await scratch(), speed: 1 });
    const { findings } = (await opening.catch((error: unknown) => error)) as LiveError;
    expect(findings.map(({ code }) => code)).toEqual([
      'live/unsupported-runtime',
      'live/function-init',
      'live/function-init',
    ]);
    expect(findings[0]?.says).toContain('python3.13');
    expect(findings[1]?.says).toContain('archive code.zip');
  });
});

describe('trouble', () => {
  test('a handler that never yields is killed when its time is over (RS 4.18), and the next one works', async () => {
    const { invoke } = await open(functionOf('exports.handler = async ({ spin }) => { while (spin); return 1 }'));
    const failed = (await invoke({ spin: true }, 1_000)) as { errorType: string; errorMessage: string };
    expect(failed.errorType).toBe('Sandbox.Timedout');
    expect(failed.errorMessage).toMatch(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/);
    expect(await invoke({})).toEqual(returned(1));
  });

  test('the time is shorter on the wall by the speed, but never below a quarter of a second', async () => {
    const text =
      'exports.handler = ({ ms }, context, callback) => setTimeout(() => callback(null, context.getRemainingTimeInMillis() > 0), ms)';
    const { invoke } = await open(functionOf(text), 20);
    const began = performance.now();
    expect(await invoke({ ms: 60_000 }, 10_000)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    const tookMs = performance.now() - began;
    expect(tookMs).toSatisfy((ms: number) => ms >= 490 && ms < 5_000);
    expect(await invoke({ ms: 100 }, 1_000)).toEqual(returned(true));
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
    expect(await invoke({ how: 'throw' })).toEqual({ kind: 'failed', errorType: 'TypeError', errorMessage: 'late' });
    expect(await invoke()).toEqual(returned(1));
    expect(await invoke({ how: 'reject' })).toEqual({
      kind: 'failed',
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'TypeError: late',
    });
    expect(await invoke()).toEqual(returned(1));
  });

  test('a function that eats more than its memory dies alone', async () => {
    const text = `exports.handler = async ({ eat }) => { const kept = []; while (eat) kept.push({ a: new Array(1000).fill({}) }); return 1 }`;
    const { invoke } = await open(functionOf(text));
    expect(await invoke({ eat: true }, 30_000)).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await invoke()).toEqual(returned(1));
  });

  test('what a function writes is in its log, up to a limit', async () => {
    const text = `exports.handler = ({ times }, context, callback) => process.stdout.write('y'.repeat(times), () => callback(null, 'done'))`;
    const { invoke, functions, stateDirectory } = await open(functionOf(`console.error('starting'); ${text}`));
    expect(await invoke({ times: 15e6 })).toEqual(returned('done'));
    await functions.close();
    const [name] = await readdir(join(stateDirectory, 'logs'));
    const log = await readFile(join(stateDirectory, 'logs', name ?? ''), 'utf8');
    expect(log.slice(0, 20)).toBe('starting\nyyyyyyyyyyy');
    expect(log.slice(-60)).toContain('the log ends here');
    expect(log.length).toBeLessThan(10.1 * 1024 * 1024);
  });
});

describe('many at once', () => {
  test('four processes work at a time, the others wait in order', async () => {
    const text = `exports.handler = async ({ n }) => {
      const began = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 40));
      return { n, pid: process.pid, began, ended: Date.now() };
    }`;
    const { invoke } = await open(functionOf(text));
    const order: number[] = [];
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, n) => {
        const answer = (await invoke({ n })) as { payload: { n: number; pid: number; began: number; ended: number } };
        order.push(answer.payload.n);
        return answer.payload;
      }),
    );
    const pids = new Set(answers.map(({ pid }) => pid));
    expect(pids.size).toBe(4);
    for (const pid of pids) {
      const own = answers.filter((answer) => answer.pid === pid);
      own.forEach((answer, i) => expect(answer.began).toBeGreaterThanOrEqual(own[i - 1]?.ended ?? 0));
      expect(own.map(({ n }) => n)).toEqual(own.map(({ n }) => n).toSorted((a, b) => a - b));
    }
    expect(order).toHaveLength(16);
  });

  test('the hundred-and-first that waits is throttled', async () => {
    const { invoke, functions } = await open(
      functionOf(`exports.handler = () => { setInterval(() => undefined, 1000) }`),
    );
    const invocations = Array.from({ length: 102 }, () => invoke());
    expect(await invocations.at(-1)).toEqual({ kind: 'throttled' });
    await functions.close();
    expect((await Promise.all(invocations.slice(0, -1))).map(({ kind }) => kind)).toEqual(
      Array.from({ length: 101 }, () => 'failed'),
    );
  });
});

describe('isolation', () => {
  test('a function sees what RS 4.4 lists and its own variables, nothing of the host', async () => {
    process.env['HOST_SECRET'] = 'secret';
    const environment = { TABLE: 'orders', TZ: 'Europe/Dublin', AWS_REGION: 'nowhere' };
    const answer = await outcome('exports.handler = async () => process.env', {}, { environment });
    delete process.env['HOST_SECRET'];
    const { payload } = answer as { payload: Record<string, string> };
    expect(Object.keys(payload).toSorted()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
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

  test('close ends every process and what it started, within a second', async () => {
    const text = `const child = require('node:child_process').spawn('sleep', ['600']);
      exports.handler = async ({ spin }) => { while (spin); return [process.pid, child.pid] }`;
    const { invoke, functions, stateDirectory } = await open(functionOf(text));
    const { payload: pids } = (await invoke()) as { payload: number[] };
    const spinning = invoke({ spin: true });
    const began = performance.now();
    await functions.close();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await spinning).toMatchObject({ kind: 'failed' });
    for (const pid of pids) await goneOf(pid);
    expect(await readdir(stateDirectory)).toEqual(['logs']);
    expect(await invoke()).toMatchObject({ kind: 'failed', errorType: 'Runtime.ExitError' });
  });

  test('functions end when the program that opened them is killed, even one that never yields', async () => {
    const directory = await scratch();
    const fn = functionOf(
      `exports.handler = async () => { process.kill(${process.pid}, 0); console.log(process.pid); while (true); }`,
    );
    const program = `
      import { openFunctions } from ${JSON.stringify(new URL('../../dist/live/functions.js', import.meta.url).href)};
      const functions = await openFunctions({ functions: [${JSON.stringify(fn)}], stateDirectory: ${JSON.stringify(directory)}, speed: 1 });
      const pid = await functions.invoke(${JSON.stringify(fn)}, {}, 60_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const log = join(directory, 'logs', '0-eu-west-1-api.log');
    const pid = Number(await eventually(async () => (await readFile(log, 'utf8').catch(() => '')) || undefined));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await goneOf(pid);
  });
});

/** Asks again until there is something; vitest's own time limit ends it otherwise. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves when no living process has this id; one that ended and was not waited for counts as gone. */
async function goneOf(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  await eventually(async () => {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    return status === undefined || /\) Z /.test(status) ? true : undefined;
  });
}
