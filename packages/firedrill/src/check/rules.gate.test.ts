import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FINDING_CODES } from '../model/index.ts';
import { RULES } from './index.ts';

const DOCS = join(import.meta.dirname, '../../../../docs');

describe('the rules', () => {
  test('are the codes of check/, once each', () => {
    const codes = Object.keys(FINDING_CODES).filter((code) => code.startsWith('check/') && !code.endsWith('-ignore'));
    expect(RULES.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
  });

  test('are the table of docs/findings.md', () => {
    const table = readFileSync(join(DOCS, 'findings.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| [`check/'));
    expect(table).toEqual(
      RULES.map(({ code, weight, costs, facts }) => {
        const anchor = code.replace('/', '');
        return `| [\`${code}\`](#${anchor}) | ${weight} | ${FINDING_CODES[code].replace(/\.$/, '')} | ${costs} | ${facts.join(', ')} |`;
      }),
    );
  });

  test('rest on lines that the facts sheets have', () => {
    const sheets = { R53: 'route53', CF: 'cloudfront', RS: 'regional-services' } as const;
    for (const { code, facts } of RULES) {
      expect(facts, code).not.toEqual([]);
      for (const fact of facts) {
        const [sheet = '', line = ''] = fact.split(' ');
        const text = readFileSync(join(DOCS, 'facts', `${sheets[sheet as keyof typeof sheets]}.md`), 'utf8');
        expect(text.includes(sheet === 'R53' ? `**${line}**` : `${line} `), `${code} cites ${fact}`).toBe(true);
      }
    }
  });
});
