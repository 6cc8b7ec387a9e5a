import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingsOf, folderOf, functionOf, open, outcome, returned, scratch } from '../../test/open-function.ts';
import { openFunctions } from './functions.ts';
import type { LiveError } from './live-error.ts';

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
      functionOf('', { arn: 'b', name: 'b', runtime: 'ruby3.4' }),
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
    expect(findings[0]?.says).toContain('ruby3.4');
    expect(findings[1]?.says).toContain('archive code.zip');
  });
});
