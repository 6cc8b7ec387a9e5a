import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingsOf, functionOf, LONG_MS, open, outcome, returned, scratch } from '../../test/open-function.ts';

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

  test('RS 4.9a: a callback’s answer that the event loop holds back comes at no time', async () => {
    const text = `exports.handler = (event, context, callback) => { callback(null, 1); if (event.holds) setInterval(() => undefined, 1000) }`;
    const { invoke } = await open(functionOf(text));
    expect(await invoke({ holds: true }, 1_000)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await invoke({ holds: false })).toEqual(returned(1));
  });

  test('RS 4.12: a handler with a callback does not start from Node.js 24 on', async () => {
    const since24 = { runtime: 'nodejs24.x' };
    const [finding] = await findingsOf(
      functionOf('exports.handler = (event, context, callback) => callback()', since24),
    );
    expect(finding?.says).toContain('Runtime.CallbackHandlerDeprecated');
    expect(await outcome('exports.handler = async (event, context, callback) => 1', {}, since24)).toEqual(returned(1));
    expect(await outcome('exports.handler = async (event) => 2', {}, since24)).toEqual(returned(2));
  });

  test('RS 4.12a: before, its log warns, unless the function does not want to hear of it', async () => {
    const logOf = async (text: string, environment = {}): Promise<string> => {
      const { functions, stateDirectory } = await open(functionOf(text, { environment }));
      await functions.close();
      const [name] = await readdir(join(stateDirectory, 'logs'));
      return await readFile(join(stateDirectory, 'logs', name ?? ''), 'utf8');
    };
    const text = 'exports.handler = (event, context, callback) => callback()';
    expect(await logOf(text)).toContain('from Node.js 24 on');
    expect(await logOf(text, { AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING: '1' })).toBe('');
    expect(await logOf('exports.handler = async (event, context, callback) => 1')).toBe('');
    expect(await logOf('exports.handler = (event, context) => context.succeed(1)')).toBe('');
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
    expect(await outcome(`exports.handler = () => { throw new TypeError('bad') }`)).toMatchObject(expected);
    expect(await outcome(`exports.handler = async () => { throw new TypeError('bad') }`)).toMatchObject(expected);
    expect(await outcome(`exports.handler = (e, c, callback) => callback(new TypeError('bad'))`)).toMatchObject(
      expected,
    );
  });

  test('what is thrown and is no error goes by its type (RS 4.14)', async () => {
    expect(await outcome(`exports.handler = async () => { throw 'text' }`)).toMatchObject({
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
    expect(answer.payload['left']).toSatisfy((left: number) => left > 0 && left <= LONG_MS);
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

describe('many at once', () => {
  test('four processes work at a time, the others wait in order', async () => {
    // Nobody goes on before four have come, however long a busy computer takes to start them.
    const room = await scratch();
    const text = `const { readdirSync, writeFileSync } = require('node:fs');
    exports.handler = async ({ n, room }) => {
      const began = performance.now();
      writeFileSync(room + '/' + process.pid, '');
      while (readdirSync(room).length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
      return { n, pid: process.pid, began, ended: performance.now() };
    }`;
    const { invoke } = await open(functionOf(text, { timeoutSeconds: 60 }));
    const order: number[] = [];
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, n) => {
        const answer = (await invoke({ n, room })) as {
          payload: { n: number; pid: number; began: number; ended: number };
        };
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
