import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingsOf, folderOf, functionOf, open, returned } from '../../test/open-function.ts';
import type { LambdaFunction } from '../model/index.ts';

const python = (text: string, more: Partial<LambdaFunction> = {}): LambdaFunction =>
  functionOf(text, { runtime: 'python3.13', ...more });

/** Machines without Python are told so instead, which {@link findingsOf} holds elsewhere. */
const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['--version'], { env: { PATH: '/usr/local/bin:/usr/bin:/bin' } });
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(hasPython)('Python handlers (RS 4.16)', () => {
  test('RS 4.16: a handler is called with event and context, and its result is the answer', async () => {
    const { invoke } = await open(
      python(`def handler(event, context):
    return {"got": event, "name": context.function_name, "left": context.get_remaining_time_in_millis() > 0}`),
    );
    expect(await invoke({ a: ['é', 1] })).toEqual(returned({ got: { a: ['é', 1] }, name: 'api', left: true }));
    expect(await invoke(null)).toEqual(returned({ got: null, name: 'api', left: true }));
  });

  test('RS 4.16: the handler string names a module in a folder, by slashes or dots', async () => {
    const code = await folderOf({
      'lib/orders.py': 'import helper\ndef read(event, context):\n    return helper.WORD',
      'helper.py': 'WORD = "hi"',
    });
    for (const handler of ['lib/orders.read', 'lib.orders.read']) {
      const { invoke } = await open(python('', { code, handler }));
      expect(await invoke()).toEqual(returned('hi'));
    }
  });

  test('RS 4.14: what a handler raises is reported by its name, and the process goes on', async () => {
    const { invoke } = await open(
      python(`count = 0
def handler(event, context):
    global count
    count += 1
    if event.get("fails"):
        raise ValueError("no such order")
    return count`),
    );
    expect(await invoke({ fails: true })).toMatchObject({
      kind: 'failed',
      errorType: 'ValueError',
      errorMessage: 'no such order',
    });
    expect(await invoke({})).toEqual(returned(2));
  });

  test('RS 4.14a: the whole report of an error is in its log: message, type, request and where it was raised', async () => {
    const { invoke, stateDirectory, functions } = await open(
      python('def deeper():\n    raise KeyError("a")\ndef handler(event, context):\n    deeper()'),
    );
    await invoke();
    await functions.close();
    const [name = ''] = await readdir(join(stateDirectory, 'logs'));
    const log = await readFile(join(stateDirectory, 'logs', name), 'utf8');
    const report = JSON.parse(/\tERROR\t(.*)/.exec(log)?.[1] ?? '{}') as Record<string, unknown>;
    expect(Object.keys(report).toSorted()).toEqual(['errorMessage', 'errorType', 'requestId', 'stackTrace']);
    expect(report).toMatchObject({ errorType: 'KeyError', errorMessage: "'a'" });
    expect(report['requestId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(String(report['stackTrace'])).toContain('index.py", line 2, in deeper');
  });

  test('RS 4.16: an answer that is no JSON is an error of the runtime', async () => {
    const { invoke } = await open(python('def handler(event, context):\n    return {1, 2}'));
    expect(await invoke()).toMatchObject({
      kind: 'failed',
      errorType: 'Runtime.MarshalError',
      errorMessage: 'Unable to marshal response: Object of type set is not JSON serializable',
    });
  });

  test('RS 4.16: a handler that cannot write its own JSON has failed itself, not the runtime', async () => {
    const { invoke } = await open(python('import json\ndef handler(event, context):\n    json.dumps({1, 2})'));
    expect(await invoke()).toMatchObject({ kind: 'failed', errorType: 'TypeError' });
  });

  test.each([
    [0, 'exited without providing a reason'],
    [3, 'exited with error: exit status 3'],
  ])('RS 4.19: sys.exit(%j) ends the process, and the next invocation has another one', async (status, says) => {
    const { invoke } = await open(
      python(`import sys
def handler(event, context):
    if event.get("ends"):
        sys.exit(${status})
    return "here"`),
    );
    expect(await invoke({ ends: true })).toMatchObject({
      kind: 'failed',
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining(says),
    });
    expect(await invoke({})).toEqual(returned('here'));
  });

  test('RS 3.33: numbers of more digits than JavaScript keeps are told as they were written', async () => {
    const { invoke } = await open(
      python('def handler(event, context):\n    return {"id": 12345678901234567890, "of": 1.0}'),
    );
    expect(await invoke()).toMatchObject({ text: '{"id": 12345678901234567890, "of": 1.0}' });
  });

  test('RS 4.18: one that takes too long is ended', async () => {
    const { invoke } = await open(python('import time\ndef handler(event, context):\n    time.sleep(600)'));
    expect(await invoke({}, 300)).toMatchObject({ kind: 'failed', errorType: 'Sandbox.Timedout' });
  });

  test.each([
    ['Runtime.HandlerNotFound', 'x = 1', 'index.handler'],
    ['Runtime.ImportModuleError', 'import nowhere_to_be_found', 'index.handler'],
    ['Runtime.UserCodeSyntaxError', 'def handler(:', 'index.handler'],
    ['Runtime.MalformedHandlerName', 'x = 1', 'index'],
    ['Runtime.BuiltInModuleConflict', 'x = 1', 'sys.exit'],
    ['ZeroDivisionError', '1 / 0', 'index.handler'],
  ])('RS 4.16: %s ends the start, with file and line', async (kind, text, handler) => {
    const [finding] = await findingsOf(python(text, { handler }));
    expect(finding).toMatchObject({ code: 'live/function-init', place: { line: 12 } });
    expect(finding?.says).toContain(kind);
  });
});

test('other languages are told with file and line', async () => {
  expect(await findingsOf(functionOf('', { runtime: 'java21' }))).toMatchObject([
    { code: 'live/unsupported-runtime', place: { file: 'template.yaml', line: 12 } },
  ]);
});
