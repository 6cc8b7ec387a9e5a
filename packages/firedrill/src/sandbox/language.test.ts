import { describe, expect, test } from 'vitest';
import type { FunctionRuntime } from '../engine/index.ts';
import { readFunction } from './language.ts';

function flaws(runtime: FunctionRuntime, text: string): string {
  return readFunction(runtime, text)
    .flaws.map(({ says, line, column }) => `${line}:${column} ${says}`)
    .join('\n');
}

const handler = (body: string): string => `function handler(event) {\n  ${body}\n}`;

describe('what runtime 2.0 does not document is refused', () => {
  test.each([
    ['class A {}', 'classes'],
    ['for (const a of []) {}', 'for-of'],
    ['return [...event.a];', 'spread'],
    ['const { a } = event;', 'destructuring'],
    ['const f = function (a = 1) {};', 'default values of parameters'],
    ['return event?.a;', 'optional chaining'],
    ['const f = function* () {};', 'generators'],
    ['const f = async () => 1;', 'async closures'],
    ['return 1n;', 'BigInt'],
    ['return import("a");', 'import()'],
    ['return require("fs");', 'the module fs'],
  ])('%s', (body, what) => {
    expect(flaws('cloudfront-js-2.0', handler(body))).toContain(`cloudfront-js-2.0 does not have ${what}`);
  });

  test('await inside the arguments of a call (CF 5.35)', () => {
    const code = 'async function handler(event) {\n  return f(await g());\n}';
    expect(flaws('cloudfront-js-2.0', code)).toBe(
      '2:12 cloudfront-js-2.0 does not have await inside the arguments of a call',
    );
  });

  test('code that is no JavaScript', () => {
    expect(flaws('cloudfront-js-2.0', 'function handler( {')).toMatch(/^1:\d+ Unexpected token/);
  });

  test('code without a handler', () => {
    expect(flaws('cloudfront-js-2.0', 'function main() {}')).toBe('1:1 The code has no function named handler');
  });
});

test('runtime 1.0 has neither let nor const nor await nor import', () => {
  expect(flaws('cloudfront-js-1.0', handler('let a = 1; const b = 2;'))).toBe(
    '2:3 cloudfront-js-1.0 does not have let\n2:14 cloudfront-js-1.0 does not have const',
  );
  expect(flaws('cloudfront-js-1.0', 'async function handler() {}')).toContain('async functions');
  expect(flaws('cloudfront-js-1.0', `import cf from 'cloudfront';`)).toContain("'import' and 'export'");
});

test('what is documented passes', () => {
  const code = `import cf from 'cloudfront';
const crypto = require('crypto');
const kvs = cf.kvs();
async function handler(event) {
  const request = event.request;
  const { length } = [];
}`.replace(
    '  const { length } = [];',
    `  const names = ['a'].map((name) => \`\${name}\`);
  label: for (let i = 0; i < 2; i++) { if (i in names) continue label; }
  const rest = function (...all) { return all.length ** 2; };
  try { const value = await kvs.get('a'); request.uri = value; } catch (error) { console.log(error); } finally { rest(); }
  switch (request.method) { case 'GET': return request; default: return { statusCode: 403, headers: { a: { value: 'b' } } }; }`,
  );
  expect(flaws('cloudfront-js-2.0', code)).toBe('');
  expect(flaws('cloudfront-js-1.0', handler('var f = (a) => `${a}`; return f(event);'))).toBe('');
});
