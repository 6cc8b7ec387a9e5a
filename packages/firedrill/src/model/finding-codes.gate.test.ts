import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FINDING_CODES } from './finding-codes.ts';

const PACKAGE = join(import.meta.dirname, '../..');
const codes = Object.keys(FINDING_CODES);

describe('the table of finding codes', () => {
  test('is documented, code by code, and nothing else is', () => {
    const text = readFileSync(join(PACKAGE, '../../docs/findings.md'), 'utf8');
    const documented = [...text.matchAll(/^### `([a-z]+\/[a-z-]+)`$/gm)].map(([, code]) => code);
    expect(documented.toSorted()).toEqual(codes.toSorted());
    for (const section of text.split('\n### ').slice(1)) expect(section, section.slice(0, 40)).toContain('**Remedy:**');
  });

  test('has no code that no test raises', () => {
    const texts = testFiles().map((file) => readFileSync(file, 'utf8'));
    expect(codes.filter((code) => !texts.some((text) => text.includes(code)))).toEqual([]);
  });
});

function testFiles(): string[] {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(join(PACKAGE, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && !file.endsWith('.gate.test.ts'))
      .map((file) => join(PACKAGE, folder, file)),
  );
}
