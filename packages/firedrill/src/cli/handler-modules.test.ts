import { expect, test } from 'vitest';
import { edgeArchitecture } from '../../test/edge-estate.ts';
import { folderOf } from '../../test/open-function.ts';
import { withHandlerModules } from './handler-modules.ts';

const PASS = 'exports.handler = async (event) => event.Records[0].cf.request;';

async function moduleIn(files: Readonly<Record<string, string>>, handler = 'index.handler'): Promise<unknown> {
  const architecture = edgeArchitecture({ 'viewer-request': PASS });
  const code = await folderOf(files);
  const functions = architecture.functions.map((fn) => (fn.name === 'viewer-request' ? { ...fn, code, handler } : fn));
  const found = withHandlerModules({ ...architecture, functions }).functions.find(
    ({ name }) => name === 'viewer-request',
  );
  return found?.code.kind === 'directory' ? found.code.module : 'no folder';
}

test('the module with a handler is found as Lambda finds it, of its kind (RS 4.7)', async () => {
  expect(await moduleIn({ 'index.js': PASS })).toEqual({ text: PASS, format: 'script' });
  expect(await moduleIn({ 'index.mjs': PASS })).toEqual({ text: PASS, format: 'module' });
  expect(await moduleIn({ 'index.js': PASS, 'index.mjs': '' })).toEqual({ text: PASS, format: 'script' });
  expect(await moduleIn({ 'index.js': PASS, 'package.json': '{ "type": "module" }' })).toMatchObject({
    format: 'module',
  });
  expect(await moduleIn({ 'lib/edge.cjs': PASS }, 'lib/edge.handler')).toEqual({ text: PASS, format: 'script' });
  expect(await moduleIn({ 'other.js': PASS })).toBeUndefined();
});

test('functions that are not at the edge are left alone', () => {
  const architecture = edgeArchitecture({});
  expect(withHandlerModules(architecture)).toBe(architecture);
});
