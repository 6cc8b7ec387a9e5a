import { expect, test } from 'vitest';
import type { PreparedFunction } from '../engine/index.ts';
import { LIMITS, runOf, sandbox } from './program.fixture.ts';

async function prepared(text: string, limits = LIMITS): Promise<PreparedFunction> {
  return (await sandbox()).prepareFunction('cloudfront-js-2.0', text, limits);
}

/** Each time another URI, so that nothing is taken from memory. */
function outcome(program: PreparedFunction, uri: string): string {
  const run = runOf();
  const event = {
    ...(run.event as object),
    request: { method: 'GET', uri, querystring: {}, headers: {}, cookies: {} },
  };
  const ran = program.run({ ...run, event });
  return ran.kind === 'returned' ? JSON.stringify(ran.value) : `${ran.why}: ${ran.says}`;
}

const ECHO = 'function handler(event) { return { value: event.request.uri }; }';

test('functions that need different things run by turns, and none finds what another has left', async () => {
  const counting = (what: string): string =>
    `${what}; function handler(event) { Array.prototype.runs = (Array.prototype.runs || 0) + 1; return { runs: [].runs }; }`;
  const programs = await Promise.all(
    ['', 'require("crypto")', 'require("querystring")', 'Date.now()', 'Buffer.from("a")'].map((what) =>
      prepared(counting(what)),
    ),
  );
  for (let round = 0; round < 3; round++)
    expect(programs.map((program) => outcome(program, `/${round}`))).toEqual(programs.map(() => '{"runs":1}'));
});

test('more kinds of functions than are held ready run all the same', async () => {
  const words = ['Date', 'Buffer', 'require("crypto")', 'require("querystring")'];
  const texts = Array.from({ length: 16 }, (_, n) => {
    const used = words.filter((_word, bit) => ((n >> bit) & 1) === 1);
    return `function handler(event) { ${used.map((word) => `${word};`).join(' ')} return { value: event.request.uri }; }`;
  });
  const programs = await Promise.all(texts.map((text) => prepared(text)));
  for (let round = 0; round < 2; round++)
    for (const [n, program] of programs.entries())
      expect(outcome(program, `/${round}/${n}`)).toBe(`{"value":"/${round}/${n}"}`);
});

test.each([
  ['uses up its time', 'function handler() { for (;;); }', /^limit: /],
  [
    'uses up its memory',
    'function handler() { const all = []; for (;;) all.push(new Array(10000).fill(0)); }',
    /^limit: /,
  ],
  ['recurs for ever', 'function handler() { return handler(); }', /^limit: /],
  ['throws', 'function handler() { throw new Error("no"); }', /^error: Error: no$/],
  ['waits for ever', 'async function handler() { await new Promise(() => undefined); }', /^error: /],
  ['is no code', 'function handler( {', /^error: SyntaxError/],
])('code that %s leaves no trace for the next', async (_what, text, expected) => {
  const [bad, good] = [await prepared(text), await prepared(ECHO)];
  for (let round = 0; round < 3; round++) {
    expect(outcome(bad, `/${round}`)).toMatch(expected);
    expect(outcome(good, `/${round}`)).toBe(`{"value":"/${round}"}`);
  }
});

test('the time that code has is the same in each run', async () => {
  const looping = (turns: number): string =>
    `function handler() { let n = 0; while (n < ${turns}) n++; return { value: n }; }`;
  const limits = { ...LIMITS, stepsMax: 50_000 };
  const ends = async (turns: number): Promise<string[]> => {
    const program = await prepared(looping(turns), limits);
    return ['/1', '/2', '/3'].map((uri) => outcome(program, uri).slice(0, 5));
  };
  const kinds = new Set<string>();
  for (let turns = 5_000; turns <= 100_000; turns += 5_000) {
    const [first = '', ...others] = await ends(turns);
    expect(others).toEqual([first, first]);
    kinds.add(first);
  }
  expect([...kinds].toSorted()).toEqual(['limit', '{"val']);
});
