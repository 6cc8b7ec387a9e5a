import { describe, expect, test } from 'vitest';
import type { HandlerSource, RunOutcome } from '../engine/index.ts';
import { sandbox } from './program.fixture.ts';

const LIMITS = { stepsMax: 5_000_000, memoryBytesMax: 64 * 1024 * 1024 };

async function ran(
  text: string,
  event: unknown = {},
  more: Partial<HandlerSource> = {},
): Promise<RunOutcome | undefined> {
  const given = { text, format: 'script', handler: 'handler', environment: {}, takesCallbacks: true } as const;
  const source: HandlerSource = { ...given, ...more };
  const handler = (await sandbox()).prepareHandler(source, LIMITS);
  return handler?.run(event, { functionName: 'f', awsRequestId: 'id-1', remainingMs: 3000 });
}

async function check(text: string, expected: unknown, event: unknown = {}, more: Partial<HandlerSource> = {}) {
  expect(await ran(text, event, more)).toMatchObject({ kind: 'returned', value: expected });
}

describe('pure handlers answer as they do in Lambda', () => {
  test('RS 4.9: by a promise, by callback, or by the context, and the first answer counts', async () => {
    await check('exports.handler = async (event) => ({ got: event })', { got: { a: 1 } }, { a: 1 });
    await check('exports.handler = (event, context, callback) => { callback(null, event.a); callback(null, 2) }', 1, {
      a: 1,
    });
    await check('exports.handler = (event, context) => context.succeed(7)', 7);
    await check(
      'exports.handler = (event, context, callback) => { Promise.resolve(3).then((n) => callback(null, n)) }',
      3,
    );
  });

  test('RS 4.11: without an answer a plain handler returns null', async () => {
    await check('exports.handler = () => { }', null);
    await check('exports.handler = async () => undefined', null);
    expect(await ran('exports.handler = () => new Promise(() => undefined)')).toMatchObject({
      kind: 'failed',
      says: 'Runtime.NodeJsExit: The handler returned a promise that never settled.',
    });
  });

  test('RS 4.14: what is thrown or called back is the error, by its name', async () => {
    const failed = { kind: 'failed', says: 'TypeError: bad' };
    expect(await ran(`exports.handler = async () => { throw new TypeError('bad') }`)).toMatchObject(failed);
    expect(await ran(`exports.handler = () => { throw new TypeError('bad') }`)).toMatchObject(failed);
    expect(await ran(`exports.handler = (e, c, callback) => callback(new TypeError('bad'))`)).toMatchObject(failed);
    expect(await ran(`exports.handler = async () => { throw 'text' }`)).toMatchObject({ says: 'string: text' });
  });

  test('in ES modules, however they are exported', async () => {
    const more = { format: 'module' } as const;
    await check('export const handler = async ({ a }) => a;', 1, { a: 1 }, more);
    await check('export async function handler(event) {\n  return event.a;\n}', 1, { a: 1 }, more);
    await check('const main = async () => 2;\nexport { main as handler };', 2, {}, more);
  });

  test('with what the language has, a map and a class for instance, and their environment', async () => {
    await check('exports.handler = async () => [...new Map([[1, 2]]).keys()].at(-1)', 1);
    await check('class A { b() { return 1 } }\nexports.handler = async () => new A().b()', 1);
    await check(
      'exports.handler = async () => process.env.AWS_REGION',
      'eu-west-1',
      {},
      { environment: { AWS_REGION: 'eu-west-1' } },
    );
    await check(
      'const { handler } = { handler: async (e, { functionName = "x" }) => functionName };\nmodule.exports = { handler };',
      'f',
    );
  });

  test('with Buffer, as far as bodies need it', async () => {
    await check(
      `exports.handler = async ({ body }) => {
        const text = Buffer.from(body, 'base64').toString('utf8');
        return [text, Buffer.from(text + '!').toString('base64'), Buffer.byteLength(text), Buffer.isBuffer(text)];
      }`,
      ['größer', Buffer.from('größer!').toString('base64'), 8, false],
      { body: Buffer.from('größer').toString('base64') },
    );
  });

  test('with the id of each request, though code that does not look at it is run once for all', async () => {
    const source: HandlerSource = {
      text: 'exports.handler = async (event) => event.Records[0].cf.config.requestId',
      format: 'script',
      handler: 'handler',
      environment: {},
      takesCallbacks: true,
    };
    const handler = (await sandbox()).prepareHandler(source, LIMITS);
    const event = (requestId: string): unknown => ({ Records: [{ cf: { config: { requestId } } }] });
    const ids = ['one', 'two'].map((id) => handler?.run(event(id), { awsRequestId: 'x', remainingMs: 1 }));
    expect(ids).toMatchObject([{ value: 'one' }, { value: 'two' }]);
  });

  test('RS 4.12: but not by a callback where the runtime calls with none any more', async () => {
    const since24 = { takesCallbacks: false };
    expect(await ran('exports.handler = (event, context, callback) => callback(null, 1)', {}, since24)).toMatchObject({
      kind: 'failed',
      says: expect.stringMatching(/^Runtime\.CallbackHandlerDeprecated: /) as string,
    });
    await check('exports.handler = async (event, context, callback) => 1', 1, {}, since24);
    await check('exports.handler = async (event) => 1', 1, {}, since24);
  });

  test('and nothing of a run is left for the next', async () => {
    await check('exports.handler = async (event) => { event.seen = (event.seen ?? 0) + 1; return event.seen }', 1);
  });

  test('one that never ends is ended by a count', async () => {
    expect(await ran('exports.handler = async () => { for (;;); }')).toMatchObject({ kind: 'failed', why: 'limit' });
  });
});

