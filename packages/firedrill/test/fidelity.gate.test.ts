import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/*
 * `npm run fidelity -- --check` must be able to say no: in a copy of the sheets, the engine and the tool, faults
 * are planted one after the other. Run `npm run build` first: numbers are read from what was compiled.
 */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ENGINE = 'packages/firedrill/src/engine';
const LEFT_OUT = 'docs/facts/left-out.md';
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'firedrill-fidelity-'));
  const parts = ['scripts', 'docs/facts', ENGINE, 'packages/firedrill/dist/engine', 'packages/firedrill/dist/model'];
  for (const part of parts) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  cpSync(join(ROOT, 'packages/firedrill/package.json'), join(copy, 'packages/firedrill/package.json'));
  run();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function run(...options: string[]): { readonly status: number | null; readonly stdout: string } {
  return spawnSync(process.execPath, ['scripts/fidelity.mjs', ...options], { cwd: copy, encoding: 'utf8' });
}

/** What the check says while a file has more text than it should; the file is as before afterwards. */
function checkWith(file: string, more: string): string {
  const whole = join(copy, file);
  mkdirSync(join(whole, '..'), { recursive: true });
  appendFileSync(whole, more);
  const { status, stdout } = run('--check');
  rmSync(whole);
  try {
    cpSync(join(ROOT, file), whole);
  } catch {
    // It was not there before.
  }
  return `${status}\n${stdout}`;
}

function standingOf(id: string, file: string, text: string): string {
  const whole = join(copy, ENGINE, file);
  writeFileSync(whole, text);
  const { lines } = JSON.parse(run('--json').stdout) as {
    readonly lines: readonly { readonly id: string; readonly standing: string }[];
  };
  rmSync(whole);
  return lines.find((line) => line.id === id)?.standing ?? 'none';
}

describe('the fidelity check', () => {
  test('passes when all is well, and says how much it looked at', () => {
    const { status, stdout } = run('--check');
    expect(stdout).toMatch(/fidelity: [1-9]\d\d lines looked at, [1-9]\d* held; [1-9]\d numbers\.\n$/);
    expect(status).toBe(0);
  });

  test('refuses a line that no sheet has', () => {
    expect(checkWith(`${ENGINE}/planted.ts`, `// (${'CF'} 1.11, 99.1)\n`)).toMatch(/^1\n.*planted\.ts cites CF 99\.1/);
  });

  test('refuses a line that is left out without a reason, or does not exist', () => {
    expect(checkWith(LEFT_OUT, `\n- ${'CF'} 8.1\n`)).toMatch(/^1\n[^]*without a reason/);
    expect(checkWith(LEFT_OUT, `\n- ${'CF'} 99.2: because\n`)).toMatch(/^1\n[^]*CF 99\.2, which is in no sheet/);
  });

  test('refuses a page that is out of date', () => {
    expect(checkWith('FIDELITY.md', 'more\n')).toMatch(/^1\n[^]*out of date/);
    run();
  });
});

/** A line that nobody else would cite in the engine. */
const LINE = `${'RS'} 10.21`;

describe('a line of a sheet', () => {
  test('is held by a test that cites it in its name, its cases, or a comment', () => {
    expect(standingOf(LINE, 'a.test.ts', `test('${LINE}: so it is', () => {});\n`)).toBe('held');
    expect(standingOf(LINE, 'a.test.ts', `test.each([['${LINE}']])('%s', () => {});\n`)).toBe('held');
    expect(standingOf(LINE, 'a.test.ts', `test('so', () => {\n  // ${LINE}\n  expect(1);\n});\n`)).toBe('held');
    expect(standingOf(LINE, 'a.test.ts', `// ${LINE}\ntest('so', () => {});\n`)).toBe('held');
  });

  test('is not held by a describe, by the head of a file or by code', () => {
    const inner = `  test('so', () => {});\n`;
    expect(standingOf(LINE, 'a.test.ts', `describe('${LINE}', () => {\n${inner}});\n`)).not.toBe('held');
    expect(standingOf(LINE, 'a.test.ts', `/* ${LINE} */\n\ntest('so', () => {});\n`)).not.toBe('held');
    expect(standingOf(LINE, 'a.ts', `// ${LINE}\nexport const a = 1;\n`)).not.toBe('held');
  });
});
