import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/*
 * Plants wrong imports and impure code in a copy of the rooms and of the configuration, then lets the
 * compiler and the linter loose on it, as `npm run check` does. A gate that looks at nothing is green too, so
 * the files that were looked at are counted.
 */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ROOMS = 'packages/firedrill/src';
/** Fewer source files than this in the copy means that the copy missed the rooms. */
const SOURCES_MIN = 150;
const PURE_ROOMS = ['model', 'template', 'engine', 'sandbox', 'sim', 'drill', 'check'];

interface Offence {
  readonly what: string;
  /** Path below the rooms. */
  readonly file: string;
  readonly code: string;
  /** What must refuse it: a compiler code as `TS6307`, or a rule of the linter. */
  readonly refusedBy: string;
}

const WRONG_IMPORTS: readonly Offence[] = [
  {
    what: 'engine importing live',
    file: 'engine/planted-live.ts',
    code: `import { LiveError } from '../live/index.ts';\nexport const planted = LiveError;`,
    refusedBy: 'TS6307',
  },
  {
    what: 'model importing engine',
    file: 'model/planted.ts',
    code: `import type { Need } from '../engine/index.ts';\nexport type Planted = Need;`,
    refusedBy: 'TS6307',
  },
  {
    what: 'drill importing template',
    file: 'drill/planted.ts',
    code: `import { readTemplates } from '../template/index.ts';\nexport const planted = readTemplates;`,
    refusedBy: 'TS6307',
  },
  {
    what: 'sim importing live',
    file: 'sim/planted.ts',
    code: `import type { LiveError } from '../live/index.ts';\nexport type Planted = LiveError;`,
    refusedBy: 'TS6307',
  },
  {
    // Not in the engine: a room that is dragged along from two sides is told at one of them only, and aws has live with it.
    what: 'template importing aws',
    file: 'template/planted-aws.ts',
    code: `import type { Cloud } from '../aws/index.ts';\nexport type Planted = Cloud;`,
    refusedBy: 'TS6307',
  },
  {
    what: 'check importing engine',
    file: 'check/planted.ts',
    code: `import type { Need } from '../engine/index.ts';\nexport type Planted = Need;`,
    refusedBy: 'TS6307',
  },
  {
    what: 'one service importing another',
    file: 'engine/route53/planted.ts',
    code: `import { CLOUDFRONT_FACTS } from '../cloudfront/facts.ts';\nexport const planted = CLOUDFRONT_FACTS;`,
    refusedBy: 'no-restricted-imports',
  },
  {
    what: 'one service importing a type of another',
    file: 'engine/client/planted.ts',
    code: `import type { Verdict } from '../route53/checker.ts';\nexport type Planted = Verdict;`,
    refusedBy: 'no-restricted-imports',
  },
  {
    what: 'a service importing a file of the model that is not its index',
    file: 'engine/api-gateway/planted.ts',
    code: `import type { Instant } from '../../model/instant.ts';\nexport type Planted = Instant;`,
    refusedBy: 'no-restricted-imports',
  },
  {
    what: 'a room importing a file of another room that is not its index',
    file: 'sim/planted-deep.ts',
    code: `import type { Need } from '../engine/conversation.ts';\nexport type Planted = Need;`,
    refusedBy: 'no-restricted-imports',
  },
  {
    what: 'a deep import from a folder inside a room',
    file: 'drill/html/planted.ts',
    code: `import type { Instant } from '../../model/instant.ts';\nexport type Planted = Instant;`,
    refusedBy: 'no-restricted-imports',
  },
  {
    what: 'two files importing each other',
    file: 'sim/planted-circle.ts',
    code: `import { half } from './planted-circle-half.ts';\nexport const whole = (): number => 2 * half();`,
    refusedBy: 'no-cycle',
  },
];