describe('handlers that are not pure are not run', () => {
  test.each([
    ['an import', `import fs from 'node:fs'; export const handler = async () => 1;`, 'module'],
    ['require', `const fs = require('fs'); exports.handler = async () => 1;`, 'script'],
    ['import()', `exports.handler = async () => await import('fs');`, 'script'],
    ['a clock', 'exports.handler = async () => Date.now();', 'script'],
    ['a clock in an object', 'exports.handler = async () => ({ Date });', 'script'],
    ['chance', 'exports.handler = async () => Math.random();', 'script'],
    ['chance by another name', 'exports.handler = async () => Math["ran" + "dom"]();', 'script'],
    ['a timer', 'exports.handler = (e, c, callback) => { setTimeout(callback, 1) };', 'script'],
    ['the network', 'exports.handler = async () => await fetch("http://localhost");', 'script'],
    ['the process', 'exports.handler = async () => process.uptime();', 'script'],
    ['all of the process', 'exports.handler = async () => Object.keys(process);', 'script'],
    ['a variable of its environment that it sets', 'exports.handler = async () => { process.env.A = 1 };', 'script'],
    ['a count that it keeps', 'let count = 0;\nexports.handler = async () => (count += 1);', 'script'],
    ['a store that it keeps', 'const kept = {};\nexports.handler = async (event) => (kept[event.a] = 1);', 'script'],
    ['a map that it keeps', 'const kept = new Map();\nexports.handler = async () => kept.size;', 'script'],
    ['a count behind a function', 'exports.handler = (() => { let n = 0; return async () => ++n })();', 'script'],
    ['a count among its exports', 'exports.n = 0;\nexports.handler = async () => exports.n++;', 'script'],
    ['what Buffer has beside', 'exports.handler = async () => Buffer.poolSize;', 'script'],
    ['Buffer as a value', 'exports.handler = async () => Object.keys(Buffer);', 'script'],
    ['globalThis', 'exports.handler = async () => globalThis.x;', 'script'],
    ['a mistake in the language', 'exports.handler = async ( => 1;', 'script'],
    ['another name', 'export const main = async () => 1;', 'module'],
    ['what another module exports', `export { handler } from './other.mjs';`, 'module'],
  ] as const)('%s', async (_, text, format) => {
    expect(await ran(text, {}, { format })).toBeUndefined();
  });
});
