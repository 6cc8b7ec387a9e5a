import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KeyValues } from '../engine/index.ts';
import { LIMITS, ranOnce, runOf, sandbox, value } from './program.fixture.ts';

const STORE: KeyValues = {
  name: 'flags',
  id: 'a1b2c3d4-5678',
  version: 1,
  entries: new Map([
    ['primary', 'eu-west-1'],
    ['rules', '{"beta":true}'],
  ]),
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:01:00Z',
};

describe('what code finds', () => {
  test.each([
    ['event.request.uri', '/a'],
    ['event.context.requestId', 'id-1'],
    [
      'JSON.stringify(event.context)',
      '{"distributionDomainName":"d1.cloudfront.net","distributionId":"E1","eventType":"viewer-request","requestId":"id-1"}',
    ],
    ['event.request.rawQueryString()', 'b=1'],
    ['Math.random()', 0.25],
    ['Date.now()', Date.UTC(2026, 0, 1, 12)],
    ['new Date().getHours()', 12],
    ['new Date(2026, 1, 3).toISOString()', '2026-02-03T00:00:00.000Z'],
    ['new Date("2026-02-03T04:05:06").toISOString()', '2026-02-03T04:05:06.000Z'],
    ['String(new Date(0))', 'Thu Jan 01 1970 00:00:00 GMT+0000 (UTC)'],
    ['new Date(0) instanceof Date', true],
    ['this === undefined', true],
    ['`a${1 + 1}`', 'a2'],
    ['2 ** 10', 1024],
  ])('%s', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });

  test.each([
    ['Buffer.from("h\u00e4\u{1f600}").toString("base64")', Buffer.from('h\u00e4\u{1f600}').toString('base64')],
    ['Buffer.from("aMOk8J+YgA==", "base64").toString()', 'h\u00e4\u{1f600}'],
    ['Buffer.from("ff00", "hex").readUInt16BE(0)', 0xff00],
    ['Buffer.concat([Buffer.from("a"), Buffer.from("b")]).toString("base64url")', 'YWI'],
    ['Buffer.from([255, 65]).toString()', '\ufffdA'],
    ['atob("YWI=")', 'ab'],
    ['btoa("ab")', 'YWI='],
    ['new TextDecoder().decode(new TextEncoder().encode("\u00e4"))', '\u00e4'],
    [
      'require("crypto").createHash("sha256").update("a").digest("hex")',
      createHash('sha256').update('a').digest('hex'),
    ],
    [
      'require("crypto").createHmac("sha1", "k").update("a").digest("base64")',
      createHmac('sha1', 'k').update('a').digest('base64'),
    ],
    ['require("querystring").stringify({ a: ["1", "2"], b: "c d" })', 'a=1&a=2&b=c%20d'],
    ['require("querystring").parse("a=1&a=2&b=c+d").a[1]', '2'],
  ])('%s gives what Node gives', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });

  test('modules are imported by name', async () => {
    const code = `import crypto from 'crypto';\nimport cf from 'cloudfront';\nfunction handler() { return { value: [crypto.createHash('md5').update('a').digest('hex'), cf.edgeLocation.name] }; }`;
    expect(await ranOnce(code)).toMatchObject({
      value: { value: [createHash('md5').update('a').digest('hex'), 'DUB'] },
    });
  });

  test('an error names the line that the user wrote', async () => {
    const { says } = (await ranOnce(`function handler() {\n  return missing;\n}`)) as { says: string };
    expect(says).toBe("ReferenceError: 'missing' is not defined");
  });

  test('runtime 1.0 has byte strings and no Buffer', async () => {
    const code = `function handler() { return { value: [String.bytesFrom('YWI=', 'base64'), typeof Buffer] }; }`;
    expect(await ranOnce(code, {}, 'cloudfront-js-1.0')).toMatchObject({ value: { value: ['ab', 'undefined'] } });
  });

  test('what code logs is handed on, bounded', async () => {
    const code = `function handler() { for (let i = 0; i < 1000; i++) console.log('line', i, { a: 1 }); return {}; }`;
    const { log } = await ranOnce(code);
    expect([log[0], log.length]).toEqual(['line 0 {"a":1}', 100]);
  });
});

describe('what code does not find', () => {
  const GONE = `
    fetch process setTimeout setInterval eval Function Map Set
    Proxy Reflect WeakMap BigInt performance queueMicrotask Iterator SharedArrayBuffer Atomics
  `
    .trim()
    .split(/\s+/);
  test.each(GONE)('there is no %s', async (name) => {
    expect(await value(`typeof ${name}`)).toBe('undefined');
  });

  test('functions cannot be made from text by way of constructors', async () => {
    expect(await value('(function () {}).constructor("return 1")()')).toMatch(/TypeError: code generation/);
    expect(await value('handler.constructor.constructor("return 1")()')).toMatch(/TypeError: code generation/);
  });

  test('host objects are out of reach', async () => {
    expect(await value('typeof host + typeof runner')).toBe('undefinedundefined');
    expect(await value('console.log.constructor("return this")()')).toMatch(/TypeError/);
  });
});