const IMPURE_CODE: readonly Offence[] = [
  // In every pure room, for one dependency's types can bring Node's along.
  ...PURE_ROOMS.flatMap((room) => [
    {
      what: `node:fs in ${room}`,
      file: `${room}/planted-files.ts`,
      code: `import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;`,
      refusedBy: 'error TS',
    },
    {
      what: `a timer in ${room}`,
      file: `${room}/planted-timer.ts`,
      code: `export const planted = (): unknown => setTimeout(() => {}, 1);`,
      refusedBy: 'error TS',
    },
  ]),
  {
    what: 'Math.random',
    file: 'engine/planted-chance.ts',
    code: `export const planted = Math.random();`,
    refusedBy: 'no-restricted-properties',
  },
  {
    what: 'Math.random under another name',
    file: 'sim/planted-chance.ts',
    code: `const { random } = Math;\nexport const planted = random();`,
    refusedBy: 'no-restricted-properties',
  },
  {
    what: 'Date.now',
    file: 'engine/planted-date.ts',
    code: `export const planted = Date.now();`,
    refusedBy: 'no-restricted-globals',
  },
  {
    what: 'new Date',
    file: 'drill/planted-date.ts',
    code: `export const planted = new Date().getTime();`,
    refusedBy: 'no-restricted-globals',
  },
  {
    what: 'a date behind globalThis',
    file: 'engine/planted-global.ts',
    code: `export const planted = globalThis.Date.now();`,
    refusedBy: 'no-restricted-globals',
  },
  {
    what: 'an async function',
    file: 'engine/planted-async.ts',
    code: `export async function planted(): Promise<number> {\n  return 1;\n}`,
    refusedBy: 'no-async-await',
  },
  {
    what: 'a promise',
    file: 'sim/planted-promise.ts',
    code: `export const planted = Promise.resolve(1);`,
    refusedBy: 'no-restricted-globals',
  },
  {
    what: 'a promise where users’ code runs',
    file: 'sandbox/planted-promise.ts',
    code: `export const planted = Promise.resolve(1);`,
    refusedBy: 'no-restricted-globals',
  },
  {
    what: 'a WeakRef',
    file: 'model/planted-ref.ts',
    code: `export const planted = new WeakRef({});`,
    refusedBy: 'no-restricted-globals',
  },
  {
    what: 'a FinalizationRegistry',
    file: 'template/planted-registry.ts',
    code: `export const planted = new FinalizationRegistry(() => {});`,
    refusedBy: 'no-restricted-globals',
  },
  {
    what: 'Intl',
    file: 'check/planted-words.ts',
    code: `export const planted = new Intl.NumberFormat().format(1);`,
    refusedBy: 'no-restricted-globals',
  },
  {
    what: 'process',
    file: 'template/planted-process.ts',
    code: `export const planted = process.argv;`,
    refusedBy: 'TS2',
  },
  {
    what: 'any',
    file: 'sim/planted-any.ts',
    code: `export const planted = (value: any): number => Number(value);`,
    refusedBy: 'no-explicit-any',
  },
  {
    what: 'a default export',
    file: 'sim/planted-default.ts',
    code: `export default 1;`,
    refusedBy: 'no-default-export',
  },
  {
    what: 'an exclamation mark for what may be missing',
    file: 'sim/planted-mark.ts',
    code: `export const planted = (values: number[]): number => values[0]!;`,
    refusedBy: 'no-non-null-assertion',
  },
  {
    what: 'a promise nobody waits for',
    file: 'cli/planted-floating.ts',
    code: `export function planted(): void {\n  Promise.resolve(1);\n}`,
    refusedBy: 'no-floating-promises',
  },
  {
    what: 'a switch that forgets a kind',
    file: 'sim/planted-switch.ts',
    code: `export function planted(kind: 'a' | 'b'): number {\n  switch (kind) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}`,
    refusedBy: 'switch-exhaustiveness-check',
  },
  {
    what: 'a handler for an operation that the service does not have',
    file: 'aws/services/planted-operation.ts',
    code: `import type { Handlers } from '../handlers.ts';\nexport function planted(): Handlers<typeof import('@aws-sdk/client-ssm')> {\n  return { GetParametr: () => ({}) };\n}`,
    refusedBy: 'TS2561',
  },
  {
    what: 'a handler that asks for a field which its input does not have',
    file: 'aws/services/planted-input.ts',
    code: `import type { Handlers } from '../handlers.ts';\nexport function planted(): Handlers<typeof import('@aws-sdk/client-ssm')> {\n  return { GetParameter: (input) => ({ Parameter: { Name: input.Nme } }) };\n}`,
    refusedBy: 'TS2551',
  },
  {
    what: 'a handler that answers with a field of another kind',
    file: 'aws/services/planted-output.ts',
    code: `import type { Handlers } from '../handlers.ts';\nexport function planted(): Handlers<typeof import('@aws-sdk/client-ssm')> {\n  return { GetParameter: () => ({ Parameter: { Name: 5 } }) };\n}`,
    refusedBy: 'TS2322',
  },
  {
    what: 'a function that does not fit a screen',
    file: 'sim/planted-long.ts',
    code: `export function planted(): number {\n  let sum = 0;\n${'  sum += 1;\n'.repeat(75)}  return sum;\n}`,
    refusedBy: 'max-lines-per-function',
  },
];

/** Alone, for the compiler names only the first of two files that import the same one. */
const TYPE_ONLY: Offence = {
  what: 'engine importing a type of live',
  file: 'engine/planted-live-type.ts',
  code: `import type { LiveError } from '../live/index.ts';\nexport type Planted = LiveError;`,
  refusedBy: 'TS6307',
};

const OTHER_HALF = {
  file: 'sim/planted-circle-half.ts',
  code: `import { whole } from './planted-circle.ts';\nexport const half = (): number => whole() / 2;`,
};

const OFFENCES = [TYPE_ONLY, ...WRONG_IMPORTS, ...IMPURE_CODE];

