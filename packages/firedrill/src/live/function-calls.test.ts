import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functionOf, LONG_MS, open, scratch } from '../../test/open-function.ts';
import { openFunctions } from './functions.ts';

const LATE = { arn: 'arn:aws:lambda:eu-west-1:123456789012:function:late', name: 'late' };

test('a function that no request reaches starts when it is first called, once for all who call', async () => {
  const { functions } = await open(functionOf('exports.handler = async () => 1'));
  const late = functionOf('let count = 0; exports.handler = async () => { count += 1; return process.pid; }', LATE);
  const [first, second] = await Promise.all([functions.call(late, {}, LONG_MS), functions.call(late, {}, LONG_MS)]);
  expect(first.invocation).toMatchObject({ kind: 'returned', payload: expect.any(Number) });
  expect(second.invocation).toMatchObject({ kind: 'returned', payload: expect.any(Number) });
});

test('what it writes meanwhile comes along', async () => {
  const text = `exports.handler = async ({ word }) => { console.log(word); };`;
  const { functions, fn } = await open(functionOf(text));
  // What a process writes comes by a pipe of its own, at times after its answer: further calls show it then.
  const logs: string[] = [];
  for (let calls = 0; calls < 50 && !logs.join('').includes('two'); calls += 1)
    logs.push((await functions.call(fn, { word: 'two' }, LONG_MS)).log);
  expect(logs.join('')).toContain('two');
});

test('one that does not start has failed, and says why; the others live on', async () => {
  const { functions, fn } = await open(functionOf('exports.handler = async () => 1'));
  const { invocation } = await functions.call(functionOf('throw new Error("not today")', LATE), {}, LONG_MS);
  expect(invocation).toMatchObject({ kind: 'failed', errorType: 'Error', errorMessage: 'not today' });
  expect((await functions.call(fn, {}, LONG_MS)).invocation).toEqual({ kind: 'returned', payload: 1, text: '1' });
});

test('one whose code has gone has failed, and says so (live/function-init)', async () => {
  const { functions } = await open(functionOf('exports.handler = async () => 1'));
  const folder = await scratch();
  // Below it Node would take code for modules, so that it is copied first.
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const late = functionOf('', { ...LATE, code: { kind: 'directory', path: join(folder, 'gone') } });
  const { invocation } = await functions.call(late, {}, LONG_MS);
  expect(invocation).toMatchObject({ kind: 'failed', errorMessage: expect.stringContaining('ENOENT') });
});

test('functions that were started late end with the world', async () => {
  const functions = await openFunctions({ functions: [], stateDirectory: await scratch(), speed: 1 });
  const late = functionOf('exports.handler = async () => process.pid', LATE);
  const { invocation } = await functions.call(late, {}, LONG_MS);
  const pid = invocation.kind === 'returned' ? Number(invocation.payload) : 0;
  expect(pid).toBeGreaterThan(0);
  await functions.close();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
