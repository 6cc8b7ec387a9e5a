import { describe, expect, test } from 'vitest';
import { LIMITS, ranOnce, runOf, sandbox } from './program.fixture.ts';

const DEEP = 'let o = []; for (let i = 0; i < 20000; i++) o = [o];';

/** Code that would hang, fill memory or break out; the world must live on. */
const HOSTILE: Readonly<Record<string, string>> = {
  'a loop without end': 'while (true) {}',
  'a loop that catches what ends it': 'while (true) { try { while (true) {} } catch (error) {} }',
  'a promise that asks for itself for ever':
    'const again = function () { return Promise.resolve().then(again); }; return again();',
  'a memory bomb': 'const all = []; while (true) all.push("x".repeat(1000) + all.length);',
  'a giant string': 'return { a: "a".repeat(1e9) };',
  'a string that doubles': 'let s = "a"; while (true) s += s;',
  'a regular expression that backtracks': 'return { a: /(a+)+$/.test("a".repeat(40) + "!") };',
  'an array as long as can be': 'return { a: new Array(4294967295).indexOf(1) };',
  'something that claims to be long': 'return { a: Array.prototype.indexOf.call({ length: 9007199254740991 }, 1) };',
  'the longest of joins': 'return { a: new Array(4294967295).join("") };',
  'searches that take a square of the length':
    'const s = "a".repeat(300000); for (let i = 0; i < 1000; i++) s.indexOf("a".repeat(100000) + "b");',
  'sorting again and again': 'const all = new Array(50000).fill(1); while (true) all.sort();',
  'a call of itself': 'const f = function () { return f(); }; return f();',
  'a text of itself': 'const o = { toString: function () { return "" + o; } }; return { a: "" + o };',
  'data nested deeply': `${DEEP} return { a: JSON.stringify(o).length };`,
  'data nested deeply as the answer': `${DEEP} return { a: o };`,
  'data that contains itself': 'const o = {}; o.o = o; return o;',
  'an answer that calls back when read': 'return { toJSON: function () { while (true) {} } };',
  'an answer that grows when read': 'return { get a() { return "a".repeat(1e8); } };',
};

describe('hostile code ends at a limit', () => {
  test.each(Object.entries(HOSTILE))('%s', async (_, body) => {
    const outcome = await ranOnce(`function handler(event) { ${body} }`);
    expect(outcome.kind).toBe('failed');
  });

  test('and what runs after it runs as ever', async () => {
    for (const body of Object.values(HOSTILE)) await ranOnce(`function handler(event) { ${body} }`);
    const outcome = await ranOnce('function handler(event) { return { uri: event.request.uri }; }');
    expect(outcome).toEqual({ kind: 'returned', value: { uri: '/a' }, log: [] });
  });

  test('a prototype that is spoilt spoils neither the host nor the next run', async () => {
    const spoils = `function handler(event) {
      Object.prototype.polluted = 'yes'; Array.prototype.push = null; JSON.stringify = null; Promise.prototype.then = null;
      JSON.parse('{"__proto__": {"polluted": "yes"}}');
      return { '__proto__': { polluted: 'yes' }, ok: true };
    }`;
    expect(await ranOnce(spoils)).toMatchObject({ kind: 'returned', value: { ok: true } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const next = await ranOnce('function handler(event) { return { a: typeof {}.polluted, b: [1].length }; }');
    expect(next).toMatchObject({ value: { a: 'undefined', b: 1 } });
  });

  test('time that is used up is told as a limit, also when the code answers all the same', async () => {
    const outcome = await ranOnce(
      'function handler() { try { new Array(4294967295).indexOf(1); } catch (e) {} return {}; }',
    );
    expect(outcome).toMatchObject({ kind: 'failed', why: 'limit' });
  });

  test('how far code gets is the same each time', async () => {
    const text = 'function handler(event) { let i = 0; while (true) { i++; if (i % 5000 === 0) console.log(i); } }';
    const program = (await sandbox()).prepareFunction('cloudfront-js-2.0', text, LIMITS);
    const [first, second] = [0, 1].map(() =>
      program.run(runOf({ event: { ...(runOf().event as object), n: Math.random() } })),
    );
    expect(first?.log.length).toBeGreaterThan(10);
    expect(second).toEqual(first);
  });
});