/** Code that keeps to the rules, so that a gate which refuses everything is seen too. */
const INNOCENT: readonly Omit<Offence, 'refusedBy'>[] = [
  {
    what: 'the sandbox importing the port that it fills',
    file: 'sandbox/planted-good.ts',
    code: `import type { CodeSandbox } from '../engine/index.ts';\nexport type Planted = CodeSandbox;`,
  },
  {
    what: 'a service importing the kernel and the model',
    file: 'engine/route53/planted-good.ts',
    code: `import type { Instant } from '../../model/index.ts';\nimport type { Need } from '../conversation.ts';\nexport type Planted = Instant | Need;`,
  },
  {
    what: 'the engine joining its services',
    file: 'engine/planted-good.ts',
    code: `import { CLOUDFRONT_FACTS } from './cloudfront/facts.ts';\nimport { ROUTE53_FACTS } from './route53/facts.ts';\nexport const planted = [CLOUDFRONT_FACTS, ROUTE53_FACTS];`,
  },
  {
    what: 'the simulator importing engine and model by their indexes',
    file: 'sim/planted-good.ts',
    code: `import type { Need } from '../engine/index.ts';\nimport type { Instant } from '../model/index.ts';\nexport type Planted = Instant | Need;`,
  },
  {
    what: 'a driver of real time using a timer and promises',
    file: 'live/planted-good.ts',
    code: `export async function planted(): Promise<number> {\n  await new Promise((done) => setTimeout(done, 1));\n  return Date.now();\n}`,
  },
];

/** Thousands of small files are copied, linted and removed; a machine may have much else to do. */
const HOOK_MS = 600_000;

describe('the gates of the rooms', () => {
  let copy = '';
  let refusals: readonly string[] = [];
  let sourceFiles = 0;
  let filesLinted = 0;

  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'firedrill-rooms-'));
    sourceFiles = copyRooms(copy);
    plant(copy, [...IMPURE_CODE, ...INNOCENT]);
    const impure = compile(copy);
    // Apart from the rest, and after the linter: a wrong import drags another room's types and output along.
    plant(copy, [...WRONG_IMPORTS, OTHER_HALF]);
    const linted = lint(copy);
    filesLinted = linted.number_of_files;
    const wrong = compile(copy);
    for (const { file } of WRONG_IMPORTS) rmSync(path.join(copy, ROOMS, file));
    plant(copy, [TYPE_ONLY]);
    const compiled = [impure, wrong, compile(copy)].join('\n');
    refusals = [
      ...compiled.split('\n').filter((line) => line.includes('error TS')),
      ...linted.diagnostics.map(({ filename, code }) => `${filename}: ${code}`),
    ];
  }, HOOK_MS);

  afterAll(() => rmSync(copy, { recursive: true, force: true }), HOOK_MS);

  test('they look at every source file', () => {
    expect(sourceFiles).toBeGreaterThan(SOURCES_MIN);
    expect(filesLinted).toBe(sourceFiles + WRONG_IMPORTS.length + IMPURE_CODE.length + INNOCENT.length + 1);
    for (const room of PURE_ROOMS) expect(existsSync(path.join(copy, 'packages/firedrill/dist', room))).toBe(true);
  });

  test.each(OFFENCES)('$what is refused', ({ file, refusedBy }) => {
    const ofFile = refusals.filter((line) => line.includes(`${ROOMS}/${file}`));
    expect(ofFile.join('\n')).toContain(refusedBy);
  });

  test.each(INNOCENT)('$what is let through', ({ file }) => {
    expect(refusals.filter((line) => line.includes(`${ROOMS}/${file}`))).toEqual([]);
  });
});

/** Copies sources without their tests, and all that compiler and linter go by. Returns the number of source files. */
function copyRooms(copy: string): number {
  let sourceFiles = 0;
  for (const file of trackedFiles()) {
    const isSource = file.startsWith(`${ROOMS}/`) && file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file);
    const isSetting =
      /^(tsconfig\.base\.json|\.oxlintrc\.json)$/.test(file) || /src\/[a-z]+\/tsconfig\.json$/.test(file);
    if (!isSource && !isSetting) continue;
    if (isSource) sourceFiles += 1;
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    cpSync(path.join(ROOT, file), path.join(copy, file));
  }
  cpSync(path.join(ROOT, 'packages/firedrill/package.json'), path.join(copy, 'packages/firedrill/package.json'));
  cpSync(path.join(ROOT, 'package.json'), path.join(copy, 'package.json'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  return sourceFiles;
}

function plant(copy: string, files: readonly { readonly file: string; readonly code: string }[]): void {
  for (const { file, code } of files) writeFileSync(path.join(copy, ROOMS, file), `${code}\n`);
}

function trackedFiles(): string[] {
  const options = { cwd: ROOT, encoding: 'utf8' } as const;
  return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options)
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(ROOT, file)));
}

function compile(copy: string): string {
  const rooms = readdirSync(path.join(copy, ROOMS)).map((room) => path.join(ROOMS, room));
  return run(copy, 'tsc', ['-b', '--pretty', 'false', ...rooms]);
}

interface LintResult {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
  readonly number_of_files: number;
}

function lint(copy: string): LintResult {
  return JSON.parse(run(copy, 'oxlint', ['-f', 'json', 'packages'])) as LintResult;
}

function run(copy: string, program: string, options: readonly string[]): string {
  const bin = path.join(ROOT, 'node_modules/.bin', program);
  return spawnSync(bin, options, { cwd: copy, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).stdout;
}
