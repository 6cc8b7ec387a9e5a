import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { namesOf, pairOrNameOf } from './arguments.ts';
import { upCommand, type UpOptions } from './up-command.ts';
import { UserError } from './user-error.ts';

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-up-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** What a world is refused for that is asked for so. */
async function refusalOf(options: Partial<UpOptions>): Promise<readonly string[]> {
  const usual: UpOptions = {
    paths: [],
    zone: {},
    origin: {},
    regions: ['eu-west-1'],
    places: ['Dublin'],
    parameter: {},
    context: {},
    speed: 1,
    ports: 'any',
    endpointPort: 0,
    proxyPort: 0,
  };
  try {
    await upCommand({ ...usual, ...options });
  } catch (error) {
    if (error instanceof UserError) return error.findings.map(({ code, says }) => `${code}: ${says}`);
    throw error;
  }
  throw new Error('it was not refused');
}

test('zones, Regions and places that cannot be are told together, before anything is made', async () => {
  const state = join(temporary(), 'state');
  const zone = ['bare', 'a b=Z1', 'good.test=Z1', 'empty.test='].reduce((all, text) => pairOrNameOf(text, all), {});
  expect(await refusalOf({ state, zone, regions: namesOf('mars,'), places: ['Atlantis'] })).toEqual([
    'up/unknown-region: There is no Region mars.',
    'up/unknown-region: There is no Region without a name.',
    'up/unknown-place: The geography knows no place Atlantis.',
    'up/no-zone: --zone bare= is no domain with the id of its hosted zone.',
    'up/no-zone: --zone a b=Z1 is no domain with the id of its hosted zone.',
    'up/no-zone: --zone empty.test= is no domain with the id of its hosted zone.',
  ]);
  expect(existsSync(state)).toBe(false);
});

test('a Region that is named twice is one Region', () => {
  expect(namesOf('eu-west-1, eu-west-1,us-east-1')).toEqual(['eu-west-1', 'us-east-1']);
});

test.each([true, false])(
  'directories that cannot be made are told together, detached: %s (up/unwritable)',
  async (detach) => {
    const file = join(temporary(), 'file');
    writeFileSync(file, '');
    const refusal = await refusalOf({ detach, state: join(file, 'state'), out: join(file, 'out') });
    expect(refusal).toEqual([
      expect.stringMatching(/^up\/unwritable: The directory .*state cannot be written: ENOTDIR/),
      expect.stringMatching(/^up\/unwritable: The directory .*out cannot be written: ENOTDIR/),
    ]);
  },
);
