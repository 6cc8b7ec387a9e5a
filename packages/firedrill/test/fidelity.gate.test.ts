import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'firedrill-fidelity-'));
  const parts = ['scripts', 'docs/facts', ENGINE, 'packages/firedrill/dist/engine', 'packages/firedrill/dist/model'];
  for (const part of parts) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  cpSync(join(ROOT, 'packages/firedrill/package.json'), join(copy, 'packages/firedrill/package.json'));
  spawnSync('git', ['init', '--quiet'], { cwd: copy });
  fidelity('--write');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Exit code and everything said. */
function fidelity(...options: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/fidelity.mjs', ...options], {
    cwd: copy,
    encoding: 'utf8',
  });
  return `${status}\n${stdout}${stderr}`;
}

/** What is said about the copy while a file has more text than it should. */
function withMore(file: string, more: string, ...options: string[]): string {
  const whole = join(copy, file);
  const before = TEXTS.get(file) ?? '';
  writeFileSync(whole, before + more);
  const said = fidelity(...options);
  if (before === '') rmSync(whole);
  else writeFileSync(whole, before);
  return said;
}

const LEFT_OUT = 'docs/facts/left-out.md';
const TEXTS = new Map(
  [LEFT_OUT, `${ENGINE}/route53/README.md`].map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]),
);

describe('the fidelity check', () => {
  test('passes when all is well', () => {
    expect(fidelity('--check')).toBe('0\n');
    expect(fidelity()).toMatch(/^all +[1-9]\d\d +[1-9]/m);
  });

  test('refuses a line that no sheet has', () => {
    expect(withMore(`${ENGINE}/planted.ts`, `// (${'CF'} 1.11, 99.1)\n`, '--check')).toMatch(
      /^1\n[^]*planted\.ts cites CF 99\.1/,
    );
  });

  test.each([LEFT_OUT, `${ENGINE}/route53/README.md`])('refuses a line left out without a reason in %s', (file) => {
    expect(withMore(file, `\n- ${'CF'} 8.1\n`, '--check')).toMatch(/^1\n[^]*CF 8\.1 without a reason/);
    expect(withMore(file, `\n- ${'CF'} 99.2: why\n`, '--check')).toMatch(/^1\n[^]*CF 99\.2/);
  });

  test('refuses a page that is out of date', () => {
    const page = readFileSync(join(copy, 'FIDELITY.md'), 'utf8');
    writeFileSync(join(copy, 'FIDELITY.md'), `${page}more\n`);
    expect(fidelity('--check')).toMatch(/^1\n[^]*FIDELITY\.md is out of date/);
    expect(fidelity('--write')).toBe('0\n');
    expect(readFileSync(join(copy, 'FIDELITY.md'), 'utf8')).toBe(page);
  });
});

/** How a line stands while a file has this text. */
function standingOf(id: string, file: string, text: string): string | undefined {
  const said = withMore(`${ENGINE}/${file}`, text, '--json');
  const { lines } = JSON.parse(said.slice(said.indexOf('\n'))) as {
    readonly lines: readonly { readonly id: string; readonly standing: string }[];
  };
  return lines.find((line) => line.id === id)?.standing;
}

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
