import { readFileSync } from 'node:fs';
import path from 'node:path';

/*
 * The facts sheets as data: numbered lines of docs/facts, each with its section and source.
 */

/** A sheet's prefix in citations, its file, and how a numbered line of it begins. */
export const SHEETS = [
  { prefix: 'CF', name: 'cloudfront', file: 'docs/facts/cloudfront.md', line: /^(\d+\.\d+[a-z]?) / },
  { prefix: 'R53', name: 'route53', file: 'docs/facts/route53.md', line: /^- \*\*([A-Z]{2}-\d+)\*\* / },
  {
    prefix: 'RS',
    name: 'regional-services',
    file: 'docs/facts/regional-services.md',
    line: /^(?:- |\| )(\d+\.\d+[a-z]?) /,
  },
];

/**
 * Reads every sheet below `root`.
 *
 * @returns {Map<string, {id: string, sheet: string, section: string, text: string, source: string | undefined}>}
 *   by id (as `CF 1.3`), in the order of the sheets
 */
export function readSheets(root) {
  const lines = new Map();
  for (const sheet of SHEETS) {
    let section = '';
    for (const text of readFileSync(path.join(root, sheet.file), 'utf8').split('\n')) {
      if (text.startsWith('## ')) section = text.slice(3).replace(/\.\s/, ' ');
      const number = sheet.line.exec(text)?.[1];
      if (number === undefined) continue;
      const id = `${sheet.prefix} ${number}`;
      if (lines.has(id)) throw new Error(`${sheet.file} has two lines ${id}`);
      lines.set(id, { id, sheet: sheet.name, section, text, source: sourceOf(text) });
    }
  }
  return lines;
}

/** The page that a line says it comes from: its last address. */
function sourceOf(text) {
  return text.match(/https?:\/\/[^\s|)]+/g)?.at(-1);
}
