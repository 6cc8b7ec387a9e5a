import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { reportSchema } from '../src/drill/index.ts';
import { blocksOf, documents } from './document-blocks.ts';

/*
 * Every `npx firedrill` that a document shows in a block of shell runs here, as it stands but for where it
 * writes; and every drill file that a document shows holds what it expects, in virtual time.
 */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const OUT = mkdtempSync(join(tmpdir(), 'firedrill-documents-'));
/** A world that a document brings up is one of the test's own. */
const ENVIRONMENT = { ...process.env, FIREDRILL_STATE: join(OUT, 'state') };
afterAll(() => {
  spawnSync('npx', ['firedrill', 'down'], { cwd: ROOT, env: ENVIRONMENT });
  rmSync(OUT, { recursive: true, force: true });
});

const COMMANDS = documents().flatMap((file) =>
  blocksOf(file, 'sh')
    // A line that ends with a backslash goes on.
    .flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .filter((command) => command.startsWith('npx firedrill '))
    .map((command) => ({ file, command })),
);

describe('commands that documents show', () => {
  test('are found', () => {
    expect(COMMANDS.filter(({ file }) => file === 'README.md').length).toBeGreaterThanOrEqual(5);
  });

  test.each(COMMANDS)('$file: $command', ({ command }) => {
    const elsewhere = command.replace(/ out\//, ` ${OUT}/`);
    const whole = / drill /.test(command) && elsewhere === command ? `${command} --out ${OUT}/unnamed` : elsewhere;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', whole], {
      cwd: ROOT,
      encoding: 'utf8',
      env: ENVIRONMENT,
    });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  });
});

const FILES = documents().flatMap((file) => blocksOf(file, 'yaml').map((text) => ({ file, text })));
const TEMPLATES = FILES.filter(({ text }) => text.startsWith('Resources:'));
const DRILLS = FILES.filter(({ text }) => !text.startsWith('Resources:'));

describe('templates that documents show', () => {
  test.each(TEMPLATES)('$file', ({ text }) => {
    const file = join(OUT, 'shown-template.yaml');
    writeFileSync(file, text);
    const command = ['firedrill', 'check', file, '--region', 'eu-west-1', '--zone', 'example.com=Z0EXAMPLE'];
    const { status, stdout, stderr } = spawnSync('npx', command, { cwd: ROOT, encoding: 'utf8' });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    // What is shown is there to be ignored.
    expect(stdout).not.toContain('check/stale-ignore');
  });
});

describe('drill files that documents show', () => {
  test('are found', () => {
    expect(DRILLS.length).toBeGreaterThanOrEqual(6);
  });

  test.each(DRILLS)('$file', ({ text: drill }) => {
    const file = join(OUT, 'shown.yaml');
    // Where the example lies depends on where the reader saves the file.
    const example = /^ {2}app: .*examples\/([\w-]+)$/m.exec(drill)?.[1] ?? 'hybrid';
    const withApp = drill.replace(/^ {2}app: .*$/m, `  app: ${join(ROOT, 'examples', example)}`);
    writeFileSync(file, withApp.replaceAll(/file: [./]*examples\//g, `file: ${join(ROOT, 'examples')}/`));
    const { status, stdout, stderr } = spawnSync('npx', ['firedrill', 'drill', file, '--out', join(OUT, 'shown')], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  });
});

test('the picture of the README shows the seconds that its drill measures', () => {
  const out = join(OUT, 'picture');
  const drill = 'examples/hybrid/drills/region-dies.yaml';
  execFileSync('npx', ['firedrill', 'drill', drill, '--in', 'sim', '--seed', '1', '--out', out], { cwd: ROOT });
  const { measures } = reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
  const [alone] = measures.streams.filter(({ probe, method }) => probe === 'route53-only' && method === 'GET');
  const [hybrid] = measures.streams.filter(({ probe, method }) => probe === 'hybrid' && method === 'GET');
  const picture = readFileSync(join(ROOT, 'docs/images/hybrid.svg'), 'utf8');
  for (const { kind, seconds } of alone?.faults[0]?.segments ?? []) {
    expect(picture).toContain(`${seconds.toFixed(1)} s ${kind.replace('-', ' ')}`);
  }
  expect(picture).toContain(`${alone?.outage?.seconds.toFixed(0)} s lost`);
  expect(hybrid?.failed).toBe(0);
});