describe('the key value store (CF 5.33)', () => {
  const asked = async (expression: string, keyValues: KeyValues | undefined): Promise<unknown> => {
    const code = `import cf from 'cloudfront';\nasync function handler() { const value = await ${expression}; return { value: value }; }`;
    const outcome = await ranOnce(code, { keyValues });
    return outcome.kind === 'returned' ? (outcome.value as { value: unknown }).value : outcome.says;
  };

  test('values are read as text, JSON and bytes (CF 5.33)', async () => {
    expect(await asked('cf.kvs().get("primary")', STORE)).toBe('eu-west-1');
    expect(await asked('cf.kvs().get("rules", { format: "json" })', STORE)).toEqual({ beta: true });
    expect(await asked('cf.kvs().exists("primary")', STORE)).toBe(true);
    expect(await asked('cf.kvs().exists("other")', STORE)).toBe(false);
    expect(await asked('cf.kvs().count()', STORE)).toBe(2);
    expect(await asked('cf.kvs().meta()', STORE)).toMatchObject({ keyCount: 2 });
  });

  test('code names its own store by its id, and no other one (CF 5.33)', async () => {
    expect(await asked('cf.kvs("a1b2c3d4-5678").get("primary")', STORE)).toBe('eu-west-1');
    expect(await asked('cf.kvs("flags").get("primary")', STORE)).toBe('Error: no KeyValueStore flags is associated');
  });

  test('a key that is not there, a store that fails, and none at all are errors', async () => {
    expect(await asked('cf.kvs().get("other")', STORE)).toMatch(/^Error: Key not found/);
    expect(await asked('cf.kvs().get("primary")', { ...STORE, failure: 'unavailable' })).toBe('Error: unavailable');
    expect(await asked('cf.kvs().get("primary")', undefined)).toMatch(/^Error/);
  });

  test('code can catch what a store throws', async () => {
    const code = `import cf from 'cloudfront';
async function handler() { try { await cf.kvs().get('other'); } catch (error) { return { value: 'caught' }; } }`;
    expect(await ranOnce(code, { keyValues: STORE })).toMatchObject({ value: { value: 'caught' } });
  });

  test('values of another version are not taken from memory (CF 5.33)', async () => {
    const text = `import cf from 'cloudfront';\nasync function handler() { const v = await cf.kvs().get('primary'); return { v: v }; }`;
    const program = (await sandbox()).prepareFunction('cloudfront-js-2.0', text, LIMITS);
    const changed = { ...STORE, version: 2, entries: new Map([['primary', 'us-east-1']]) };
    const seen = [STORE, STORE, changed, STORE].map((keyValues) => program.run(runOf({ keyValues })));
    expect(seen.map((each) => each.kind === 'returned' && each.value)).toEqual([
      { v: 'eu-west-1' },
      { v: 'eu-west-1' },
      { v: 'us-east-1' },
      { v: 'eu-west-1' },
    ]);
  });
});

describe('what runs leave behind', () => {
  test('nothing: each run begins with the code as it was written', async () => {
    const text = `let runs = 0; function handler(event) { runs++; Object.prototype.seen = 1; return { runs: runs, id: event.context.requestId }; }`;
    const program = (await sandbox()).prepareFunction('cloudfront-js-2.0', text, LIMITS);
    const ids = ['a', 'b'].map((id) => program.run(runOf({ requestId: () => id })));
    expect(ids.map((each) => each.kind === 'returned' && each.value)).toEqual([
      { runs: 1, id: 'a' },
      { runs: 1, id: 'b' },
    ]);
  });

  test('helpers are performed again when the outcome is taken from memory', async () => {
    const text = `import cf from 'cloudfront';\nfunction handler(event) { cf.selectRequestOriginById('b'); return event.request; }`;
    const program = (await sandbox()).prepareFunction('cloudfront-js-2.0', text, LIMITS);
    const performed: unknown[] = [];
    const originHelper = (...call: readonly unknown[]): undefined => void performed.push(call);
    for (let i = 0; i < 3; i++) program.run(runOf({ originHelper }));
    expect(performed).toEqual(Array(3).fill(['selectRequestOriginById', ['b']]));
  });

  test('what a helper refuses is thrown in the code', async () => {
    const code = `import cf from 'cloudfront';\nfunction handler(event) { cf.selectRequestOriginById('c'); return event.request; }`;
    const outcome = await ranOnce(code, { originHelper: () => 'no origin c' });
    expect(outcome).toMatchObject({ kind: 'failed', why: 'error', says: 'Error: no origin c' });
  });
});
