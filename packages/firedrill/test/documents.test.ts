import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readDrill } from '../src/drill/index.ts';
import { blocksOf, documents } from './document-blocks.ts';
import { readOne } from './read-one.ts';

/* What documents show must be so. Their commands run in documents.e2e.test.ts, their links are a matter of the gates. */

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SOURCES = join(ROOT, 'packages/firedrill/src');

describe('documents', () => {
  test('show drill files that are right', () => {
    const drills = yamlBlocks().filter(({ text }) => !text.startsWith('Resources:'));
    expect(drills.length).toBeGreaterThanOrEqual(2);
    for (const { file, text } of drills) expect(readDrill(file, text).findings, `${file}\n${text}`).toEqual([]);
  });

  test('show parts of templates that say what is to be ignored, as it is read', () => {
    const templates = yamlBlocks().filter(({ text }) => text.startsWith('Resources:'));
    expect(templates.map(({ file }) => file)).toEqual(['docs/findings.md']);
    for (const { text } of templates) expect(readOne(text).value.ignores).toMatchObject([{ code: 'check/long-ttl' }]);
  });

  test('show code of the project as it stands', () => {
    const lines = new Set(sourceTexts().flatMap((text) => text.split('\n').map((line) => line.trim())));
    const shown = ['STYLE.md', 'ARCHITECTURE.md'].flatMap((file) => blocksOf(file, 'ts').join('\n').split('\n'));
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.map((line) => line.trim()).filter((line) => !line.startsWith('// ') && !lines.has(line))).toEqual([]);
  });

  test('name files and folders of the engine room and its neighbours that exist', () => {
    const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    const named = [
      ...text.matchAll(/`((?:model|template|engine|sandbox|sim|live|aws|operate|doors|drill|check|cli)\/[\w/.-]*)`/g),
    ].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(SOURCES, path)))).toEqual([]);
  });
});

describe('READMEs of services', () => {
  const services = readdirSync(join(SOURCES, 'engine'), { withFileTypes: true }).filter((each) => each.isDirectory());

  test.each(services.map(({ name }) => name))(
    "engine/%s: every file is told of, and the folder in the room's README",
    (name) => {
      const folder = join(SOURCES, 'engine', name);
      const text = readFileSync(join(folder, 'README.md'), 'utf8');
      const files = readdirSync(folder).filter((file) => /^[^.]+\.ts$/.test(file));
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((file) => !text.includes(`\`${file}\``))).toEqual([]);
      expect(readFileSync(join(SOURCES, 'engine/README.md'), 'utf8')).toContain(`(${name}/README.md)`);
    },
  );
});

function yamlBlocks(): { readonly file: string; readonly text: string }[] {
  return documents().flatMap((file) => blocksOf(file, 'yaml').map((text) => ({ file, text })));
}

function sourceTexts(): string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(SOURCES, file), 'utf8'));
}
