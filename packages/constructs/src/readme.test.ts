import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CLAIMED_SECONDS } from './index.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const EXAMPLES = [...README.matchAll(/```js\n(.*?)```/gs)].map(([, code = '']) => code);

test('the README shows how each construct and the validation are used', () => {
  const shown = new Set(EXAMPLES.flatMap((code) => [...code.matchAll(/\bnew (\w+)\(/g)].map(([, name]) => name)));
  const named = [...README.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(named).toHaveLength(6);
  // What is passed to another one is shown in the text.
  expect(named.filter((name) => !shown.has(name))).toEqual(['OriginTimeouts']);
});

test.each(EXAMPLES)('an example of the README runs as it stands: %#', (code) => {
  const out = mkdtempSync(join(tmpdir(), 'firedrill-readme-'));
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    // A folder that has the example's `function` in it, and both packages in reach.
    cwd: fileURLToPath(new URL('../../../examples/hybrid', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false', CDK_OUTDIR: out },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(out).filter((file) => file.endsWith('.template.json'))).toHaveLength(2);
});

test('the table of the README has the seconds that are claimed', () => {
  const rows = README.split('\n').filter((line) => /^\| (black-holed|hung):/.test(line));
  const figures = rows.map((row) => [...row.matchAll(/(\d+) s,/g)].map(([, figure]) => Number(figure)));
  const { blackHoled, hung } = CLAIMED_SECONDS;
  expect(figures).toEqual([
    [blackHoled.ours, blackHoled.cloudFrontDefault, blackHoled.lastResort],
    [hung.ours, hung.cloudFrontDefault, hung.lastResort],
  ]);
});
